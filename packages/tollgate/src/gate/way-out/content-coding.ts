/** Bodies that a service compresses although it was not asked to. They pass as they are; what is read of them here is read behind a decoder that is passed in. */
import { joined } from '../price/event-lines.ts'
import { headerValues } from '../headers.ts'

/** Decompresses a body, chunk by chunk. */
export interface Decoder {
  push(chunk: Uint8Array): void
  /** Nothing more comes. False: not all of it could be decompressed, or it came to more than is read. Never rejects. */
  end(): Promise<boolean>
}

/** A decoder of these codings, in the order in which they were applied, that hands on what it decompresses; undefined if one is not known. */
export type Decompress = (codings: readonly string[], onData: (chunk: Uint8Array) => void) => Decoder | undefined

/**
 * RFC 9110 section 8.4. Empty: the body is as it is.
 *
 * @example
 * codingsOf(['Content-Encoding', 'GZIP, identity']) // => ['gzip']
 */
export function codingsOf(headers: readonly string[]): readonly string[] {
  const values = headerValues(headers, 'content-encoding')
  if (values.length === 0) return values
  const listed = values.flatMap((value) => value.split(','))
  return listed.map((coding) => coding.trim().toLowerCase()).filter((coding) => coding !== '' && coding !== 'identity')
}

/**
 * A body that was received whole, decompressed if need be; undefined if it cannot be, or comes to more than `bytesMax`.
 *
 * @example
 * const body = await decodedBody(new TextEncoder().encode('{}'), [], undefined, 65_536)
 * body?.length // => 2
 */
export async function decodedBody(body: Uint8Array, headers: readonly string[], decompress: Decompress | undefined, bytesMax: number): Promise<Uint8Array | undefined> {
  const codings = codingsOf(headers)
  if (codings.length === 0) return body
  const chunks: Uint8Array[] = []
  let bytes = 0
  const decoder = decompress?.(codings, (chunk) => {
    bytes += chunk.length
    if (bytes <= bytesMax) chunks.push(chunk)
  })
  decoder?.push(body)
  return (await decoder?.end()) === true && bytes <= bytesMax ? joined(chunks, bytes) : undefined
}
