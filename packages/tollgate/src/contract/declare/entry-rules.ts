/**
 * What a program may do by itself and what a person should do, once it is clear what happened. An entry takes the rules of its own reason; it says
 * `retry` or `action` only where its API differs, so that a difference shows.
 */
import type { Entry } from './contract.ts'
import type { Action, EntryDeclaration, RetryRule } from './declaration.ts'
import type { ServerReason } from './reason.ts'

/** What a client may do by itself, and what a person should do. */
export interface Rules {
  readonly retry: RetryRule
  readonly action: Action
}

const wait = ['wait', 'wait'] as const
const backoff = ['backoff', 'wait'] as const

/** By reason or family of them; what is not here asks for another request. Cautious where a repeat could cost: a quota is waited for by a person, never by a program. */
const rules: { readonly [reason: string]: readonly [RetryRule, Action] } = {
  credential: ['never', 'authenticate'],
  token: ['refresh', 'refresh_credentials'],
  permission: ['never', 'request_access'],
  account: ['never', 'contact_support'],
  'account.not_entitled': ['never', 'request_access'],
  rate: wait,
  concurrency: wait,
  quota: ['never', 'wait_for_reset'],
  credit: ['never', 'pay_or_upgrade'],
  'session.limited': ['never', 'free_resource'],
  'idempotency.mismatch': ['never', 'use_new_idempotency_key'],
  'idempotency.in_progress': wait,
  upstream: backoff,
  capacity: backoff,
  service: backoff,
  internal: ['backoff', 'contact_support'],
}

export function rulesOfReason(reason: ServerReason): Rules {
  const [retry, action] = rules[reason] ?? rules[reason.split('.')[0] ?? ''] ?? ['never', 'fix_request']
  return { retry, action }
}

/**
 * Where no wait helps (`Facts.waitHelps`), no program may repeat it, and no person should wait for it.
 *
 * @example
 * rulesWhere(false, { retry: 'wait', action: 'wait_for_reset' }) // => { retry: 'never', action: 'pay_or_upgrade' }
 */
export function rulesWhere(waitHelps: unknown, { retry, action }: Rules): Rules {
  if (waitHelps !== false) return { retry, action }
  return { retry: 'never', action: action === 'wait' || action === 'wait_for_reset' ? 'pay_or_upgrade' : action }
}

export function toEntry(id: string, declaration: EntryDeclaration, alwaysStatus: number | undefined): Entry {
  const { retry, action } = rulesOfReason(declaration.reason)
  const sentAs = declaration.sentAs ?? alwaysStatus ?? declaration.status
  return { ...declaration, id, code: declaration.code ?? '', sentAs, retry: declaration.retry ?? retry, action: declaration.action ?? action }
}
