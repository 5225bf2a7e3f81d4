import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameFollower } from './frame-follower.ts'
import { formatCloseFrame, formatTextFrame } from './own-frames.ts'

const server = { masked: false, compressed: false }

interface Frame {
  readonly opcode: number
  readonly fin: boolean
  readonly payload: number
  readonly rsv1?: boolean
}

/** In the shortest form of its length, as RFC 6455 section 5.2 asks. */
function bytesOf({ opcode, fin, payload, rsv1 = false }: Frame, masked: boolean): Buffer {
  const mask = masked ? 0x80 : 0
  const first = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode
  const head = payload < 126 ? [first, mask | payload] : payload < 65_536 ? [first, mask | 126, payload >> 8, payload & 0xff] : [first, mask | 127, 0, 0, 0, 0, 0, payload >> 16, (payload >> 8) & 0xff, payload & 0xff]
  return Buffer.concat([Buffer.from(head), Buffer.alloc(masked ? 4 : 0, 7), Buffer.alloc(payload, 0x81)])
}

/** Messages of one or more frames, with control frames between them. */
const messages = fc.array(
  fc.array(fc.tuple(fc.constantFrom(0, 1, 125, 126, 300, 65_535, 65_536, 70_000), fc.option(fc.integer({ min: 0, max: 125 }), { nil: undefined })), { minLength: 1, maxLength: 4 }),
  { maxLength: 4 },
)

function framesOf(fragments: readonly (readonly [number, number | undefined])[], compressed: boolean): readonly (Frame & { readonly place: string })[] {
  return fragments.flatMap(([payload, control], at) => {
    const fin = at === fragments.length - 1
    const data = { opcode: at === 0 ? 2 : 0, fin, payload, rsv1: compressed && at === 0, place: fin ? 'messages' : 'fragments' }
    return control === undefined ? [data] : [{ opcode: 9, fin: true, payload: control, place: at === 0 ? 'messages' : 'fragments' }, data]
  })
}

describe('a follower', () => {
  it('knows after each frame where it stands, however its bytes come', () => {
    fc.assert(
      fc.property(messages, fc.boolean(), fc.boolean(), fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 }), (said, masked, compressed, sizes) => {
        const follower = new FrameFollower({ masked, compressed })
        const places: string[] = []
        const frames = said.flatMap((fragments) => framesOf(fragments, compressed))
        let turn = 0
        for (const frame of frames) {
          const bytes = bytesOf(frame, masked)
          for (let at = 0; at < bytes.length; ) {
            expect(at === 0 || follower.place === 'frame').toBe(true)
            const piece = bytes.subarray(at, at + (sizes[turn++ % sizes.length] ?? 1))
            expect(follower.take(piece)).toBe(piece.length)
            at += piece.length
          }
          places.push(follower.place)
        }
        expect(places).toEqual(frames.map(({ place }) => place))
      }),
      { numRuns: 60 },
    )
  })

  it('goes no further than to the end of the message, if asked', () => {
    const follower = new FrameFollower(server)
    const first = [bytesOf({ opcode: 1, fin: false, payload: 200 }, false), bytesOf({ opcode: 9, fin: true, payload: 3 }, false), bytesOf({ opcode: 0, fin: true, payload: 0 }, false)]
    const all = Buffer.concat([...first, formatTextFrame('next')])
    expect(follower.take(all.subarray(0, 1))).toBe(1)
    expect(follower.take(all.subarray(1), true)).toBe(Buffer.concat(first).length - 1)
    expect([follower.place, follower.take(all, true)]).toEqual(['messages', 0])
  })

  it('sees a close begin and end', () => {
    const follower = new FrameFollower(server)
    const close = formatCloseFrame(4429, 'SLOW')
    follower.take(close.subarray(0, 3))
    expect([follower.closes, follower.closed, follower.place]).toEqual([true, false, 'frame'])
    follower.take(close.subarray(3))
    expect([follower.closes, follower.closed, follower.place]).toEqual([true, true, 'messages'])
  })

  it.each([
    ['a length of 2^63', [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]],
    ['a length beyond what numbers hold', [0x82, 127, 0, 0x20, 0, 0, 0, 0, 0, 0]],
    ['a mask', [0x81, 0x80, 1, 2, 3, 4]],
    ['the second reserved bit', [0xa1, 0]],
    ['the third reserved bit', [0x91, 0]],
    ['the mark of a compression that was not agreed', [0xc1, 0]],
    ['a reserved opcode', [0x83, 0]],
    ['a reserved control opcode', [0x8b, 0]],
    ['a fragmented control frame', [0x09, 0]],
    ['a control frame that is too long', [0x89, 126]],
    ['the end of a message that never began', [0x80, 0]],
    ['a message within a message', [0x01, 0, 0x81, 0]],
    ['anything after a close', [0x88, 0, 0x81, 0]],
    ['HTTP', [...Buffer.from('HTTP/1.1 200 OK')]],
  ])('gives up at %s, and takes all as it comes', (_, bytes) => {
    const follower = new FrameFollower(server)
    expect(follower.take(Buffer.from(bytes))).toBe(bytes.length)
    expect([follower.place, follower.take(Buffer.alloc(100_000), true)]).toEqual(['lost', 100_000])
  })

  it('takes what a length just below that promises as a frame without an end', () => {
    const follower = new FrameFollower(server)
    follower.take(Buffer.from([0x82, 127, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]))
    expect(follower.place).toBe('frame')
  })

  it('is never wrong by arbitrary bytes: it takes them all and says something', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), fc.boolean(), (chunks, masked) => {
        const follower = new FrameFollower({ masked, compressed: true })
        for (const chunk of chunks) expect(follower.take(chunk)).toBe(chunk.length)
        expect(['messages', 'fragments', 'frame', 'lost']).toContain(follower.place)
      }),
    )
  })
})

it('frames of our own have the shortest form of their length, and are whole', () => {
  for (const bytes of [0, 125, 126, 65_535, 65_536]) {
    const frame = formatTextFrame('x'.repeat(bytes))
    expect(frame.subarray(0, frame.length - bytes)).toEqual(bytesOf({ opcode: 1, fin: true, payload: bytes }, false).subarray(0, frame.length - bytes))
  }
  expect(formatCloseFrame(1008, 'é')).toEqual(Buffer.from([0x88, 4, 0x03, 0xf0, 0xc3, 0xa9]))
})
