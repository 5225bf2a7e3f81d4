/**
 * The instant of a request that its id says, where the id has that form, as most have (`requestIdBytes` in the gate): its row is dated with the same instant, and need not be
 * looked for everywhere.
 */
export function mintedAtMs(requestId: string): number | undefined {
  const [, hex] = /([\da-f]{12})[\da-f]{20}$/.exec(requestId) ?? []
  return hex === undefined ? undefined : Number.parseInt(hex, 16)
}
