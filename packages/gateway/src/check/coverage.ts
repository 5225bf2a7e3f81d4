/** Which entries of the contract were met, and of the others what it takes to meet them. */
import type { Contract, ServerReason } from 'tollgate/contract'
import type { EntryCoverage } from './check-report.ts'
import { asRead } from './acceptable.ts'

const needs: { readonly [reason in ServerReason]: string } = {
  'credential.missing': 'a call that needs a credential (calls of the plan, or --openapi)',
  'credential.invalid': 'a call that needs a credential, and a good one (--key valid=…)',
  'credential.expired': 'a credential whose time is over: --key expired=…',
  'credential.revoked': 'a credential that was revoked: --key revoked=…',
  'token.expired': 'a token whose time is over: --key expiredToken=…',
  'permission.denied': 'a credential that lacks a scope: lackScope of a call',
  'account.suspended': 'a credential of a suspended account: --key suspended=…',
  'account.disabled': 'a credential of a closed account: --key closed=…',
  'account.not_entitled': 'a credential of an account without a plan: --key notEntitled=…',
  'request.invalid': 'a call with a body',
  'request.too_large': 'a call with a body, and --allow for what it does',
  'request.unsupported_media': 'a call with a body, and --allow for what it does',
  'field.missing': 'a call with a body and its schema, and --allow for what it does',
  'field.invalid': 'a call with a body and its schema, and --allow for what it does',
  'route.unknown': 'an unknown path that is answered by the API itself',
  'method.not_allowed': 'a call',
  'resource.not_found': 'a call with an id in its path',
  'resource.gone': 'something that is gone: refusals of the plan',
  'resource.conflict': 'a state that conflicts: refusals of the plan',
  'rate.limited': 'a credential with a low limit: limits of a call, and --allow lock',
  'concurrency.limited': 'a credential with few places: together of a call, and --allow lock',
  'quota.exhausted': 'a credential whose quota is used up: refusals of the plan',
  'credit.insufficient': 'a credential that cannot pay: lackCredit of a call',
  'session.not_found': 'a call with the id of a session in its path',
  'session.expired': 'a session that is over: refusals of the plan',
  'session.limited': 'an account with as many sessions as it may have: refusals of the plan',
  'idempotency.missing': 'a call that needs an idempotency key: refusals of the plan',
  'idempotency.mismatch': 'a call that takes an idempotency key, and --allow create,cost',
  'idempotency.in_progress': 'a call that takes an idempotency key and lasts: refusals of the plan, with together',
  'content.blocked': 'content that is blocked: refusals of the plan',
  'upstream.failed': 'something that fails behind the API: refusals of the plan',
  'upstream.timeout': 'something that does not answer behind the API: refusals of the plan',
  'upstream.unavailable': 'something that is down behind the API: refusals of the plan',
  'capacity.overloaded': 'more calls than the API takes at once: refusals of the plan, with together',
  'service.maintenance': 'the maintenance switch of the API: refusals of the plan',
  internal: 'a fault of the API, which nobody can order: refusals of the plan, where one is known',
}

/** `met`: the entries as they were read. */
export function coverageOf(contract: Contract, met: ReadonlySet<string>): readonly EntryCoverage[] {
  return [...contract.entries.values()].map(({ id, code, status, reason }) => {
    const read = asRead(contract, id)
    const why = met.has(read) ? undefined : `needs ${needs[reason]}`
    return { entry: id, code, status, why }
  })
}
