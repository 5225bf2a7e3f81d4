/** The last line of defence: nothing here should ever meet a secret, and a stranger's error text may hold one all the same. */

export const redactedText = '[redacted]'

const secretNames = ['authorization', 'cookie', 'password', 'passphrase', 'secret', 'token', 'key', 'apiKey', 'api_key', 'x-api-key', 'credential', 'signature']

/** Fields of these names, at the top and one level below, whatever they hold. */
export const redactedFields: string[] = secretNames.flatMap((name) => (/^\w+$/.test(name) ? [name, `*.${name}`] : [`["${name}"]`, `*["${name}"]`]))

const secretForms: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|Digest)\s+[\w.~+/=-]{6,}/gi, `$1 ${redactedText}`],
  // What stands before the host of a URL.
  [/(\w:\/\/)[^\s/@"']+@/g, `$1${redactedText}@`],
  [/\b((?:api[_-]?)?key|token|secret|password|passphrase|signature)=[^\s&"']+/gi, `$1=${redactedText}`],
  // A key, a secret or a token as this gateway makes them: a prefix and 38 characters; three parts of base64.
  [/\b([A-Za-z]{1,12}_)[A-Za-z0-9]{32,}\b/g, `$1${redactedText}`],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, redactedText],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redactedText],
]

/** The texts of these fields, without what looks like a secret. */
export function scrubbed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, scrubbedValue(value, 3)]))
}

export function scrubbedText(text: string): string {
  return secretForms.reduce((before, [form, shown]) => before.replace(form, shown), text)
}

function scrubbedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubbedText(value)
  if (depth === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => scrubbedValue(each, depth - 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, scrubbedValue(each, depth - 1)]))
}
