/**
 * Every decision of a store about meters, money, leases and calls, as one pure function: the state and a command in, the result and the changes
 * out. What has fallen due among the things that a command is about is resolved first, so that it meets the state that time has made of them; the rest is a
 * sweep's.
 */
import type { MoneyCommand, MoneyResults } from './money-commands.ts'
import { balanceOf } from './money/balance.ts'
import { toStatement, type BalanceStatement } from './money/balance-statement.ts'
import { admit } from './calls/decide-admit.ts'
import { debit, grant } from './money/decide-balance.ts'
import { claim, dispatch, extend } from './calls/decide-claim.ts'
import { forget, resolveDue } from './calls/decide-due.ts'
import { bindLease, endLease, renewLease } from './calls/decide-lease.ts'
import { Draft } from './draft.ts'
import type { Reading, Take } from './meters/meter.ts'
import { decideStage, giveBack, readStage } from './meters/stage.ts'
import { settle } from './calls/call-ends.ts'
import { slotsAlive } from './meters/slot-book.ts'
import { noChanges, type Changes, type StateView } from './state.ts'
import type { AdmitCommand, CounterCommand, CounterResults } from './counters.ts'

/** How long a session that is over can still be told from one that never was. */
export const LEASES_KEPT_MS = 30 * 86_400_000

/** All that concern neither documents nor the request log. */
export type StateCommand = CounterCommand | MoneyCommand

/** What a command came to, and what it changes. Nothing has changed yet: the store does that. */
export interface CommandOutcome {
  readonly result: (CounterResults & MoneyResults)[StateCommand['kind']]
  readonly changes: Changes
}

/**
 * Decides one command over the state: pure, the same for every store.
 *
 * @example
 * // In a store, for each command of a batch:
 * function decide(view: StateView, command: StateCommand) {
 *   const { result, changes } = decideCommand(view, command, Date.now())
 *   return { result, changes, mustBeDurable: isWeighty(changes) }
 * }
 */
export function decideCommand(view: StateView, command: StateCommand, nowMs: number): CommandOutcome {
  if (command.kind === 'admit' && command.call === undefined) return decideCounting(view, command, nowMs)
  const draft = new Draft(view, nowMs)
  const result = decide(draft, command)
  return { result, changes: draft.changes }
}

/** The short way of most admissions: they take no money. */
function decideCounting(view: StateView, { takes }: AdmitCommand, nowMs: number): CommandOutcome {
  const { decision, changed, counted } = decideStage(view.record, takes, nowMs)
  return { result: decision, changes: { ...noChanges, records: changed, counted } }
}

/**
 * Current readings of the takes, changing nothing.
 *
 * @example
 * function peek(view: StateView, takes: readonly Take[]) {
 *   return peekStage(view, takes, Date.now())
 * }
 */
export function peekStage(view: StateView, takes: readonly Take[], nowMs: number): readonly Reading[] {
  return readStage(view.record, takes, nowMs, { call: undefined, slotsAlive: (subject, name) => slotsAlive(view, { subject, name }, nowMs, undefined), expiringLeases: view.expiringLeases })
}

/**
 * The money of a subject: what has expired is not there, whether or not that is written down yet.
 *
 * @example
 * function balanceOf(view: StateView) {
 *   return readBalance(view, 'account:acme', 'credit', Date.now())?.availableUnits ?? 0
 * }
 */
export function readBalance(view: StateView, subject: string, name: string, nowMs: number): BalanceStatement | undefined {
  const state = balanceOf(view.record(subject), name)
  return state && toStatement(subject, state, (id) => view.namedRow({ kind: 'grant', subject, name, id }), nowMs)
}

function decide(draft: Draft, command: StateCommand): CommandOutcome['result'] {
  switch (command.kind) {
    case 'admit':
      return admit(draft, command)
    case 'uncount': {
      const { readings, changed } = giveBack(draft.record, command.receipts, draft.nowMs)
      draft.putRecords(changed)
      return { readings }
    }
    case 'claim':
      return claim(draft, command)
    case 'dispatch':
      return { dispatched: dispatch(draft, command.callId) }
    case 'extend':
      return { extended: extend(draft, command) }
    case 'free':
      draft.freeSlots(command.callId)
      return { freed: draft.hasSlots(command.callId) }
    case 'beat':
      draft.beat(command.owner, draft.nowMs + command.ttlMs)
      return {}
    case 'settle':
      return settle(draft, command)
    case 'bind-lease':
      return bindLease(draft, command)
    case 'renew-lease':
      return renewLease(draft, command)
    case 'end-lease':
      return endLease(draft, command)
    case 'grant':
      return grant(draft, command)
    case 'debit':
      return debit(draft, command)
    case 'sweep': {
      const resolved = resolveDue(draft, command.limit)
      const isAll = forget(draft, command.limit, command.leasesKeptMs ?? LEASES_KEPT_MS)
      return isAll ? resolved : { ...resolved, nextDueMs: draft.nowMs }
    }
  }
}
