import { describe, expect, it, vi } from 'vitest'
import { noBody, PlainBody } from './plain-body.ts'

const bytes = (text: string): Buffer => Buffer.from(text)
const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

function opened(length: number) {
  const flowChanged = vi.fn()
  const heard: string[] = []
  const body = new PlainBody(length, flowChanged)
  const listen = () => body.listen((chunk) => heard.push(String(chunk)), () => heard.push('END'))
  return { body, flowChanged, heard, listen }
}

describe('the body of a plain request', () => {
  it('takes of what is read what belongs to it, and is complete with its last byte', () => {
    const { body } = opened(4)
    expect([body.push(bytes('ab')), body.complete]).toEqual([2, false])
    expect([body.push(bytes('cdGET /')), body.complete]).toEqual([2, true])
    expect(String(body.whole())).toBe('abcd')
    expect(body.taken).toBe(true)
  })

  it('tells who listens what rested first, not before it has said so, and its end once', async () => {
    const { body, heard, listen } = opened(4)
    body.push(bytes('ab'))
    listen()
    expect(heard).toEqual([])
    await nextTick()
    expect(heard).toEqual(['ab'])
    body.push(bytes('cd'))
    expect(heard).toEqual(['ab', 'cd', 'END'])
    body.resume()
    await nextTick()
    expect(heard).toEqual(['ab', 'cd', 'END'])
  })

  it('is told as a whole only where all is there and nobody listens', () => {
    const early = opened(4)
    early.body.push(bytes('ab'))
    expect(early.body.whole()).toBeUndefined()
    const heard = opened(2)
    heard.listen()
    heard.body.push(bytes('ab'))
    expect(heard.body.whole()).toBeUndefined()
  })

  it('rests while it is paused, also its end', async () => {
    const { body, heard, listen } = opened(4)
    listen()
    body.push(bytes('ab'))
    body.pause()
    body.push(bytes('cd'))
    await nextTick()
    expect(heard).toEqual(['ab'])
    body.resume()
    await nextTick()
    expect(heard).toEqual(['ab', 'cd', 'END'])
  })

  it('says when it is full, and when it is so no longer', async () => {
    const { body, flowChanged, listen } = opened(200_000)
    body.push(Buffer.alloc(60_000))
    expect([body.isFull, flowChanged.mock.calls.length]).toEqual([false, 0])
    body.push(Buffer.alloc(60_000))
    expect([body.isFull, flowChanged.mock.calls.length]).toEqual([true, 1])
    listen()
    await nextTick()
    expect([body.isFull, flowChanged.mock.calls.length]).toEqual([false, 2])
  })

  it('that is read away keeps nothing, and says when it is through, also where it never comes to its end', () => {
    const whole = opened(4)
    const through = vi.fn()
    whole.body.push(bytes('ab'))
    whole.body.discard(through)
    expect(through).not.toHaveBeenCalled()
    expect(whole.body.push(bytes('cdGET'))).toBe(2)
    expect(through).toHaveBeenCalledOnce()
    const broken = opened(4)
    const given = vi.fn()
    broken.body.discard(given)
    broken.body.cutOff()
    expect(given).toHaveBeenCalledOnce()
  })

  it('that is none ends at once', async () => {
    const ended = vi.fn()
    noBody.listen(() => undefined, ended)
    await nextTick()
    expect(ended).toHaveBeenCalledOnce()
    expect(noBody.whole()).toHaveLength(0)
  })
})
