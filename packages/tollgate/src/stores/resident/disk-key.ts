/** Names of what a decision reads and memory may not have: what to load, and what must be decided in the order in which it was asked. */
import type { AdmitCommand } from '../../engine/counters.ts'
import { footprintOf } from '../../engine/decide-command.ts'
import type { FootprintKey } from '../../engine/footprint.ts'
import { isDurable } from '../../engine/kinds/kinds.ts'
import type { NamedMovement } from '../../engine/money/ledger.ts'
import type { Command } from '../store.ts'
import type { DueRows, Loaded, Wanted } from './disk.ts'

/** Begins with its kind: `s` a subject, `c` a call, `k` the call of a scope, `l` a lease of an API, `a` one of an account, `m` a grant or debit. */
export type DiskKey = string

export const subjectDiskKey = (subject: string): DiskKey => `s${subject}`
export const callKey = (id: string): DiskKey => `c${id}`
export const scopeKey = (scope: string): DiskKey => `k${scope}`
export const leaseKey = (api: string, id: string): DiskKey => `l${JSON.stringify([api, id])}`
export const accountLeaseKey = (accountId: string, id: string): DiskKey => `a${JSON.stringify([accountId, id])}`
export const movementKey = ({ kind, subject, name, id }: NamedMovement): DiskKey => `m${JSON.stringify([kind, subject, name, id])}`

/** What the command names. What more its decision turns out to read is loaded when it asks. */
export function keysOf(command: Command): DiskKey[] {
  if (command.kind === 'put' || command.kind === 'delete' || command.kind === 'log') return []
  // What takes no money has no record, and mostly is a new call.
  const skipsCall = command.kind === 'admit' && !takesMoney(command)
  const keys: DiskKey[] = []
  for (const named of footprintOf(command)) {
    const key = skipsCall && named.of === 'call' ? undefined : diskKeyOf(named)
    if (key !== undefined) keys.push(key)
  }
  return keys
}

/** What is forgotten needs no more than its name. */
export function keysOfDue({ calls, leases, subjects }: DueRows): DiskKey[] {
  return [...calls.map(callKey), ...leases.map(([api, id]) => leaseKey(api, id)), ...subjects.map(subjectDiskKey)]
}

/** Undefined: it is in memory alone. */
function diskKeyOf(key: FootprintKey): DiskKey | undefined {
  switch (key.of) {
    case 'subject':
      return subjectDiskKey(key.subject)
    case 'call':
      return callKey(key.id)
    case 'scope':
      return scopeKey(key.scope)
    case 'lease':
      return leaseKey(key.api, key.id)
    case 'account-lease':
      return accountLeaseKey(key.accountId, key.id)
    case 'movement':
      return movementKey(key.movement)
    case 'expiring-leases':
    case 'slots':
    case 'call-slots':
    case 'owner':
    case 'due':
      return undefined
  }
}

/** Money, or a lease that outlives the process. */
export function takesMoney({ takes }: AdmitCommand): boolean {
  return takes.some(isDurable)
}

export function toWanted(keys: Iterable<DiskKey>): Wanted {
  const all = [...keys]
  const of = (kind: string): string[] => all.filter((key) => key.startsWith(kind)).map((key) => key.slice(1))
  return {
    subjects: of('s'),
    calls: of('c'),
    scopes: of('k'),
    leases: of('l').map((text) => JSON.parse(text) as [string, string]),
    accountLeases: of('a').map((text) => JSON.parse(text) as [string, string]),
    movements: of('m').map((text) => JSON.parse(text) as ['grant' | 'debit', string, string, string]),
  }
}

export function* eachLoaded(wanted: Wanted, loaded: Loaded): Iterable<readonly [key: DiskKey, text: string | undefined]> {
  for (const [at, subject] of wanted.subjects.entries()) yield [subjectDiskKey(subject), loaded.subjects[at]]
  for (const [at, id] of wanted.calls.entries()) yield [callKey(id), loaded.calls[at]]
  for (const [at, scope] of wanted.scopes.entries()) yield [scopeKey(scope), loaded.scopes[at]]
  for (const [at, lease] of wanted.leases.entries()) yield [leaseKey(...lease), loaded.leases[at]]
  for (const [at, lease] of wanted.accountLeases.entries()) yield [accountLeaseKey(...lease), loaded.accountLeases[at]]
  for (const [at, [kind, subject, name, id]] of wanted.movements.entries()) yield [movementKey({ kind, subject, name, id }), loaded.movements[at]]
}
