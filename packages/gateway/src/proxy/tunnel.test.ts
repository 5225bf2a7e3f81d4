/** The end of a tunnel, turn by turn: two sides in memory, and time by hand. */
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuse } from 'tollgate/contract'
import type { UpstreamFailure } from 'tollgate/gate'
import { formatCloseFrame, formatTextFrame } from './own-frames.ts'
import { joinSockets, type TunnelEnd, type TunnelWords } from './tunnel.ts'

/** One side as the tunnel sees it. What comes from it is pushed. */
class Side extends Duplex {
  sent = Buffer.alloc(0)
  isFull = false
  override _read(): void {}
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.sent = Buffer.concat([this.sent, chunk])
    // One that takes no more never says that it is done.
    if (!this.isFull) done()
  }
  override _final(done: () => void): void {
    done()
  }
}

const withdrawn: UpstreamFailure = { kind: 'withdrawn', refusal: refuse('credential.revoked'), detail: 'a test' }
const message = formatTextFrame('{"error":"NO"}')
const close = formatCloseFrame(4401, 'NO')
const hello = formatTextFrame('hello')
const maskedClose = Buffer.from([0x88, 0x80, 1, 2, 3, 4])
/** Another message after it would be garbage within it. */
const half = Buffer.from([0x01, 3, 97, 98, 99])

function open(own: Partial<TunnelWords> = {}) {
  const caller = new Side({ highWaterMark: 64 })
  const upstream = new Side()
  for (const side of [caller, upstream]) side.on('error', () => undefined)
  const told: TunnelEnd[] = []
  const asked: UpstreamFailure[] = []
  const say: TunnelWords['say'] = (failure) => {
    asked.push(failure)
    return { frame: '{"error":"NO"}', closeCode: 4401, closeReason: 'NO' }
  }
  const tunnel = joinSockets(caller, upstream, { say, compressed: false, ...own }, (end) => told.push(end))
  return { caller, upstream, tunnel, told, asked }
}

