/** One look at the remote and what is written upon it: it holds only if nothing that was read has changed meanwhile. */
import {
  callDueMs,
  decodeRecord,
  emptyRecord,
  encodeRecord,
  leaseDueMs,
  namedMovement,
  pruneRecord,
  recordDueMs,
  StoreUnavailableError,
  type CallRecord,
  type CallSlots,
  type DueThings,
  type Finding,
  type FootprintKey,
  type GroupChanges,
  type Lease,
  type LedgerEntry,
  type NamedMovement,
  type OwnedSlots,
  type SubjectRecord,
} from 'tollgate/engine'
import type { Cell, Remote } from './remote.ts'

export const keys = {
  subject: (subject: string): string => `subject/${subject}`,
  /** Of the last row of its ledger. */
  number: (subject: string): string => `number/${subject}`,
  call: (id: string): string => `call/${id}`,
  scope: (scope: string): string => `scope/${scope}`,
  lease: (api: string, id: string): string => `lease/${JSON.stringify([api, id])}`,
  accountLeases: (accountId: string): string => `account-lease/${JSON.stringify(accountId)}/`,
  accountLease: (accountId: string, id: string): string => `${keys.accountLeases(accountId)}${id}`,
  movement: ({ kind, subject, name, id }: NamedMovement): string => `movement/${JSON.stringify([kind, subject, name, id])}`,
  /** The ids of the calls that have slots on it. */
  slots: (subject: string, name: string): string => `slots/${JSON.stringify([subject, name])}`,
  callSlots: (callId: string): string => `call-slots/${callId}`,
  owner: (owner: string): string => `owner/${owner}`,
}

export function toRecord(text: string | undefined): SubjectRecord {
  if (text === undefined) return emptyRecord
  const record = decodeRecord(text)
  if (record === undefined) throw new StoreUnavailableError(`a record cannot be read: ${text.slice(0, 40)}`)
  return record
}

const parse = <T>(text: string | undefined): T | undefined => (text === undefined ? undefined : (JSON.parse(text) as T))

