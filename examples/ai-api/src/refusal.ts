/** What the service refuses, in the API's own entries. It states the facts; the gateway finds code, words and form. */

/** By entry of the contract: the status and the title of RFC 9457, for who calls the service without a gateway. */
const entries = {
  invalidRequest: [400, 'Invalid request'],
  missingField: [400, 'Missing field'],
  invalidField: [400, 'Invalid field'],
  unsupportedModel: [400, 'Unsupported model'],
  invalidFileFormat: [400, 'Invalid file format'],
  fileTooLarge: [400, 'File too large'],
  promptTooLong: [400, 'Prompt too long'],
  invalidTemperature: [400, 'Invalid temperature'],
  invalidMaxTokens: [400, 'Invalid max tokens'],
  invalidImageSize: [400, 'Invalid image size'],
  invalidImageQuality: [400, 'Invalid image quality'],
  promptViolation: [400, 'Prompt violation'],
  resourceNotFound: [404, 'Resource not found'],
  modelNotFound: [404, 'Model not found'],
  internalError: [500, 'Internal error'],
  modelUnavailable: [500, 'Model unavailable'],
  processingError: [500, 'Processing error'],
} as const satisfies { readonly [entry: string]: readonly [status: number, title: string] }

export type Entry = keyof typeof entries

export interface Refusal {
  readonly kind: 'refusal'
  readonly entry: Entry
  readonly facts: { readonly [name: string]: unknown }
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export function refuse(entry: Entry, facts: Refusal['facts'] = {}): Refusal {
  return { kind: 'refusal', entry, facts }
}

export function refuseField(entry: Entry, field: string, issue: string): Refusal {
  return refuse(entry, { field, issue })
}

export function toProblem({ entry, facts }: Refusal): { readonly status: number; readonly body: string } {
  const [status, title] = entries[entry]
  return { status, body: JSON.stringify({ title, status, entry, ...facts }) }
}
