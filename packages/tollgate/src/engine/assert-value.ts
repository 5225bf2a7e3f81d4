/** Throws for what no command may carry. */

export function assertInteger(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${what} must be an integer, not ${value}`)
}

export function assertAmount(value: number, min: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < min) throw new TypeError(`${what} must be an integer from ${min}, not ${value}`)
}

/** The value as JSON; throws for what JSON cannot hold. */
export function toJsonText(value: unknown, what: string): string {
  let text: string | undefined
  let cause: unknown
  try {
    text = JSON.stringify(value)
  } catch (error) {
    cause = error
  }
  if (text === undefined) throw new TypeError(`${what} is not JSON`, { cause })
  return text
}
