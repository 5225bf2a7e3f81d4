/** Batches on their way to the server: one group at a time for each lane, and in it all that came meanwhile. A lane is a server, or an account on a cluster. */
import type { Clock } from '../../../engine/clock.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { createClusterParts } from './cluster-parts.ts'
import { createCounterKeys, type CounterKeys } from './counter-keys.ts'
import { counterScript } from './counter-script.ts'
import { createKnownRecords, createRecordNames } from './known-records.ts'
import { decideGroup, failUnit, isOptimistic, tellUnit, toArguments, type OptimisticBatch } from './optimistic-units.ts'
import { createScriptCall } from './script-call.ts'
import { createServerTime } from './server-time.ts'
import { setScript } from './set-script.ts'
import { toAnswer, toBatchError, type CounterAnswer } from './script-answers.ts'
import { toOperation, type CounterQuestion } from './script-operations.ts'
import { toStoreError, type ValkeyClient } from './valkey-client.ts'

export interface ScriptLanes {
  /** Answers in the order of the questions. */
  ask(questions: readonly CounterQuestion[]): Promise<readonly CounterAnswer[]>
  /** The latest instant that a server has said. */
  highWaterMs(): number
  /** When nothing is under way any more. */
  idle(): Promise<void>
}

export interface ScriptLanesOptions {
  readonly client: ValkeyClient
  readonly prefix: string
  readonly clock: Pick<Clock, 'wallMs'> | undefined
  readonly decidesHere: boolean
}

type Batch = OptimisticBatch

/** So many batches keep the server from others for a few milliseconds at most. */
const GROUP_MAX = 128

export function createScriptLanes({ client, prefix, clock, decidesHere }: ScriptLanesOptions): ScriptLanes {
  const lanes = new Map<string | undefined, Batch[]>()
  const working = new Set<Promise<void>>()
  const [callCounters, callSet] = [createScriptCall(client, counterScript), createScriptCall(client, setScript)]
  const time = createServerTime(clock)
  const known = createKnownRecords()
  const cluster = client.isCluster === true ? createClusterParts(time.latestMs) : undefined
  const newName = createRecordNames()
  const givenNow = (): string => String(clock?.wallMs() ?? '')

  /** An answer of a script begins with its instant. */
  function heard(answer: unknown): readonly unknown[] {
    if (!Array.isArray(answer) || !Number.isSafeInteger(answer[0])) throw unreadableAnswer()
    time.heard(answer[0] as number)
    return answer.slice(1)
  }

  /** Decided here, and taken there. Returns the batches that are to be asked again: they have changed nothing. */
  async function set(batches: readonly Batch[], keys: CounterKeys): Promise<readonly Batch[]> {
    const nowMs = time.nowMs()
    const group = decideGroup(batches, known, nowMs, newName)
    const { units } = group
    if (units.length === 0) return []
    const said = heard(await callSet(units.flatMap(({ places }) => places.map(({ subject }) => keys.ofRecord(subject))), [givenNow(), nowMs ?? '', ...toArguments(group, nowMs ?? 0)]))
    if (said.length === 0) {
      time.forget()
      for (const { batches: own } of units) for (const batch of own) batch.tries += 1
      return units.flatMap(({ batches: own }) => own)
    }
    if (said.length !== units.length) throw unreadableAnswer()
    return units.flatMap((unit, at) => {
      const answer = said[at]
      if (answer === 1 || Array.isArray(answer)) return tellUnit(unit, answer as 1 | readonly unknown[], known, keys.ofRecord)
      return failUnit(unit, toBatchError(String(answer), []), known)
    })
  }

  /** Decided there. Returns the batches that were asked with the periods of another time: they did nothing, and are asked again with those of the server's. */
  async function decideThere(batches: readonly Batch[], keys: CounterKeys): Promise<readonly Batch[]> {
    const places = new Map<string, number>()
    const all = [...keys.ofSlots]
    const subjects: string[] = []
    const placeOf = (subject: string): number => {
      const there = places.get(subject)
      if (there !== undefined) return there
      const place = all.push(keys.ofRecord(subject))
      subjects.push(subject)
      places.set(subject, place)
      return place
    }
    const operations = batches.map(({ questions }) => questions.map((question) => toOperation(question, placeOf, time.latestMs())))
    const said = heard(await callCounters(all, [givenNow(), JSON.stringify(operations), ...subjects.map(newName)]))
    if (said.length !== batches.length) throw unreadableAnswer()
    return batches.filter(({ questions, resolve, reject }, at) => {
      const answer = said[at]
      if (answer === 'TIME') return true
      if (typeof answer === 'string') reject(toBatchError(answer, questions))
      else resolve(questions.map((question, of) => toAnswer(question, (answer as readonly (readonly number[])[])[of] ?? [])))
      return false
    })
  }

  async function attempt(batches: readonly Batch[], send: (batches: readonly Batch[], keys: CounterKeys) => Promise<readonly Batch[]>, keys: CounterKeys): Promise<readonly Batch[]> {
    if (batches.length === 0) return []
    try {
      return await send(batches, keys)
    } catch (error) {
      const failure = toStoreError(error)
      for (const { reject } of batches) reject(failure)
      return []
    }
  }

  async function work(tag: string | undefined, queue: Batch[]): Promise<void> {
    const keys = createCounterKeys(prefix, tag)
    // Not at once: what is asked in the same turn goes along.
    await undefined
    while (queue.length > 0) {
      const [here, there]: [Batch[], Batch[]] = [[], []]
      for (const batch of queue.splice(0, GROUP_MAX)) (decidesHere && isOptimistic(batch) ? here : there).push(batch)
      const again = there.length === 0 ? await attempt(here, set, keys) : (await Promise.all([attempt(here, set, keys), attempt(there, decideThere, keys)])).flat()
      if (again.length > 0) queue.unshift(...again)
    }
    // In the same turn in which the queue was empty, or what comes in between would wait for ever.
    lanes.delete(tag)
  }

  function enter(questions: readonly CounterQuestion[], tag?: string): Promise<readonly CounterAnswer[]> {
    return new Promise((resolve, reject) => {
      const batch: Batch = { questions, tries: 0, resolve, reject }
      const waiting = lanes.get(tag)
      if (waiting !== undefined) return void waiting.push(batch)
      const queue = [batch]
      lanes.set(tag, queue)
      const done = work(tag, queue).finally(() => working.delete(done))
      working.add(done)
    })
  }

  return {
    ask(questions) {
      if (questions.length === 0) return Promise.resolve([])
      return cluster === undefined ? enter(questions) : cluster.ask(questions, enter)
    },
    highWaterMs: time.highWaterMs,
    async idle() {
      await Promise.all(working)
    },
  }
}

function unreadableAnswer(): StoreUnavailableError {
  return new StoreUnavailableError("the counters' server gave no answer that can be read", { applied: 'unknown' })
}
