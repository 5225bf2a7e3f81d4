/** What an operation answers: a value, or a refusal with words for its operator. */
import { refuse, type Facts, type Refusal, type ServerReason } from 'tollgate/contract'

export interface Refused {
  readonly ok: false
  readonly refusal: Refusal
}

export type OrRefused<T> = { readonly ok: true; readonly value: T } | Refused

export type Reply<T> = { readonly ok: true; readonly status: 200 | 201 | 202; readonly value: T } | Refused

export function done<const T>(value: T, status: 200 | 201 | 202 = 200): Reply<T> {
  return { ok: true, status, value }
}

export function refused(reason: ServerReason, facts: Facts, cause?: unknown): Refused {
  return { ok: false, refusal: refuse(reason, facts, { source: 'client', cause }) }
}

export function notFound(resource: string, id: string): Refused {
  return refused('resource.not_found', { resource, id, issue: `there is no ${resource} "${id.slice(0, 100)}"` })
}

export function invalid(field: string, issue: string): Refused {
  return refused('field.invalid', { field, issue, rule: 'value' })
}
