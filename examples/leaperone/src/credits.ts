/** Credits are whole millionths inside and a decimal string outside: `500000` is `"0.500000"`. They are never a fraction of a float. */

const CREDIT = 1_000_000

/** Undefined for anything but digits with at most six decimals. */
export function parseCredits(text: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text)
  return match === null ? undefined : Number(match[1]) * CREDIT + Number((match[2] ?? '').padEnd(6, '0'))
}

export function formatCredits(millionths: number): string {
  return `${Math.trunc(millionths / CREDIT)}.${String(millionths % CREDIT).padStart(6, '0')}`
}
