import * as zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decompress } from './decompress.ts'

const text = JSON.stringify({ usage: { tokens: 25 }, text: 'word '.repeat(20_000) })
const codings: readonly [string, (bytes: Buffer) => Buffer][] = [
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
]

async function read(names: readonly string[], bytes: Buffer, size = bytes.length): Promise<{ readonly isWhole: boolean | undefined; readonly text: string }> {
  const chunks: Uint8Array[] = []
  const decoder = decompress(names, (chunk) => chunks.push(chunk))
  for (let at = 0; at < bytes.length; at += size) decoder?.push(bytes.subarray(at, at + size))
  const isWhole = await decoder?.end()
  return { isWhole, text: Buffer.concat(chunks).toString() }
}

describe('a compressed body', () => {
  it.each(codings)('is read, wherever its chunks are cut: %s', async (name, compress) => {
    for (const size of [1, 7, 100_000]) expect(await read([name], compress(Buffer.from(text)), size)).toEqual({ isWhole: true, text })
  })

  it('is read through two codings, the last one first', async () => {
    expect(await read(['gzip', 'br'], zlib.brotliCompressSync(zlib.gzipSync(text)))).toEqual({ isWhole: true, text })
  })

  it('is read in zstd where Node knows it, and has no decoder where it does not', async () => {
    const compress = Reflect.get(zlib, 'zstdCompressSync') as ((text: string) => Buffer) | undefined
    const known = { isWhole: true, text }
    expect(await read(['zstd'], compress?.(text) ?? Buffer.from('x'))).toEqual(compress === undefined ? { isWhole: undefined, text: '' } : known)
  })

  it('that broke off is read as far as it came', async () => {
    const half = zlib.gzipSync(text, { level: 0 }).subarray(0, 1_000)
    const { text: came } = await read(['gzip'], half)
    expect(came.length).toBeGreaterThan(500)
    expect(text.startsWith(came)).toBe(true)
  })

  it('that is none says so', async () => {
    for (const [name] of codings) expect((await read([name], Buffer.from('x'.repeat(1_000)))).isWhole).toBe(false)
  })

  it('that comes to more than anybody needs is let go', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(80_000_000))
    let bytes = 0
    const decoder = decompress(['gzip'], (chunk) => void (bytes += chunk.length))
    decoder?.push(bomb)
    expect(await decoder?.end()).toBe(false)
    expect(bytes).toBeLessThanOrEqual(67_108_864)
  })

  it('of an unknown coding, or of too many, has no decoder', () => {
    for (const names of [['compress'], ['gzip', 'exi'], ['gzip', 'gzip', 'gzip']]) expect(decompress(names, () => undefined)).toBeUndefined()
  })

  it('that is empty is whole', async () => {
    expect(await read(['gzip'], Buffer.alloc(0))).toEqual({ isWhole: true, text: '' })
  })
})