export function createTransaction(remote: Remote) {
  const cells = new Map<string, Cell>()
  const write = new Map<string, string | undefined>()
  const append: { readonly log: string; readonly text: string }[] = []
  let nowMs = 0

  async function read(wanted: readonly string[]): Promise<readonly (string | undefined)[]> {
    const missing = [...new Set(wanted)].filter((key) => !cells.has(key))
    if (missing.length > 0) {
      const answer = await remote.read(missing)
      nowMs = answer.nowMs
      for (const [at, key] of missing.entries()) cells.set(key, answer.cells[at] as Cell)
    }
    return wanted.map((key) => cells.get(key)?.text)
  }

  async function readOne<T>(key: string): Promise<T | undefined> {
    const [text] = await read([key])
    return parse<T>(text)
  }

  async function readLeases(names: readonly (readonly [api: string, id: string])[]): Promise<readonly Lease[]> {
    return (await read(names.map((name) => keys.lease(...name)))).flatMap((text) => parse<Lease>(text) ?? [])
  }

  async function find(key: FootprintKey): Promise<Finding> {
    switch (key.of) {
      case 'subject': {
        const [text] = await read([keys.subject(key.subject), keys.number(key.subject)])
        return { ...key, found: toRecord(text) }
      }
      case 'call':
        return { ...key, found: await readOne<CallRecord>(keys.call(key.id)) }
      case 'scope': {
        const id = await readOne<string>(keys.scope(key.scope))
        const call = id === undefined ? undefined : await readOne<CallRecord>(keys.call(id))
        return { ...key, found: call?.claim?.scope === key.scope ? call : undefined }
      }
      case 'lease':
        return { ...key, found: await readOne<Lease>(keys.lease(key.api, key.id)) }
      case 'account-lease': {
        const name = await readOne<[string, string]>(keys.accountLease(key.accountId, key.id))
        return { ...key, found: name && (await readOne<Lease>(keys.lease(...name))) }
      }
      case 'expiring-leases': {
        const names = (await remote.scan(keys.accountLeases(key.accountId))).map(({ text }) => JSON.parse(text) as [string, string])
        return { ...key, found: (await readLeases(names)).filter((lease) => leaseDueMs(lease) !== undefined) }
      }
      case 'movement':
        return { ...key, found: await readOne<LedgerEntry>(keys.movement(key.movement)) }
      case 'slots':
        return { ...key, found: await slotsOn(key) }
      case 'call-slots': {
        const slots = await readOne<CallSlots>(keys.callSlots(key.callId))
        return { ...key, found: slots !== undefined && slots.deadlineMs > nowMs ? slots : undefined }
      }
      case 'owner':
        return { ...key, found: await readOne<number>(keys.owner(key.owner)) }
      case 'due':
        return { ...key, found: await due(key) }
    }
  }

  async function slotsOn({ subject, name }: { readonly subject: string; readonly name: string }): Promise<readonly OwnedSlots[]> {
    const callIds = (await readOne<readonly string[]>(keys.slots(subject, name))) ?? []
    const quantities = new Map<string | undefined, number>()
    for (const text of await read(callIds.map(keys.callSlots))) {
      const slots = parse<CallSlots>(text)
      if (slots === undefined || slots.deadlineMs <= nowMs) continue
      const quantity = slots.taken.filter((taken) => taken.subject === subject && taken.name === name).reduce((sum, taken) => sum + taken.quantity, 0)
      quantities.set(slots.owner, (quantities.get(slots.owner) ?? 0) + quantity)
    }
    return [...quantities].map(([owner, quantity]) => ({ owner, quantity }))
  }

  /** A database has an index for each of these; a test has time. */
  async function due({ limit, leasesKeptMs }: Extract<FootprintKey, { readonly of: 'due' }>): Promise<DueThings> {
    await read(['clock'])
    const first = <T>(things: readonly T[], dueMsOf: (thing: T) => number | undefined, byMs: number): readonly T[] =>
      things
        .filter((thing) => (dueMsOf(thing) ?? Infinity) <= byMs)
        .toSorted((a, b) => (dueMsOf(a) ?? 0) - (dueMsOf(b) ?? 0))
        .slice(0, limit)
    const [calls, leases, records] = [await scanCalls(remote), await scanLeases(remote), await scanRecords(remote)]
    const found = {
      calls: first(calls, callDueMs, nowMs),
      leases: first(leases, leaseDueMs, nowMs),
      subjects: first(records, ({ record }) => recordDueMs(record), nowMs).map(({ subject }) => subject),
      forgettable: first(calls, (call) => call.ended?.keptUntilMs, nowMs).map(({ id }) => id),
      ended: first(leases, ({ endedAtMs }) => endedAtMs, nowMs - leasesKeptMs),
    }
    // What was found is read once more, now with its version: another may have ended it.
    const still = await read([...found.calls.map(({ id }) => keys.call(id)), ...found.forgettable.map(keys.call)])
    const open = still.slice(0, found.calls.length).flatMap((text) => parse<CallRecord>(text) ?? [])
    return { ...found, calls: open.filter((call) => call.state !== 'done'), leases: await readLeases(found.leases.map(({ api, id }) => [api, id])), ended: await readLeases(found.ended.map(({ api, id }) => [api, id])) }
  }

  function putAll({ records, calls, leases, slots, owners, ledger }: GroupChanges): void {
    for (const [subject, record] of records) {
      const live = pruneRecord(record, nowMs)
      put(keys.subject(subject), live.length === 0 ? undefined : encodeRecord(live))
    }
    for (const [id, call] of calls) {
      put(keys.call(id), call && JSON.stringify(call))
      if (call?.claim !== undefined) put(keys.scope(call.claim.scope), JSON.stringify(id))
    }
    for (const { api, id, accountId, lease } of leases) {
      put(keys.lease(api, id), lease && JSON.stringify(lease))
      put(keys.accountLease(accountId, id), lease && JSON.stringify([api, id]))
    }
    for (const [owner, untilMs] of owners) put(keys.owner(owner), JSON.stringify(untilMs))
    for (const entry of ledger) {
      const number = Number(textOf(keys.number(entry.subject)) ?? 0) + 1
      put(keys.number(entry.subject), String(number))
      append.push({ log: 'ledger', text: JSON.stringify({ ...entry, number }) })
      const movement = namedMovement(entry)
      if (movement !== undefined) put(keys.movement(movement), JSON.stringify(entry))
    }
    putSlots(slots)
  }

  function putSlots(slots: GroupChanges['slots']): void {
    for (const [callId, held] of slots) put(keys.callSlots(callId), held && JSON.stringify(held))
    const taken = new Map<string, Set<string>>()
    for (const [callId, held] of slots) {
      for (const { subject, name } of held?.taken ?? []) {
        const key = keys.slots(subject, name)
        // What was not read was not taken in this group: it stands there.
        if (cells.has(key)) taken.set(key, (taken.get(key) ?? new Set()).add(callId))
      }
    }
    for (const [key, callIds] of taken) {
      const former = parse<readonly string[]>(textOf(key)) ?? []
      const living = former.filter((id) => textOf(keys.callSlots(id)) !== undefined)
      put(key, JSON.stringify([...new Set([...living, ...callIds])]))
    }
  }

  /** As it stands after what is to be written. */
  function textOf(key: string): string | undefined {
    return write.has(key) ? write.get(key) : cells.get(key)?.text
  }

  function put(key: string, text: string | undefined): void {
    write.set(key, text)
  }

  return {
    read,
    textOf,
    put,
    putAll,
    append: (log: string, text: string): void => void append.push({ log, text }),
    /** One after the other: each may find in what others have read. */
    find: async (wanted: readonly FootprintKey[]): Promise<readonly Finding[]> => {
      const found: Finding[] = []
      for (const key of wanted) found.push(await find(key))
      return found
    },
    /** As the server said with its last answer. */
    nowMs: () => nowMs,
    commit: () => remote.commit({ read: new Map([...cells].map(([key, { version }]) => [key, version])), write, append, atMs: nowMs }),
  }
}

export type Transaction = ReturnType<typeof createTransaction>

export const scanCalls = async (remote: Remote): Promise<readonly CallRecord[]> => (await remote.scan('call/')).map(({ text }) => JSON.parse(text) as CallRecord)
export const scanLeases = async (remote: Remote): Promise<readonly Lease[]> => (await remote.scan('lease/')).map(({ text }) => JSON.parse(text) as Lease)
export const scanRecords = async (remote: Remote) => (await remote.scan('subject/')).map(({ key, text }) => ({ subject: key.slice('subject/'.length), record: toRecord(text) }))
