/**
 * Whether a number lies within the bounds of an integer type. The largest of 64 bits is no number of JavaScript: 9223372036854775807 and …808 are
 * read as the same one. So where it stands on the edge, the digits in the text that it was read from decide.
 */
export function isWithin(value: number, least: bigint, most: bigint, source: string | undefined): boolean {
  if (!Number.isInteger(value)) return false
  const read = BigInt(value)
  if (read >= least && read <= most) return read !== least || source === undefined || isRight(value, least, most, source)
  const isEdge = value === Number(most) || value === Number(least)
  return isEdge && (source === undefined || isRight(value, least, most, source))
}

/** Every number in the text that reads as this one must be within, since nobody knows which of them it was. */
function isRight(value: number, least: bigint, most: bigint, source: string): boolean {
  const withoutTexts = source.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""')
  return [...withoutTexts.matchAll(/-?\d[\d.eE+-]*/g)].every(([digits]) => Number(digits) !== value || (/^-?\d+$/.test(digits) && BigInt(digits) >= least && BigInt(digits) <= most))
}
