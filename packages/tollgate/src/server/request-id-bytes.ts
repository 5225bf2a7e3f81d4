/**
 * What a request id is minted from: six bytes of time (epoch ms, the highest first), then ten of chance.
 *
 * Calls, the ledger and the request log are looked up by this id. Ids that follow each other lie side by side in an index; ids of pure chance lie
 * anywhere, and each writes pages of its own: more than half of all that a paid call wrote to disk was that. 74 bits of chance are left in a UUID,
 * 80 in the other formats, so that no two ids of one millisecond meet.
 */
const TIME_BYTES = 6
export const CHANCE_BYTES = 10

export function requestIdBytes(nowMs: number, random: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES + CHANCE_BYTES)
  let rest = Math.max(0, Math.floor(nowMs))
  for (let at = TIME_BYTES - 1; at >= 0; at -= 1) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  bytes.set(random.subarray(0, CHANCE_BYTES), TIME_BYTES)
  return bytes
}
