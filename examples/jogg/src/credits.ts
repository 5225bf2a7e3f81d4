/** Credits are whole thousandths inside and a decimal string outside: `2000` is `"2.000"`. Each started unit of length counts as a whole one. */

export const CREDIT = 1_000

const VIDEO_UNIT_SECONDS = 120

/** In thousandths of a credit: one credit for each started two minutes. */
export function priceVideo(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / VIDEO_UNIT_SECONDS)) * CREDIT
}

export function formatCredits(thousandths: number): string {
  return `${Math.trunc(thousandths / CREDIT)}.${String(thousandths % CREDIT).padStart(3, '0')}`
}
