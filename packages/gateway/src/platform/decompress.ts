/**
 * Decoders of content codings, by zlib on its own threads. Bounded: a few bytes can be made to decompress to any number, and what comes faster than it is
 * decompressed would pile up.
 */
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { Decompress } from 'tollgate/gate'

/** More than any stream of text comes to. */
const DECODED_BYTES_MAX = 67_108_864
const WAITING_BYTES_MAX = 8_388_608
/** Nobody applies more. */
const CODINGS_MAX = 2

/** What breaks off is decompressed as far as it came. */
const asFarAsItCame = { finishFlush: zlib.constants.Z_SYNC_FLUSH }

/** `first`: the byte that tells deflate with its zlib header (RFC 9110) from the bare form that some servers send. */
function createStage(coding: string, first: number): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(asFarAsItCame)
    case 'deflate':
      return (first & 0x0f) === 8 ? zlib.createInflate(asFarAsItCame) : zlib.createInflateRaw(asFarAsItCame)
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH })
    case 'zstd':
      return createZstd()
    default:
      return undefined
  }
}

/** Node has it from 22.15 on. */
function createZstd(): Transform | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress')
  return typeof create === 'function' ? (create.call(zlib) as Transform) : undefined
}

const known = new Set(['gzip', 'x-gzip', 'deflate', 'br', ...(Object.hasOwn(zlib, 'createZstdDecompress') ? ['zstd'] : [])])

export const decompress: Decompress = (codings, onData) => {
  if (codings.length > CODINGS_MAX || !codings.every((coding) => known.has(coding))) return undefined
  let stages: readonly Transform[] = []
  let decodedBytes = 0
  let isOver = false
  let tell: ((isWhole: boolean) => void) | undefined
  const told = new Promise<boolean>((resolve) => void (tell = resolve))

  function finish(isWhole: boolean): void {
    if (isOver) return
    isOver = true
    tell?.(isWhole)
    for (const stage of stages) stage.destroy()
  }

  function begin(first: number): readonly Transform[] {
    const made = codings.toReversed().map((coding) => createStage(coding, first))
    const built = made.filter((stage) => stage !== undefined)
    for (const [at, stage] of built.entries()) {
      stage.on('error', () => finish(false))
      const next = built[at + 1]
      if (next !== undefined) stage.pipe(next)
    }
    const last = built.at(-1)
    last?.on('end', () => finish(true))
    last?.on('data', (chunk: Uint8Array) => {
      decodedBytes += chunk.length
      if (decodedBytes > DECODED_BYTES_MAX) finish(false)
      else if (!isOver) onData(chunk)
    })
    return built
  }

  return {
    push(chunk) {
      if (isOver || chunk.length === 0) return
      if (stages.length === 0) stages = begin(chunk[0] ?? 0)
      const [stage] = stages
      if ((stage?.writableLength ?? 0) + chunk.length > WAITING_BYTES_MAX) finish(false)
      else stage?.write(chunk)
    },
    end() {
      if (stages.length === 0) finish(true)
      else if (!isOver) stages[0]?.end()
      return told
    },
  }
}
