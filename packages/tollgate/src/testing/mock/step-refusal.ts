/** The refusal of a step: which entry, what it tells, and what of it a client must heed. */
import type { Contract, Entry } from '../../contract/declare/contract.ts'
import { rulesWhere } from '../../contract/declare/entry-rules.ts'
import type { Facts } from '../../contract/declare/facts.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { AnswerContext, ShownLimit, WireError } from '../../contract/declare/wire.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { headerSets } from '../../contract/values/rate-limit-headers.ts'
import { parseRetryAfter } from '../../contract/values/retry-after.ts'
import { typicalFacts } from '../typical-facts.ts'
import type { MockPlayed } from './mock-attempt.ts'
import type { AnswerMaterial } from './mock-plan.ts'
import type { MockStep } from './mock-script.ts'
import { entryOfCode, entryOfStatus } from './on-demand.ts'

const WAIT_MS = 1_000
const DAY_MS = 86_400_000

/** The refusal that a step names; undefined: it is a success, or no answer of the contract. */
export function refusalOfStep({ contract, context }: Pick<AnswerMaterial, 'contract' | 'context'>, { entry: id, code, reason, status, raw, facts = {} }: MockStep): Refusal | undefined {
  const { entries } = contract
  const ofStatus = isRefusing(status) && reason === undefined && raw === undefined ? entryOfStatus(entries, status) : undefined
  const named = id === undefined ? (code === undefined ? ofStatus : entryOfCode(entries, code)) : entries.get(id)
  if (named !== undefined) return refuse(named.reason, factsFor(named, facts, context.nowMs), { entry: named.id })
  if (reason === undefined) return undefined
  const entry = contract.entryFor(reason, facts)
  return refuse(reason, factsFor(entry, facts, context.nowMs), { entry: entry.id })
}

/** A step that says such a status alone is the refusal that has it. */
export function isRefusing(status: number | undefined): status is number {
  return status !== undefined && status >= 400
}

/** Typical ones, but that a client which obeys is not held up for long: a wait is a second, and only where one is told or must be. */
export function factsFor(entry: Entry, said: Facts, nowMs: number): Facts {
  const { retryAfterMs: _wait, resetAtMs: _reset, ...any } = typicalFacts(entry, nowMs)
  const { field: _field, issue: _issue, rule: _rule, ...without } = any
  // What is at issue in a request is said where the request is at fault.
  const typical = /^(?:request|field|content)\./.test(entry.reason) || entry.when !== undefined ? any : without
  const tellsWait = entry.retry === 'wait' || (entry.retry === 'backoff' && (entry.status === 429 || entry.status === 503))
  if (entry.retry === 'never') return { ...typical, resetAtMs: nowMs + DAY_MS, ...said }
  return tellsWait ? { ...typical, retryAfterMs: WAIT_MS, resetAtMs: nowMs + WAIT_MS, ...said } : { ...typical, ...said }
}

/** What the rate headers of a limit that is reached say. */
export function limitsReached({ declaration: { rateLimitHeaders } }: Contract, { reason, facts }: Refusal): AnswerContext['limits'] {
  if (!/^(?:rate|quota|concurrency)\./.test(reason)) return undefined
  const { limit, resetAtMs } = facts
  const sets = headerSets(rateLimitHeaders)
  const total = typeof limit === 'number' ? limit : 100
  const reset: Pick<ShownLimit, 'resetAtMs'> = typeof resetAtMs === 'number' ? { resetAtMs } : {}
  return sets.map(({ of }) => ({ name: of ?? 'requests', of, limit: total, used: total, remaining: 0, ...reset }))
}

export function playedOf(contract: Contract, { facts }: Refusal, sent: WireError, headers: readonly string[], nowMs: number): MockPlayed {
  const entry = contract.entries.get(sent.entry ?? '')
  const { retry, action } = entry === undefined ? ({ retry: 'never', action: 'fix_request' } as const) : rulesWhere(facts.waitHelps, entry)
  return {
    kind: 'refusal', entry: sent.entry ?? '', code: sent.code ?? '', status: sent.status, reason: entry?.reason ?? 'internal', retry, action,
    ...toldWaits(contract, facts, sent, toReceivedHeaders(headers), nowMs), sent,
  }
}

function toldWaits(contract: Contract, { retryAfterMs }: Facts, { entry, details }: WireError, headers: { readonly [name: string]: string }, nowMs: number): { readonly toldWaitMs: number | undefined; readonly toldAtMostMs: number | undefined } {
  const inHead = (parseRetryAfter(headers['retry-after'], nowMs) ?? Number.NaN) * 1_000
  const isInBody = contract.detailsOf(entry ?? '').some((detail) => detail.from === 'retryAfterMs' && Object.hasOwn(details, detail.name))
  const told = [inHead, Number(headers['retry-after-ms'] ?? Number.NaN), isInBody && typeof retryAfterMs === 'number' ? retryAfterMs : Number.NaN].filter(Number.isFinite)
  // Whoever goes by either of them has waited.
  return told.length === 0 ? { toldWaitMs: undefined, toldAtMostMs: undefined } : { toldWaitMs: Math.min(...told), toldAtMostMs: Math.max(...told) }
}
