/**
 * What a request id is minted from: six bytes of time (epoch ms, the highest first), then ten of chance.
 *
 * Calls, the ledger and the request log are looked up by this id. Ids that follow each other lie side by side in an index; ids of pure chance lie
 * anywhere, and each writes pages of its own: more than half of all that a paid call wrote to disk was that. 80 bits of chance are left, so that no
 * two ids of one millisecond meet. A UUID is all chance: version 4 says so (RFC 9562 section 5.4).
 */
import type { RequestIdDeclaration } from '../../contract/declare/declaration.ts'

const TIME_BYTES = 6
const ID_BYTES = 16

export function requestIdBytes(format: RequestIdDeclaration['format'] | undefined, nowMs: number, randomBytes: (count: number) => Uint8Array): Uint8Array {
  if (format === 'uuid') return randomBytes(ID_BYTES)
  const bytes = new Uint8Array(ID_BYTES)
  let rest = Math.max(0, Math.floor(nowMs))
  for (let at = TIME_BYTES - 1; at >= 0; at -= 1) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes.set(randomBytes(ID_BYTES - TIME_BYTES), TIME_BYTES)
  return bytes
}
