/** Commands as the script reads them: what it is asked, and the keys by which it finds what it needs. */
import type { CounterCommand } from '../../../engine/counters.ts'
import { quotaPeriods } from './quota-periods.ts'
import type { Receipt, Take } from '../../../engine/meters/meter.ts'

/** One of a batch: an array, as JSON. */
export type ScriptOperation = readonly unknown[]

/** Something to ask, all of it or none. */
export type CounterQuestion = CounterCommand | PeekQuestion | ReturnQuestion | LivesQuestion

export interface PeekQuestion {
  readonly kind: 'peek'
  readonly takes: readonly Take[]
  readonly accountId: string | undefined
}

/** Until when an owner lives, as another node of the cluster has heard. */
export interface LivesQuestion {
  readonly kind: 'lives'
  readonly owner: string
  readonly untilMs: number
}

/** Takes back an admission. */
export interface ReturnQuestion {
  readonly kind: 'return'
  readonly takes: readonly Take[]
  readonly callId: string
  readonly admission: string
  readonly accountId: string | undefined
}

type PlaceOf = (subject: string) => number

const kindNumbers = { fixed: 1, calendar: 2, sliding: 3, slot: 4 } as const

/** Where nothing else is said: as `engine/meters/sliding-counter.ts` has it. */
const LOG_LIMIT_MAX = 128

/** `placeOf`: where among the keys the record of a subject is. `nowMs`: about when the server will read it. */
export function toOperation(question: CounterQuestion, placeOf: PlaceOf, nowMs: number): ScriptOperation {
  const toTakes = (takes: readonly (Take | Receipt)[]): readonly ScriptOperation[] => takes.map((take) => toTake(take, placeOf, nowMs))
  switch (question.kind) {
    case 'admit': {
      const { takes, call, owner = '', admission = '' } = question
      return ['admit', toTakes(takes), owner, call?.id ?? '', call?.holdMs ?? 0, admission, call?.begun === true ? 1 : 0]
    }
    case 'return':
      return ['return', toTakes(question.takes), question.callId, question.admission]
    case 'uncount':
      return ['uncount', toTakes(question.receipts), question.receipts.map(({ atMs }) => atMs)]
    case 'peek':
      return ['peek', toTakes(question.takes)]
    case 'extend':
      return ['extend', question.callId, question.holdMs]
    case 'free':
      return ['free', question.callId]
    case 'beat':
      return ['beat', question.owner, question.ttlMs]
    case 'lives':
      return ['lives', question.owner, question.untilMs]
  }
}

function toTake(take: Take | Receipt, placeOf: PlaceOf, nowMs: number): ScriptOperation {
  const { subject, name, meter, limit, cost } = take
  const common = (kind: number): readonly unknown[] => [placeOf(subject), name, kind, limit, cost, meter.counts === 'attempts' ? 1 : 0]
  switch (meter.kind) {
    case 'window': {
      const { windowMs, algorithm = limit <= LOG_LIMIT_MAX ? 'log' : 'buckets' } = meter
      return algorithm === 'fixed' ? [...common(kindNumbers.fixed), windowMs] : [...common(kindNumbers.sliding), windowMs, algorithm === 'log' ? 1 : 0]
    }
    case 'quota':
      return [...common(kindNumbers.calendar), ...quotaPeriods(meter, nowMs)]
    case 'lease':
      return [...common(kindNumbers.slot), `${name}\n${subject}`]
    case 'balance':
    case 'spend':
      throw new TypeError(`meter ${name}: a ${meter.kind} is none of an engine's that only counts`)
  }
}

/** Throws for what only an engine of money holds. */
export function assertCountable(takes: readonly Take[]): void {
  for (const { name, meter, reserved } of takes) {
    const isCounted = reserved !== true && (meter.kind === 'window' || meter.kind === 'quota' || (meter.kind === 'lease' && meter.of === 'slot'))
    if (!isCounted) throw new TypeError(`meter ${name}: ${reserved === true ? 'what a call reserves' : `a ${meter.kind}`} is held by an engine of money, and this one only counts`)
  }
}
