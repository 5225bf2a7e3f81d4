/** Money is whole cents inside and a decimal string outside: `1250` is `"12.50"`. It is never a fraction of a float. */

/** Undefined for anything but digits with at most two decimals. */
export function parseCents(text: string): number | undefined {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text)
  return match === null ? undefined : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

export function formatCents(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}
