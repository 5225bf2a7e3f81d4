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

/** Cautious where a repeat could cost: a quota is waited for by a person, never by a program. */
export const rulesByReason: { readonly [reason in ServerReason]: Rules } = {
  'credential.missing': { retry: 'never', action: 'authenticate' },
  'credential.invalid': { retry: 'never', action: 'authenticate' },
  'credential.expired': { retry: 'never', action: 'authenticate' },
  'credential.revoked': { retry: 'never', action: 'authenticate' },
  'token.expired': { retry: 'refresh', action: 'refresh_credentials' },
  'permission.denied': { retry: 'never', action: 'request_access' },
  'account.suspended': { retry: 'never', action: 'contact_support' },
  'account.disabled': { retry: 'never', action: 'contact_support' },
  'account.not_entitled': { retry: 'never', action: 'request_access' },
  'request.invalid': { retry: 'never', action: 'fix_request' },
  'request.too_large': { retry: 'never', action: 'fix_request' },
  'request.unsupported_media': { retry: 'never', action: 'fix_request' },
  'field.missing': { retry: 'never', action: 'fix_request' },
  'field.invalid': { retry: 'never', action: 'fix_request' },
  'route.unknown': { retry: 'never', action: 'fix_request' },
  'method.not_allowed': { retry: 'never', action: 'fix_request' },
  'resource.not_found': { retry: 'never', action: 'fix_request' },
  'resource.gone': { retry: 'never', action: 'fix_request' },
  'resource.conflict': { retry: 'never', action: 'fix_request' },
  'rate.limited': { retry: 'wait', action: 'wait' },
  'concurrency.limited': { retry: 'wait', action: 'wait' },
  'quota.exhausted': { retry: 'never', action: 'wait_for_reset' },
  'credit.insufficient': { retry: 'never', action: 'pay_or_upgrade' },
  'session.not_found': { retry: 'never', action: 'fix_request' },
  'session.expired': { retry: 'never', action: 'fix_request' },
  'session.limited': { retry: 'never', action: 'free_resource' },
  'idempotency.missing': { retry: 'never', action: 'fix_request' },
  'idempotency.mismatch': { retry: 'never', action: 'use_new_idempotency_key' },
  'idempotency.in_progress': { retry: 'wait', action: 'wait' },
  'content.blocked': { retry: 'never', action: 'fix_request' },
  'upstream.failed': { retry: 'backoff', action: 'wait' },
  'upstream.timeout': { retry: 'backoff', action: 'wait' },
  'upstream.unavailable': { retry: 'backoff', action: 'wait' },
  'capacity.overloaded': { retry: 'backoff', action: 'wait' },
  'service.maintenance': { retry: 'backoff', action: 'wait' },
  internal: { retry: 'backoff', action: 'contact_support' },
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
  const { retry, action } = rulesByReason[declaration.reason]
  const sentAs = declaration.sentAs ?? alwaysStatus ?? declaration.status
  return { ...declaration, id, code: declaration.code ?? '', sentAs, retry: declaration.retry ?? retry, action: declaration.action ?? action }
}
