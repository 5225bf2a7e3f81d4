/**
 * Fields of OpenAI's that would change what an answer is, and that this model cannot follow: asking for them is refused, since an answer without them
 * would be taken for one with them. What only tunes or labels a call (`user`, `metadata`, penalties) is passed over.
 */
import { fieldsOf, issueAt } from '@tollgate/example-parts/json-fields'
import type { Fields } from '@tollgate/example-parts/json-fields'
import type { Issue } from './body.ts'

/** Undefined where none of them asks for anything. */
export function refuseUnsupported(fields: Fields): Issue | undefined {
  for (const field of ['tools', 'functions']) {
    if (!isEmpty(fields.get(field))) return issueAt(field, 'must be absent or empty: this model calls no tools')
  }
  const format = fields.get('response_format') ?? null
  if (format !== null && fieldsOf(format)?.get('type') !== 'text') return issueAt('response_format', 'must be absent or of the type text: this model writes nothing else')
  if ((fields.get('logprobs') ?? false) !== false) return issueAt('logprobs', 'must be absent or false: this model has none')
  return undefined
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}
