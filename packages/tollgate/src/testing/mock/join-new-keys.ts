/**
 * A client that makes a key for each attempt looks like one that makes many calls. The signs: a call that may be repeated has one attempt and no more, and
 * then the same bytes come under a new key. A client that keeps its keys repeats under the first one, and so is never taken for it.
 */
import type { MockAttempt, MockCall } from './mock-attempt.ts'

/** So long after the answer, or after the wait that it told, may the repeat come. */
const WITHIN_MS = 60_000

export function joinNewKeys(calls: readonly MockCall[]): readonly MockCall[] {
  /** Calls of one attempt that nothing has followed, by what was sent. */
  const open = new Map<string, MockCall[]>()
  const joined = new Map<number, MockCall>()
  for (const call of calls) {
    const [first] = call.attempts
    const before = first?.idempotencyKey === undefined ? undefined : (open.get(first.print) ?? []).find(({ attempts }) => mayFollow(attempts.at(-1), first))
    if (before === undefined) joined.set(call.id, call)
    else joined.set(before.id, joinedTo(joined.get(before.id) ?? before, call))
    if (first === undefined || call.attempts.length > 1 || first.idempotencyKey === undefined) continue
    const alike = (open.get(first.print) ?? []).filter((each) => each !== before)
    const own = before === undefined ? call : { id: before.id, attempts: call.attempts }
    open.set(first.print, [...alike, own])
  }
  return [...joined.values()]
}

function mayFollow(last: MockAttempt | undefined, next: MockAttempt): boolean {
  if (last?.endedMs === undefined || last.idempotencyKey === next.idempotencyKey || next.arrivedMs < last.endedMs) return false
  const { played, ending, endedMs } = last
  const isOpen = played.kind === 'dropped' || ending === 'cut' || ending === 'gone' || (played.kind === 'raw' && played.status >= 500) || (played.kind === 'refusal' && played.retry !== 'never')
  return isOpen && next.arrivedMs - endedMs <= ((played.kind === 'refusal' ? played.toldWaitMs : undefined) ?? 0) + WITHIN_MS
}

function joinedTo(before: MockCall, later: MockCall): MockCall {
  const attempts = [...before.attempts, ...later.attempts].map((attempt, at) => ({ ...attempt, call: before.id, number: at + 1 }))
  return { id: before.id, attempts }
}
