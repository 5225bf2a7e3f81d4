/** Wrong options are told where the extension is made, with name and value. */
export function checkNumber(asked: string, name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return
  throw new TypeError(`${asked}: ${name} is ${String(value)}; it must be a number from ${least}${most === Infinity ? ' on' : ` to ${most}`}`)
}
