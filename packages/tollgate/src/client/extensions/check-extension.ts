/** Wrong options are told where the extension is made, with name and value. */
export function checkNumber(asked: string, name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return
  throw new TypeError(`${asked}: ${name} is ${String(value)}; it must be a number from ${least}${most === Infinity ? ' on' : ` to ${most}`}`)
}

/** A slip in a name would be silent otherwise. */
export function checkNames(asked: string, options: object, names: readonly string[]): void {
  const slip = Object.keys(options).find((name) => !names.includes(name))
  if (slip !== undefined) throw new TypeError(`${asked}: ${slip} is no option; there are ${names.join(', ')}`)
}
