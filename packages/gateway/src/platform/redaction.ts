/** The last line of defence: nothing here should ever meet a secret, and a stranger's error text may hold one all the same. */
import { withoutCredentialForms } from 'tollgate/gate'

export const redactedText = '[redacted]'

const secretNames = ['authorization', 'cookie', 'password', 'passphrase', 'secret', 'token', 'key', 'apiKey', 'api_key', 'x-api-key', 'credential', 'signature']

/** Fields of these names, at the top and one level below, whatever they hold. */
export const redactedFields: string[] = secretNames.flatMap((name) => (/^\w+$/.test(name) ? [name, `*.${name}`] : [`["${name}"]`, `*["${name}"]`]))

/** Beside what is one by its form alone. */
const secretForms: readonly (readonly [RegExp, string])[] = [
  [/\b((?:api[_-]?)?key|token|secret|password|passphrase|signature)=[^\s&"']+/gi, `$1=${redactedText}`],
  // A key or a secret as this gateway makes them: a prefix and 38 characters. 32 hex digits are a request id, by which a line is looked for.
  [/\b([A-Za-z]{1,12}_)(?![0-9a-f]{32}\b)[A-Za-z0-9]{32,}\b/g, `$1${redactedText}`],
]

/** The texts of these fields, without what looks like a secret. */
export function scrubbed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, scrubbedValue(value, 3)]))
}

export function scrubbedText(text: string): string {
  return secretForms.reduce((before, [form, shown]) => before.replace(form, shown), withoutCredentialForms(text, redactedText))
}

function scrubbedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubbedText(value)
  if (depth === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => scrubbedValue(each, depth - 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, scrubbedValue(each, depth - 1)]))
}
