/** Documents and log rows are kept as JSON text, so that what comes back is the same on every store and shares nothing with what was given. */

/** Throws for what JSON cannot hold, before anything took effect. */
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
