/** What a mock remembers of its client: attempts by call, so many of them. */
import type { MockAttempt, MockCall } from './mock-attempt.ts'
import { createCallFinder, type Arrival } from './which-call.ts'

/** Beyond that the oldest calls are forgotten: a load test must not fill the memory. */
const ATTEMPTS_MAX = 20_000

/** So long before the end of a connection is seen may the repeat come that follows from it. */
const LATE_MS = 250

export type ArrivedAttempt = Omit<MockAttempt, 'call' | 'number' | 'endedMs'>

export interface MockMemory {
  /** Which call an arrival belongs to. */
  place(arrival: Arrival): number
  /** As an attempt of this call. */
  add(call: number, attempt: ArrivedAttempt, arrival: Pick<Arrival, 'named'>): void
  /** `gone`: its client had closed its connection before. */
  ended(id: number, how: 'sent' | 'gone', nowMs: number): void
  calls(): readonly MockCall[]
  forgotten(): number
}

interface OpenCall {
  readonly id: number
  readonly attempts: MockAttempt[]
}

export function createMockMemory(): MockMemory {
  const calls = new Map<number, OpenCall>()
  const byAttempt = new Map<number, OpenCall>()
  const finder = createCallFinder<OpenCall>()
  let nextCall = 1
  let forgotten = 0

  function drop(call: OpenCall): void {
    calls.delete(call.id)
    finder.forget(call)
  }

  function makeRoom(): void {
    while (byAttempt.size > ATTEMPTS_MAX && calls.size > 1) {
      const [oldest] = calls.values()
      if (oldest === undefined) return
      drop(oldest)
      for (const { id } of oldest.attempts) byAttempt.delete(id)
      forgotten += oldest.attempts.length
    }
  }

  /** A repeat may arrive before it is seen that the client has given up: then the two belong together. */
  function joinLate(call: OpenCall, { print, idempotencyKey }: MockAttempt, endedMs: number): void {
    const later = [...calls.values()].find(({ id, attempts: [first] }) => id > call.id && first?.print === print && first.idempotencyKey === idempotencyKey && first.arrivedMs >= endedMs - LATE_MS)
    if (later === undefined) return
    drop(later)
    for (const attempt of later.attempts) {
      byAttempt.set(attempt.id, call)
      call.attempts.push({ ...attempt, call: call.id, number: call.attempts.length + 1 })
      finder.begun(call, { named: undefined })
    }
  }

  return {
    place: (arrival) => finder.find(arrival)?.id ?? nextCall++,
    add(id, attempt, arrival) {
      const call = calls.get(id) ?? { id, attempts: [] }
      calls.set(id, call)
      call.attempts.push({ ...attempt, call: id, number: call.attempts.length + 1, endedMs: undefined })
      byAttempt.set(attempt.id, call)
      finder.begun(call, arrival)
      makeRoom()
    },
    ended(id, how, nowMs) {
      const call = byAttempt.get(id)
      const at = call?.attempts.findLastIndex((attempt) => attempt.id === id) ?? -1
      const attempt = call?.attempts[at]
      if (call === undefined || attempt === undefined) return
      call.attempts[at] = { ...attempt, endedMs: nowMs, ending: attempt.ending ?? (how === 'gone' ? 'gone' : 'whole') }
      if (how === 'gone' && at === call.attempts.length - 1) joinLate(call, attempt, nowMs)
    },
    calls: () => [...calls.values()].map(({ id, attempts }) => ({ id, attempts: [...attempts] })),
    forgotten: () => forgotten,
  }
}
