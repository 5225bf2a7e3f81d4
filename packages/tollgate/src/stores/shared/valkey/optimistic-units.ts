/**
 * What is decided here, by the engine, over records as they were last seen: the server takes it if they are still the same. All batches of a group that are about the same
 * records are one unit, and are written once.
 */
import { encodeRecord, pruneRecord, recordExpiresAtMs } from '../../../engine/meters/record-codec.ts'
import { decideStage, giveBack } from '../../../engine/meters/stage.ts'
import type { ChangedRecord } from '../../../engine/meters/stage-draft.ts'
import { emptyRecord, type SubjectRecord } from '../../../engine/meters/subject-record.ts'
import { toKnownRecord, type KnownRecord, type KnownRecords } from './known-records.ts'
import type { CounterAnswer } from './script-answers.ts'
import type { CounterQuestion } from './script-operations.ts'

/** So often it is tried before the server decides. */
const TRIES_MAX = 8
/** A record is kept a minute longer than it counts, for a clock that is set back. */
const SLACK_MS = 60_000

export interface OptimisticBatch {
  readonly questions: readonly CounterQuestion[]
  /** How often others were faster. */
  tries: number
  resolve(answers: readonly CounterAnswer[]): void
  reject(error: unknown): void
}

/** Whether it is about counts alone, and nobody need remember what it was answered. */
export function isOptimistic({ questions, tries }: Pick<OptimisticBatch, 'questions' | 'tries'>): boolean {
  return tries < TRIES_MAX && questions.every(countsAlone)
}

function countsAlone(question: CounterQuestion): boolean {
  if (question.kind === 'uncount') return true
  return question.kind === 'admit' && question.admission === undefined && question.call?.begun !== true && question.takes.every(({ meter }) => meter.kind !== 'lease')
}

/** A record within a group. */
interface Place<B> {
  readonly subject: string
  /** As it stands after what was decided so far; undefined: it was never seen. */
  is: KnownRecord | undefined
  /** The latest unit that is about it. */
  unit: Unit<B> | undefined
}

/** Records, as they were before it and are after it, and the batches that are about them. */
export interface Unit<B> {
  readonly places: readonly Place<B>[]
  readonly before: readonly (KnownRecord | undefined)[]
  after: readonly (KnownRecord | undefined)[]
  readonly batches: B[]
  /** Undefined: the records are to be read first. */
  readonly answers: (readonly CounterAnswer[])[] | undefined
}

export interface OptimisticGroup<B> {
  readonly units: readonly Unit<B>[]
}

/** `nowMs` undefined: nobody knows the time yet, and nothing is decided. `newName`: one that no write had before. */
export function decideGroup<B extends OptimisticBatch>(batches: readonly B[], known: KnownRecords, nowMs: number | undefined, newName: () => string): OptimisticGroup<B> {
  const places = new Map<string, Place<B>>()
  const units: Unit<B>[] = []

  function placeOf(subject: string): Place<B> {
    const there = places.get(subject)
    if (there !== undefined) return there
    const place: Place<B> = { subject, is: known.get(subject), unit: undefined }
    places.set(subject, place)
    return place
  }

  const recordOf = (subject: string): SubjectRecord => places.get(subject)?.is?.record ?? emptyRecord

  function put(changed: readonly ChangedRecord[]): void {
    for (const { subject, record } of changed) placeOf(subject).is = { name: newName(), record }
  }

  function decideOne(question: CounterQuestion, atMs: number): CounterAnswer {
    if (question.kind === 'uncount') {
      const { readings, changed } = giveBack(recordOf, question.receipts, atMs)
      put(changed)
      return { readings }
    }
    if (question.kind !== 'admit') throw new TypeError(`${question.kind} is not decided here`)
    const { decision, changed } = decideStage(recordOf, question.takes, atMs)
    put(changed)
    return decision
  }

  for (const batch of batches) {
    const own = placesOf(batch.questions, placeOf)
    const before = own.map(({ is }) => is)
    const isDecided = nowMs !== undefined && !before.includes(undefined)
    let answers: readonly CounterAnswer[] = []
    try {
      if (isDecided) answers = batch.questions.map((question) => decideOne(question, nowMs))
    } catch (error) {
      for (const [at, place] of own.entries()) place.is = before[at]
      batch.reject(error)
      continue
    }
    const latest = own[0]?.unit
    const isMore = latest !== undefined && latest.places.length === own.length && own.every(({ unit }) => unit === latest)
    const unit: Unit<B> = isMore ? latest : { places: own, before, after: before, batches: [], answers: isDecided ? [] : undefined }
    if (!isMore) units.push(unit)
    unit.after = unit.places.map(({ is }) => is)
    unit.batches.push(batch)
    unit.answers?.push(answers)
    for (const place of own) place.unit = unit
  }
  return { units }
}

function placesOf<B>(questions: readonly CounterQuestion[], placeOf: (subject: string) => Place<B>): readonly Place<B>[] {
  const places: Place<B>[] = []
  for (const question of questions) {
    const counted = question.kind === 'admit' ? question.takes : question.kind === 'uncount' ? question.receipts : []
    for (const { subject } of counted) {
      // A stage has one to three subjects, and most of its meters the first.
      if (places.some((each) => each.subject === subject)) continue
      places.push(placeOf(subject))
    }
  }
  return places
}

/** As `setScript` reads it. */
export function toArguments<B>({ units }: OptimisticGroup<B>, nowMs: number): readonly (string | number)[] {
  const args: (string | number)[] = []
  for (const { places, before, after, answers } of units) {
    args.push(places.length)
    for (let at = 0; at < places.length; at += 1) {
      const was = before[at]
      const is = after[at]
      if (was === undefined || is === undefined || answers === undefined) args.push('?', '', 0)
      else if (was.name === is.name) args.push(was.name, '', 0)
      else {
        const record = pruneRecord(is.record, nowMs)
        args.push(was.name, `${is.name} ${encodeRecord(record)}`, record.length === 0 ? 0 : recordExpiresAtMs(record) - nowMs + SLACK_MS)
      }
    }
  }
  return args
}

/** What the server said of a unit, where it is not why it failed. Returns the batches that are to be asked again: of those that others overtook, and those that waited for their records. */
export function tellUnit<B extends OptimisticBatch>({ places, after, batches, answers }: Unit<B>, said: 1 | readonly unknown[], known: KnownRecords, keyOf: (subject: string) => string): readonly B[] {
  if (said === 1) {
    for (const [at, { subject }] of places.entries()) {
      const is = after[at]
      if (is !== undefined) known.set(subject, is)
    }
    for (const [at, batch] of batches.entries()) batch.resolve(answers?.[at] ?? [])
    return []
  }
  try {
    for (const [at, { subject }] of places.entries()) known.set(subject, toKnownRecord(String(said[at] ?? ''), keyOf(subject)))
  } catch (error) {
    return failUnit({ places, batches }, error, known)
  }
  if (answers !== undefined) for (const batch of batches) batch.tries += 1
  return batches
}

/** Nothing of it is to be asked again. */
export function failUnit<B extends OptimisticBatch>({ places, batches }: Pick<Unit<B>, 'places' | 'batches'>, error: unknown, known: KnownRecords): readonly B[] {
  for (const { subject } of places) known.delete(subject)
  for (const { reject } of batches) reject(error)
  return []
}