/** What streams do by themselves, they do in the next turns. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => process.nextTick(resolve))
}
const passed = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('a tunnel that we end', () => {
  it('between two messages says it at once, hears the answer and lets the service hear it too', async () => {
    const { caller, upstream, tunnel, told, asked } = open()
    upstream.push(hello)
    await turns()
    tunnel.end(withdrawn, true)
    expect(caller.sent).toEqual(Buffer.concat([hello, message, close]))
    upstream.push(hello)
    caller.push(maskedClose)
    await turns()
    expect(upstream.sent).toEqual(maskedClose)
    expect([caller.writableEnded, upstream.writableEnded]).toEqual([true, true])
    caller.push(null)
    upstream.push(null)
    await turns()
    expect(caller.sent).toEqual(Buffer.concat([hello, message, close]))
    expect([told, asked]).toEqual([[withdrawn], [withdrawn]])
  })

  it('in the midst of a message waits for its end, and drops what comes after it', async () => {
    const { caller, upstream, tunnel } = open()
    upstream.push(half)
    upstream.push(hello.subarray(0, 0))
    await turns()
    tunnel.end(withdrawn, true)
    expect(caller.sent).toEqual(half)
    const rest = Buffer.from([0x89, 0, 0x80, 2, 100, 101])
    upstream.push(Buffer.concat([rest, hello]))
    await turns()
    expect(caller.sent).toEqual(Buffer.concat([half, rest, message, close]))
    await passed(2_000)
    expect(caller.writableEnded).toBe(true)
  })

  it('whose message does not end gets a close alone between two of its fragments', async () => {
    const { caller, upstream, tunnel } = open()
    upstream.push(half)
    await turns()
    tunnel.end(withdrawn, true)
    await passed(499)
    expect(caller.sent).toEqual(half)
    await passed(1)
    expect(caller.sent).toEqual(Buffer.concat([half, close]))
  })

  it('whose frame does not end is cut', async () => {
    const { caller, upstream, tunnel, told } = open()
    upstream.push(hello.subarray(0, 4))
    await turns()
    tunnel.end(withdrawn, true)
    await passed(500)
    expect(caller.sent).toEqual(hello.subarray(0, 4))
    expect([caller.writableEnded, upstream.writableEnded]).toEqual([true, true])
    caller.push(null)
    upstream.push(null)
    await turns()
    expect(told).toEqual([withdrawn])
  })

  it('whose frames are none is cut at once, and so is one whose extensions nobody knows', async () => {
    for (const { caller, upstream, tunnel, asked } of [open(), open({ compressed: undefined })]) {
      upstream.push('HTTP')
      await turns()
      tunnel.end(withdrawn, true)
      expect([caller.sent.toString(), caller.writableEnded, asked]).toEqual(['HTTP', true, []])
    }
  })

  it('that is lost in the message whose end was waited for passes what came, and is cut', async () => {
    const { caller, upstream, tunnel } = open()
    upstream.push(half)
    await turns()
    tunnel.end(withdrawn, true)
    upstream.push(Buffer.from([0xff, 0xff]))
    await turns()
    expect([caller.sent, caller.writableEnded]).toEqual([Buffer.concat([half, Buffer.from([0xff, 0xff])]), true])
  })

  it('is left alone where the service closes it already', async () => {
    const { caller, upstream, tunnel, asked } = open()
    const own = formatCloseFrame(1000, 'bye')
    upstream.push(own)
    await turns()
    tunnel.end(withdrawn, true)
    expect([caller.sent, asked]).toEqual([own, []])
  })

  it('whose caller has closed it already ends with our word, and waits for no other', async () => {
    const { caller, tunnel } = open()
    caller.push(maskedClose)
    await turns()
    tunnel.end(withdrawn, true)
    expect([caller.sent, caller.writableEnded]).toEqual([Buffer.concat([message, close]), true])
  })

  it('once is ended once', async () => {
    const { caller, tunnel } = open()
    tunnel.end(withdrawn, true)
    tunnel.end(withdrawn, false)
    expect(caller.sent).toEqual(Buffer.concat([message, close]))
  })

  it('ends though nobody answers, reads, or lets go', async () => {
    const { caller, upstream, tunnel, told } = open()
    caller.isFull = true
    tunnel.end(withdrawn, true)
    await passed(2_000)
    expect([caller.writableEnded, upstream.writableEnded]).toEqual([true, true])
    await passed(5_000)
    expect([upstream.destroyed, told]).toEqual([true, [withdrawn]])
  })

  it('in order is told so', async () => {
    const { caller, upstream, tunnel, told } = open()
    tunnel.end(withdrawn, false)
    caller.push(maskedClose)
    await turns()
    caller.push(null)
    upstream.push(null)
    await turns()
    expect(told).toEqual([{ kind: 'closed' }])
  })

  it('holds no more than its caller takes while it waits', async () => {
    const { caller, upstream, tunnel } = open()
    caller.isFull = true
    upstream.push(Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0x10, 0, 0]), Buffer.alloc(100)]))
    await turns()
    tunnel.end(withdrawn, true)
    upstream.push(Buffer.alloc(100))
    await turns()
    expect(upstream.isPaused()).toBe(true)
    await passed(500)
    expect(caller.writableEnded).toBe(true)
  })
})

describe('a service that ends', () => {
  it('without a close frame is told as a failure, in the contract’s words', async () => {
    const { caller, upstream, told } = open()
    upstream.push(hello)
    upstream.push(null)
    await turns()
    expect(caller.sent).toEqual(Buffer.concat([hello, message, close]))
    caller.push(maskedClose)
    caller.push(null)
    await turns()
    expect(told).toEqual([{ kind: 'reset', detail: 'the upstream ended its connection without a close frame' }])
  })

  it('by a reset is told so too', async () => {
    const { caller, upstream, told } = open()
    upstream.destroy(new Error('reset'))
    await turns()
    expect(caller.sent).toEqual(Buffer.concat([message, close]))
    caller.push(maskedClose)
    caller.push(null)
    await turns()
    expect(told).toEqual([{ kind: 'reset', detail: 'the upstream reset its connection' }])
  })

  it.each([
    ['between fragments', half, close],
    ['in the midst of a frame', half.subarray(0, 4), Buffer.alloc(0)],
  ])('%s leaves room for no more than that', async (_, before, after) => {
    const { caller, upstream, told } = open()
    upstream.push(before)
    upstream.push(null)
    await turns()
    expect(caller.sent).toEqual(Buffer.concat([before, after]))
    caller.push(null)
    await passed(10_000)
    expect(told).toMatchObject([{ kind: 'reset' }])
  })

  it('after a close frame, or after its caller, ends in order', async () => {
    const own = formatCloseFrame(1000, '')
    for (const [first, heard] of [[own, undefined], [hello, maskedClose], [hello, null]] as const) {
      const { caller, upstream, told, asked } = open()
      upstream.push(first)
      caller.push(heard ?? (heard === null ? null : hello))
      await turns()
      upstream.push(null)
      await turns()
      caller.push(null)
      await turns()
      expect([caller.sent, told, asked]).toEqual([first, [{ kind: 'closed' }], []])
    }
  })

  it('of a contract without a form for it ends as it ends', async () => {
    const caller = new Side()
    const upstream = new Side()
    const told: TunnelEnd[] = []
    joinSockets(caller, upstream, undefined, (end) => told.push(end))
    upstream.push(hello)
    upstream.push(null)
    caller.push(null)
    await turns()
    expect([caller.sent, told]).toEqual([hello, [{ kind: 'closed' }]])
  })

  it('while its message is waited for is told between fragments, and cut within a frame', async () => {
    for (const [before, after] of [[half, close], [half.subarray(0, 4), Buffer.alloc(0)]] as const) {
      const { caller, upstream, tunnel } = open()
      upstream.push(before)
      await turns()
      tunnel.end(withdrawn, true)
      upstream.push(null)
      await turns()
      expect(caller.sent).toEqual(Buffer.concat([before, after]))
      await passed(2_000)
      expect(caller.writableEnded).toBe(true)
    }
  })
})
