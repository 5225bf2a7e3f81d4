/**
 * Every decision of a store about meters, money, leases and calls, as one pure function: the state and a command in, the result and the changes
 * out. What has fallen due among the things that a command is about is resolved first, so that it meets the state that time has made of them; the rest is a
 * sweep's.
 */
import { admitDecision } from './calls/decide-admit.ts'
import { claimDecision, dispatchDecision, extendDecision } from './calls/decide-claim.ts'
import { sweepDecision } from './calls/decide-due.ts'
import { bindLeaseDecision, endLeaseDecision, renewLeaseDecision } from './calls/decide-lease.ts'
import { settleDecision } from './calls/decide-settle.ts'
import type { AdmitCommand } from './counters.ts'
import type { Decision, StateCommand, StateResults } from './decision.ts'
import { Draft } from './draft.ts'
import type { FootprintKey } from './footprint.ts'
import { beatDecision, freeDecision, uncountDecision } from './meters/decide-counts.ts'
import { decideStage } from './meters/stage.ts'
import { debitDecision, grantDecision } from './money/decide-balance.ts'
import { noChanges, type Changes, type StateView } from './state.ts'

/** What a command came to, and what it changes. Nothing has changed yet: the store does that. */
export interface CommandOutcome {
  readonly result: StateResults[StateCommand['kind']]
  readonly changes: Changes
}

const decisions: { readonly [K in StateCommand['kind']]: Decision<Extract<StateCommand, { readonly kind: K }>> } = {
  admit: admitDecision,
  uncount: uncountDecision,
  claim: claimDecision,
  dispatch: dispatchDecision,
  extend: extendDecision,
  free: freeDecision,
  beat: beatDecision,
  settle: settleDecision,
  'bind-lease': bindLeaseDecision,
  'renew-lease': renewLeaseDecision,
  'end-lease': endLeaseDecision,
  grant: grantDecision,
  debit: debitDecision,
  sweep: sweepDecision,
}

const decisionOf = ({ kind }: StateCommand): Decision => decisions[kind]

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
  const result = decisionOf(command).decide(draft, command)
  return { result, changes: draft.changes }
}

/** Counts alone. A class: to spread `noChanges` costs a tenth of such a decision. */
class CountChanges implements Changes {
  readonly records: Changes['records']
  readonly counted: Changes['counted']
  readonly touched = noChanges.touched
  readonly calls = noChanges.calls
  readonly leases = noChanges.leases
  readonly goneLeases = noChanges.goneLeases
  readonly ledger = noChanges.ledger
  readonly slotsTaken = undefined
  readonly slotsExtended = undefined
  readonly beat = undefined
  readonly ended = noChanges.ended

  constructor(records: Changes['records'], counted: Changes['counted']) {
    this.records = records
    this.counted = counted
  }
}

/** The short way of most admissions: they take no money. */
function decideCounting(view: StateView, { takes }: AdmitCommand, nowMs: number): CommandOutcome {
  const { decision, changed, counted } = decideStage(view.record, takes, nowMs)
  return { result: decision, changes: new CountChanges(changed, counted) }
}

/**
 * What the command names of that which its decision reads: the first round. `loadView` makes both.
 *
 * @example
 * footprintOf({ kind: 'dispatch', callId: 'req_1' }) // => [{ of: 'call', id: 'req_1' }, { of: 'call-slots', callId: 'req_1' }]
 */
export function footprintOf(command: StateCommand): readonly FootprintKey[] {
  return decisionOf(command).footprint(command)
}

/**
 * Throws for what no store may take, before anything takes effect: amounts that are none, money for nobody.
 *
 * @example
 * assertStateCommand({ kind: 'extend', callId: 'req_1', holdMs: 60_000 })
 */
export function assertStateCommand(command: StateCommand): void {
  decisionOf(command).assert(command)
}
