/**
 * Whether a request is an attempt of a call that there was, or a new one. A server cannot know; these are the signs, the surest first: a call that the client
 * names itself (`Tollgate-Mock-Call`), the same idempotency key, the same bytes after an answer that may be repeated, no body where there was one. What comes
 * under a key of its own is a call of its own; `join-new-keys.ts` looks at these afterwards.
 */
import { isSettled, type MockAttempt, type MockCall } from './mock-attempt.ts'

export interface Arrival extends Pick<MockAttempt, 'method' | 'path' | 'idempotencyKey' | 'bodyBytes' | 'print' | 'arrivedMs'> {
  /** As the client names the call. */
  readonly named: string | undefined
  /** Its own count of repeats (`X-Stainless-Retry-Count`) says that this is the first. */
  readonly saysFirst: boolean
}

/** What is asked again later than that is a new call. */
const OPEN_MS = 300_000
const AFTER_WAIT_MS = 60_000

export interface CallFinder<Call extends MockCall> {
  find(arrival: Arrival): Call | undefined
  /** A call has a further attempt. */
  begun(call: Call, arrival: Pick<Arrival, 'named'>): void
  forget(call: Call): void
}

export function createCallFinder<Call extends MockCall>(): CallFinder<Call> {
  const named = new Map<string, Call>()
  const keyed = new Map<string, Call>()
  /** By what was sent last; of several alike the oldest first. */
  const printed = new Map<string, Set<Call>>()
  const placed = new Map<string, Set<Call>>()

  function openAmong(index: Map<string, Set<Call>>, key: string, fits: (last: MockAttempt) => boolean, nowMs: number, may: (last: MockAttempt) => boolean = () => true): Call | undefined {
    const calls = index.get(key)
    for (const call of calls ?? []) {
      const last = call.attempts.at(-1)
      const state = last === undefined || !fits(last) ? 'over' : stateOf(last, nowMs)
      if (state === 'open' && last !== undefined && may(last)) return call
      if (state === 'over') calls?.delete(call)
    }
    if (calls?.size === 0) index.delete(key)
    return undefined
  }

  return {
    find(arrival) {
      const { method, path, print, bodyBytes, arrivedMs, idempotencyKey, saysFirst } = arrival
      if (arrival.named !== undefined) return named.get(arrival.named)
      const same = idempotencyKey === undefined ? undefined : keyed.get(idempotencyKey)
      if (same !== undefined) return same
      if (saysFirst) return undefined
      const alike = openAmong(printed, print, (last) => last.print === print, arrivedMs, ({ idempotencyKey: before }) => before === undefined || idempotencyKey === undefined)
      if (alike !== undefined || bodyBytes > 0) return alike
      return openAmong(placed, `${method} ${path}`, (last) => last.bodyBytes > 0 && last.method === method && last.path === path, arrivedMs)
    },
    begun(call, { named: name }) {
      const last = call.attempts.at(-1)
      if (last === undefined) return
      if (name !== undefined) named.set(name, call)
      if (last.idempotencyKey !== undefined) keyed.set(last.idempotencyKey, call)
      addTo(printed, last.print, call)
      if (last.bodyBytes > 0) addTo(placed, `${last.method} ${last.path}`, call)
    },
    forget(call) {
      for (const { idempotencyKey, print, method, path } of call.attempts) {
        if (idempotencyKey !== undefined && keyed.get(idempotencyKey) === call) keyed.delete(idempotencyKey)
        printed.get(print)?.delete(call)
        placed.get(`${method} ${path}`)?.delete(call)
      }
      for (const [name, each] of named) if (each === call) named.delete(name)
    },
  }
}

function addTo<Call>(index: Map<string, Set<Call>>, key: string, call: Call): void {
  const calls = index.get(key)
  if (calls === undefined) index.set(key, new Set([call]))
  else calls.add(call)
}

/** Whether what comes next may be its repeat; `under way`: not yet. */
function stateOf(last: MockAttempt, nowMs: number): 'open' | 'under way' | 'over' {
  if (last.endedMs === undefined) return 'under way'
  if (isSettled(last)) return 'over'
  const told = last.played.kind === 'refusal' ? (last.played.toldWaitMs ?? 0) : 0
  return nowMs - last.endedMs <= Math.max(OPEN_MS, told + AFTER_WAIT_MS) ? 'open' : 'over'
}
