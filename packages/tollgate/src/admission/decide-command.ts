/**
 * Every decision of a store about meters, money, leases and calls, as one pure function: the state and a command in, the result and the changes
 * out. Whatever is due by then is resolved first, so that a command meets the state that time has made of it.
 */
import { balanceOf } from './balance.ts'
import { toStatement, type BalanceStatement } from './balance-statement.ts'
import { admit } from './decide-admit.ts'
import { debit, grant } from './decide-balance.ts'
import { claim, dispatch, extend } from './decide-claim.ts'
import { forget, resolveDue } from './decide-due.ts'
import { bindLease, endLease, renewLease } from './decide-lease.ts'
import { Draft } from './draft.ts'
import type { Reading, Take } from './meter.ts'
import { decideStage, giveBack, readStage } from './stage.ts'
import { settle } from './settlement.ts'
import { noChanges, type Changes, type StateView } from './state.ts'
import type { AdmitCommand } from './counters.ts'
import type { DeleteCommand, PutCommand } from './documents.ts'
import type { LogCommand } from './journal.ts'
import type { Command, ResultOf } from './store.ts'

/** How long a session that is over can still be told from one that never was. */
const LEASES_KEPT_MS = 30 * 86_400_000

/** All that concern neither documents nor the request log. */
export type StateCommand = Exclude<Command, PutCommand | DeleteCommand | LogCommand>

/** What a command came to, and what it changes. Nothing has changed yet: the store does that. */
export interface CommandOutcome {
  readonly result: ResultOf[StateCommand['kind']]
  readonly changes: Changes
}

/**
 * Decides one command over the state: pure, the same for every store. `dueMax`: how much of what is due is resolved on the way, of each kind.
 *
 * @example
 * // In a store, for each command of a batch:
 * function decide(view: StateView, command: StateCommand) {
 *   const { result, changes } = decideCommand(view, command, Date.now(), 1_000)
 *   return { result, changes, mustBeDurable: isWeighty(changes) }
 * }
 */
export function decideCommand(view: StateView, command: StateCommand, nowMs: number, dueMax: number): CommandOutcome {
  if (command.kind === 'admit' && command.call === undefined && nowMs < view.nextDueMs) return decideCounting(view, command, nowMs)
  const draft = new Draft(view, nowMs)
  if (command.kind !== 'sweep') resolveDue(draft, dueMax)
  const result = decide(draft, command)
  return { result, changes: draft.changes }
}

/** The short way of most admissions: they take no money, and nothing is due. */
function decideCounting(view: StateView, { takes }: AdmitCommand, nowMs: number): CommandOutcome {
  const { decision, changed, counted } = decideStage(view.record, takes, nowMs)
  return { result: decision, changes: { ...noChanges, records: changed, counted } }
}

/**
 * Current readings of the takes, as the next command would find them.
 *
 * @example
 * function peek(view: StateView, takes: readonly Take[]) {
 *   return peekStage(view, takes, Date.now(), 1_000)
 * }
 */
export function peekStage(view: StateView, takes: readonly Take[], nowMs: number, dueMax: number): readonly Reading[] {
  const draft = new Draft(view, nowMs)
  resolveDue(draft, dueMax)
  return readStage(draft.record, takes, nowMs, { call: undefined, slotsAlive: view.slotsAlive, expiringLeases: view.expiringLeases })
}

/**
 * The money of a subject, as the next command would find it.
 *
 * @example
 * function balanceOf(view: StateView, account: string) {
 *   return readBalance(view, `account:${account}`, 'credit', Date.now(), 1_000)
 * }
 */
export function readBalance(view: StateView, subject: string, name: string, nowMs: number, dueMax: number): BalanceStatement | undefined {
  const draft = new Draft(view, nowMs)
  resolveDue(draft, dueMax)
  const state = balanceOf(draft.record(subject), name)
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
      return { freed: draft.view.hasSlots(command.callId) }
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
