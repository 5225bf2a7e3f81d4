/**
 * What a decision may read, named before it reads: a store whose truth lies elsewhere loads that, decides over it, and writes what changed.
 *
 * Two rounds, never a third: what a command names, and what the calls and leases name that were found there (the subjects of their holds).
 */
import type { CallRecord, TakenLease } from './calls/call-record.ts'
import type { StateCommand } from './decide-command.ts'
import { takesSessions } from './calls/decide-admit.ts'
import type { Lease } from './calls/lease.ts'
import type { NamedMovement } from './money/ledger.ts'
import type { Take } from './meters/meter.ts'

/** One thing to load. `due`: what time alone has made due, and what may be forgotten, of each kind at most so many. */
export type FootprintKey =
  | { readonly of: 'subject'; readonly subject: string }
  | { readonly of: 'call'; readonly id: string }
  | { readonly of: 'scope'; readonly scope: string }
  | { readonly of: 'lease'; readonly api: string; readonly id: string }
  | { readonly of: 'account-lease'; readonly accountId: string; readonly id: string }
  | { readonly of: 'expiring-leases'; readonly accountId: string }
  | { readonly of: 'movement'; readonly movement: NamedMovement }
  | { readonly of: 'slots'; readonly subject: string; readonly name: string }
  | { readonly of: 'call-slots'; readonly callId: string }
  | { readonly of: 'due'; readonly limit: number; readonly leasesKeptMs: number | undefined }

/** What the first round found. */
export interface FirstRound {
  readonly calls: readonly CallRecord[]
  readonly leases: readonly Lease[]
  /** With grants that have expired. */
  readonly dueSubjects: readonly string[]
}

const subjectOf = ({ subject }: { readonly subject: string }): FootprintKey => ({ of: 'subject', subject })
const callKeys = (id: string): readonly FootprintKey[] => [{ of: 'call', id }, { of: 'call-slots', callId: id }]

/**
 * The first round: what the command names.
 *
 * @example
 * async function load(command: StateCommand, read: (keys: readonly FootprintKey[]) => Promise<FirstRound>) {
 *   const first = await read(footprintOf(command))
 *   return read(furtherFootprint(first))
 * }
 */
export function footprintOf(command: StateCommand): readonly FootprintKey[] {
  switch (command.kind) {
    case 'admit': {
      const { takes, call } = command
      const sessions: readonly FootprintKey[] = call !== undefined && takes.some(takesSessions) ? [{ of: 'expiring-leases', accountId: call.accountId }] : []
      return [...takesFootprint(takes), ...sessions, ...(call === undefined ? [] : callKeys(call.id))]
    }
    case 'uncount':
      return command.receipts.map(subjectOf)
    case 'claim':
      return [...callKeys(command.call.id), { of: 'scope', scope: command.claim.scope }]
    case 'dispatch':
    case 'extend':
    case 'free':
      return callKeys(command.callId)
    case 'beat':
      return []
    case 'settle': {
      const { callId, late } = command
      const scope: readonly FootprintKey[] = late?.claim === undefined ? [] : [{ of: 'scope', scope: late.claim.scope }]
      return [...callKeys(callId), ...scope, ...[...(late?.holds ?? []), ...(late?.counts ?? [])].map(subjectOf)]
    }
    case 'bind-lease':
      return [...callKeys(command.callId), { of: 'lease', api: command.api, id: command.id }]
    case 'renew-lease':
    case 'end-lease':
      return [{ of: 'account-lease', accountId: command.accountId, id: command.id }]
    case 'grant':
      return [subjectOf(command), { of: 'movement', movement: { kind: 'grant', subject: command.subject, name: command.name, id: command.grantId } }]
    case 'debit':
      return [subjectOf(command), { of: 'movement', movement: { kind: 'debit', subject: command.subject, name: command.name, id: command.debitId } }]
    case 'sweep':
      return [{ of: 'due', limit: command.limit, leasesKeptMs: command.leasesKeptMs }]
  }
}

/** The second round: what they hold is in the records of subjects, and what they end, too. */
export function furtherFootprint({ calls, leases, dueSubjects }: FirstRound): readonly FootprintKey[] {
  const taken: readonly TakenLease[] = [...calls.flatMap((call) => call.leases), ...leases.flatMap((lease) => lease.taken)]
  const subjects = new Set([...dueSubjects, ...calls.flatMap(({ holds, counts = [] }) => [...holds, ...counts].map(({ subject }) => subject)), ...taken.map(({ subject }) => subject)])
  return [...[...subjects].map((subject): FootprintKey => ({ of: 'subject', subject })), ...calls.map(({ id }): FootprintKey => ({ of: 'call-slots', callId: id }))]
}

/** What a look at the takes reads, and the counting part of an admission. */
export function takesFootprint(takes: readonly Take[]): readonly FootprintKey[] {
  return takes.map(({ subject, name, meter }): FootprintKey => (meter.kind === 'lease' && meter.of === 'slot' ? { of: 'slots', subject, name } : { of: 'subject', subject }))
}
