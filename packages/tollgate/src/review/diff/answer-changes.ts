/**
 * The truth behind "breaking": a client that was made from the old contract reads what the new one answers to the same refusal. What it then takes for another
 * entry, code, rule or set of details has changed for it, whatever the declarations look like.
 */
import type { Contract, Entry } from '../../contract/declare/contract.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { serverReasons } from '../../contract/declare/reason.ts'
import type { ReadError } from '../../contract/declare/wire.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { typicalFacts } from '../../testing/typical-facts.ts'
import type { FoundChange } from './change.ts'
import type { MatchedEntry } from './matched-entries.ts'

const NOW_MS = Date.UTC(2024, 0, 1)

/** One refusal, read twice by the old contract. */
export interface AnswerChange {
  readonly path: string
  readonly entry: string
  readonly before: ReadError | undefined
  readonly after: ReadError | undefined
  readonly isOfMeaning: boolean
}

/** Each matched entry with typical facts and with none, by its name and as the contracts choose; and each reason as they choose for it. */
export function answerChanges(before: Contract, after: Contract, matched: readonly MatchedEntry[]): readonly AnswerChange[] {
  const byEntry = matched.flatMap(({ before: one, after: other }) => (one === undefined || other === undefined ? [] : refusalsOf(one, other).flatMap(([was, is]) => compared(before, after, was, is, `entries.${other.id}`, one.id))))
  const byReason = serverReasons.flatMap((reason) => {
    const told = { ...typicalFacts({ ...before.entryFor(reason, {}), when: {} }, NOW_MS), resource: undefined, period: undefined, state: undefined, failure: undefined }
    return [{}, told].flatMap((facts) => compared(before, after, refuse(reason, facts), refuse(reason, facts), `entries (${reason})`, before.entryFor(reason, facts).id))
  })
  return [...byEntry, ...byReason]
}

function refusalsOf(one: Entry, other: Entry): readonly (readonly [was: Refusal, is: Refusal])[] {
  const facts = { ...typicalFacts(other, NOW_MS), ...typicalFacts(one, NOW_MS) }
  const named = [{}, facts].map((told) => [refuse(one.reason, told, { entry: one.id }), refuse(other.reason, told, { entry: other.id })] as const)
  // Of two that fit the first is chosen: where they stand decides, too.
  const chosen = refuse(one.reason, typicalFacts(one, NOW_MS))
  return [...named, [chosen, chosen]]
}

function compared(before: Contract, after: Contract, was: Refusal, is: Refusal, path: string, entry: string): readonly AnswerChange[] {
  const [one, other] = [readBy(before, before, was), readBy(before, after, is)]
  // What is new is no loss: only what was there is missed.
  const isOfMeaning = one?.entry !== other?.entry || String(one?.code) !== String(other?.code) || one?.retry !== other?.retry
  const isOfDetails = Object.entries(one?.details ?? {}).some(([name, value]) => JSON.stringify(other?.details[name]) !== JSON.stringify(value))
  return isOfMeaning || isOfDetails ? [{ path, entry, before: one, after: other, isOfMeaning }] : []
}

function readBy(reader: Contract, writer: Contract, refusal: Refusal): ReadError | undefined {
  // The same id, in whatever form it is minted.
  const { status, headers, body } = writer.answer(refusal, { requestId: 'req_0', nowMs: NOW_MS })
  return reader.read({ status, headers: toReceivedHeaders(headers), body })
}

/** Those that no change tells so far: they must not pass as safe. */
export function untoldChanges(changes: readonly AnswerChange[], isTold: (change: AnswerChange) => boolean): readonly FoundChange[] {
  const seen = new Set<string>()
  return changes.flatMap((change) => {
    const rule = change.isOfMeaning ? 'read-differently' : 'details-read-differently'
    const key = `${rule} ${change.path}`
    if (isTold(change) || seen.has(key)) return []
    seen.add(key)
    return [{ rule, path: change.path, before: summaryOf(change.before), after: summaryOf(change.after), says: `a client of the old contract reads "${change.entry}" as something else` }]
  })
}

function summaryOf(read: ReadError | undefined): unknown {
  return read === undefined ? 'no refusal' : { entry: read.entry, code: read.code, retry: read.retry, details: read.details }
}
