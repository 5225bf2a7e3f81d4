/** What the script answers, as results of commands. */
import type { CounterResults } from '../../../engine/counters.ts'
import { CallOverdueError } from '../../../engine/calls/decide-claim.ts'
import type { Reading, Receipt, StageDecision, Take } from '../../../engine/meters/meter.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { unreadable } from './known-records.ts'
import type { CounterQuestion } from './script-operations.ts'

const PER_READING = 4
/** Where there is no instant. */
const NONE = -1

export type CounterAnswer = CounterResults[keyof CounterResults] | readonly Reading[] | { readonly returned: boolean }

export function toAnswer(question: CounterQuestion, numbers: readonly number[]): CounterAnswer {
  switch (question.kind) {
    case 'admit':
      return toDecision(question.takes, numbers)
    case 'return':
      return { returned: numbers[0] === 1 }
    case 'uncount':
      return { readings: toReadings(question.receipts, numbers, 0) }
    case 'peek':
      return readingsOf(question.takes, numbers, 0)
    case 'extend':
      return { extended: numbers[0] === 1 }
    case 'free':
      return { freed: numbers[0] === 1 }
    case 'beat':
    case 'lives':
      return {}
  }
}

function readingsOf(takes: readonly Take[], numbers: readonly number[], from: number): readonly Reading[] {
  return toReadings(takes, numbers, from, (at) => takes[at]?.unlimited === true)
}

function toDecision(takes: readonly Take[], numbers: readonly number[]): StageDecision {
  if (numbers[0] === 1) return { admitted: true, readings: readingsOf(takes, numbers, 1), receipts: toReceipts(takes, numbers) }
  const readings = readingsOf(takes, numbers, 3)
  const refusedBy = readings[(numbers[2] ?? 0) - 1]
  if (refusedBy === undefined) throw new StoreUnavailableError('the counters\' server names no meter that refuses')
  return { admitted: false, readings, refusedBy, retryAtMs: numbers[1] === NONE ? undefined : numbers[1] }
}

function toReceipts(takes: readonly Take[], numbers: readonly number[]): readonly Receipt[] {
  const receipts: Receipt[] = []
  for (let at = 1 + PER_READING * takes.length; at < numbers.length; at += 2) {
    const take = takes[(numbers[at] ?? 0) - 1]
    if (take !== undefined) receipts.push({ subject: take.subject, name: take.name, meter: take.meter, limit: take.limit, cost: take.cost, atMs: numbers[at + 1] ?? 0 })
  }
  return receipts
}

function toReadings(takes: readonly (Take | Receipt)[], numbers: readonly number[], from: number, isUnlimited?: (at: number) => boolean): readonly Reading[] {
  return takes.map((take, index) => {
    const at = from + PER_READING * index
    const [counted = 0, resetAtMs = 0, admitted, retryAtMs = NONE] = numbers.slice(at, at + PER_READING)
    const used = Number(counted)
    const { name, subject, meter, limit } = take
    const reading: Reading = { name, subject, kind: meter.kind, limit, used, remaining: Math.max(0, limit - used), resetAtMs, admitted: admitted === 1 }
    if (isUnlimited?.(index) === true) return { ...reading, unlimited: true }
    return retryAtMs === NONE ? reading : { ...reading, retryAtMs }
  })
}

/** Why a batch failed, which then has changed nothing. */
export function toBatchError(said: string, questions: readonly CounterQuestion[]): Error {
  if (said === 'OVERDUE') {
    const overdue = questions.flatMap((question) => (question.kind === 'admit' && question.call?.begun === true ? [question.call.id] : []))
    return new CallOverdueError(`the call ${overdue.join(', ')} is past its deadline`)
  }
  if (said.startsWith('CORRUPT ')) return unreadable(said.slice('CORRUPT '.length))
  const failed = /^FAILED (.*?) ([A-Z]+ .*)$/s.exec(said)
  return new StoreUnavailableError(`the counters' server failed${failed === null ? `: ${said}` : ` at ${failed[1]}: ${failed[2]}`}`)
}
