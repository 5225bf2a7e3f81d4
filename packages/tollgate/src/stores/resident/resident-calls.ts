/** Calls in memory: most that live, and what the disk does not have yet. Of the others it knows which are not there. */
import type { CallRecord } from '../../engine/calls/call-record.ts'
import { callDueMs } from '../../engine/state.ts'
import type { CallRow, DiskContents } from './disk.ts'
import { callKey, scopeKey } from './disk-key.ts'
import { createCallNames, type CallNames } from './call-names.ts'
import { earliestOf } from './earliest.ts'
import type { FreshRows } from './fresh-rows.ts'
import { parseRow } from '../stored-json.ts'

export interface ResidentCalls {
  /** Throws a NotLoaded where only the disk knows. */
  get(id: string): CallRecord | undefined
  ofScope(scope: string): CallRecord | undefined
  has(id: string): boolean
  hasScope(scope: string): boolean
  set(id: string, call: CallRecord | undefined): void
  /** Returns what puts it back as it is now: among what waits, or as the disk has it. */
  remember(id: string): () => void
  due(nowMs: number, limit: number): readonly CallRecord[]
  forgettable(nowMs: number, limit: number): readonly string[]
  /** When the first of those falls due that wait to be written. */
  earliestMs(): number
  isUnwritten(id: string): boolean
  readonly names: CallNames
  isScopeUnwritten(scope: string): boolean
  waiting(): number
  write(): { readonly gone: readonly string[]; readonly rows: readonly CallRow[]; readonly written: () => void }
}

export function createResidentCalls({ calls, callNames }: DiskContents, fresh: FreshRows): ResidentCalls {
  const living = new Map<string, CallRecord>()
  const livingScopes = new Map<string, string>()
  const changed = new Map<string, CallRecord | undefined>()
  const changedScopes = new Map<string, string>()
  const names = createCallNames(callNames)
  const resident = (id: string): CallRecord | undefined => (changed.has(id) ? changed.get(id) : living.get(id))

  for (const json of calls) {
    try {
      live(parseRow<CallRecord>(json))
    } catch {
      // Damaged: whoever asks for it hears so from the disk.
    }
  }

  function live(call: CallRecord): void {
    living.set(call.id, call)
    if (call.claim !== undefined) livingScopes.set(call.claim.scope, call.id)
  }

  function get(id: string): CallRecord | undefined {
    if (changed.has(id)) return changed.get(id)
    const call = living.get(id)
    if (call !== undefined || !names.mayHave(id)) return call
    const text = fresh.get(callKey(id))
    return text === undefined ? undefined : parseRow<CallRecord>(text)
  }

  /** The disk has it now. */
  function settleDown(id: string, call: CallRecord | undefined): void {
    changed.delete(id)
    fresh.drop(callKey(id))
    const former = living.get(id)
    const scope = former?.claim?.scope
    if (scope !== undefined && livingScopes.get(scope) === id) livingScopes.delete(scope)
    living.delete(id)
    // A call is written more than once, and its name is the same each time.
    if (call === undefined || former === undefined || scope !== call.claim?.scope) {
      names.remove(id)
      if (call !== undefined) names.add(id, call.claim?.scope ?? null)
    }
    if (call !== undefined && call.state !== 'done') live(call)
  }

  return {
    get,
    ofScope(scope) {
      const id = changedScopes.get(scope) ?? livingScopes.get(scope)
      if (id === undefined && !names.mayHaveScope(scope)) return undefined
      const text = id === undefined ? fresh.get(scopeKey(scope)) : undefined
      if (id === undefined && text === undefined) return undefined
      const stored = text === undefined ? undefined : parseRow<CallRecord>(text)
      const known = id ?? stored?.id ?? ''
      const call = changed.has(known) ? changed.get(known) : (living.get(known) ?? stored)
      return call?.claim?.scope === scope ? call : undefined
    },
    has: (id) => changed.has(id) || living.has(id) || !names.mayHave(id) || fresh.has(callKey(id)),
    hasScope: (scope) => changedScopes.has(scope) || livingScopes.has(scope) || !names.mayHaveScope(scope) || fresh.has(scopeKey(scope)),
    set(id, call) {
      // Where a call loses its key, others may see that this is not on disk yet.
      const scope = (call?.claim ?? resident(id)?.claim)?.scope
      if (scope !== undefined) changedScopes.set(scope, id)
      changed.set(id, call)
    },
    remember(id) {
      const [wasChanged, call] = [changed.has(id), changed.get(id)]
      return () => {
        for (const scope of [resident(id)?.claim?.scope, living.get(id)?.claim?.scope]) {
          if (scope !== undefined && changedScopes.get(scope) === id) changedScopes.delete(scope)
        }
        if (wasChanged) changed.set(id, call)
        else changed.delete(id)
        const known = resident(id)
        if (wasChanged && known?.claim !== undefined) changedScopes.set(known.claim.scope, id)
      }
    },
    due: (nowMs, limit) => [...new Set([...fresh.due.calls, ...changed.keys()])].flatMap((id) => get(id) ?? []).filter((call) => (callDueMs(call) ?? Infinity) <= nowMs).slice(0, limit),
    forgettable(nowMs, limit) {
      const candidates = new Set([...fresh.due.forgettable, ...changed.keys()])
      // What the disk says is true of what has not changed since.
      const isMeant = (id: string): boolean => (changed.has(id) ? (changed.get(id)?.ended?.keptUntilMs ?? Infinity) <= nowMs : !living.has(id))
      return [...candidates].filter(isMeant).slice(0, limit)
    },
    earliestMs: () => earliestOf(changed.values(), (call) => call && callDueMs(call)),
    isUnwritten: (id) => changed.has(id),
    names,
    isScopeUnwritten: (scope) => changedScopes.has(scope),
    waiting: () => changed.size,
    write() {
      const gone: string[] = []
      const kept: CallRecord[] = []
      const keyed: CallRow[] = []
      const rows: CallRow[] = []
      changed.forEach((call, id) => {
        if (call === undefined) return void gone.push(id)
        kept.push(call)
        // First what has no key: it may have had the key of what comes.
        ;(call.claim === undefined ? rows : keyed).push(toRow(call))
      })
      for (const row of keyed) rows.push(row)
      const scopes = [...changedScopes]
      return {
        gone,
        rows,
        written() {
          for (const id of gone) if (changed.get(id) === undefined) settleDown(id, undefined)
          for (const call of kept) if (changed.get(call.id) === call) settleDown(call.id, call)
          for (const [scope, id] of scopes) {
            fresh.drop(scopeKey(scope))
            if (changedScopes.get(scope) === id && !changed.has(id)) changedScopes.delete(scope)
          }
        },
      }
    },
  }
}

function toRow(call: CallRecord): CallRow {
  const { id, claim, accountId, state, createdAtMs, ended } = call
  return [id, claim?.scope ?? null, accountId, state, createdAtMs, callDueMs(call) ?? null, ended?.keptUntilMs ?? null, JSON.stringify(call)]
}
