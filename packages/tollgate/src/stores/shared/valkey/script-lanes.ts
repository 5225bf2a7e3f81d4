/** Batches on their way to the script: one call at a time for each lane, and in it all that came meanwhile. A lane is a server, or an account on a cluster. */
import type { Clock } from '../../../engine/clock.ts'
import { StoreUnavailableError } from '../../../engine/store-error.ts'
import { createClusterParts } from './cluster-parts.ts'
import { createCounterKeys } from './counter-keys.ts'
import { counterScript } from './counter-script.ts'
import { toAnswer, toBatchError, type CounterAnswer } from './script-answers.ts'
import { toOperation, type CounterQuestion } from './script-operations.ts'
import { isReply, toStoreError, type ValkeyClient } from './valkey-client.ts'

export interface ScriptLanes {
  /** Answers in the order of the questions. */
  ask(questions: readonly CounterQuestion[]): Promise<readonly CounterAnswer[]>
  /** The latest instant that a server has said. */
  highWaterMs(): number
  /** When nothing is under way any more. */
  idle(): Promise<void>
}

interface Batch {
  readonly questions: readonly CounterQuestion[]
  resolve(answers: readonly CounterAnswer[]): void
  reject(error: unknown): void
}

/** So many batches keep the server from others for a few milliseconds at most. */
const GROUP_MAX = 128

export function createScriptLanes({ client, prefix, clock }: { readonly client: ValkeyClient; readonly prefix: string; readonly clock: Pick<Clock, 'wallMs'> | undefined }): ScriptLanes {
  const lanes = new Map<string | undefined, Batch[]>()
  const working = new Set<Promise<void>>()
  const cluster = client.isCluster === true ? createClusterParts(() => latestMs) : undefined
  let sha: Promise<string> | undefined
  /** As the last answer said: of nodes, one may be behind the other. */
  let latestMs = 0
  let highWaterMs = 0

  function load(): Promise<string> {
    sha ??= client.command('SCRIPT', ['LOAD', counterScript]).then(String, (error: unknown) => {
      sha = undefined
      throw error
    })
    return sha
  }

  /** EVALSHA; where the server has forgotten the script, which it says before it does anything, EVAL. */
  async function call(keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const rest = [keys.length, ...keys, ...args]
    const known = await load()
    try {
      return await client.command('EVALSHA', [known, ...rest])
    } catch (error) {
      if (!isReply(error) || !error.message.startsWith('NOSCRIPT')) throw error
      return client.command('EVAL', [counterScript, ...rest])
    }
  }

  async function send(group: readonly Batch[], tag: string | undefined): Promise<readonly unknown[]> {
    const keys = createCounterKeys(prefix, tag)
    const nowMs = clock?.wallMs()
    const operations = group.map(({ questions }) => questions.map((question) => toOperation(question, keys, nowMs ?? latestMs)))
    const answer = await call(keys.names, [nowMs === undefined ? '' : String(nowMs), JSON.stringify(operations)])
    if (!Array.isArray(answer) || answer.length !== group.length + 1 || !Number.isSafeInteger(answer[0])) throw new StoreUnavailableError('the counters\' server gave no answer that can be read', { applied: 'unknown' })
    latestMs = answer[0] as number
    highWaterMs = Math.max(highWaterMs, latestMs)
    return answer.slice(1)
  }

  async function work(tag: string | undefined, queue: Batch[]): Promise<void> {
    // Not at once: what is asked in the same turn goes along.
    await undefined
    while (queue.length > 0) {
      const group = queue.splice(0, GROUP_MAX)
      try {
        const answers = await send(group, tag)
        const early: Batch[] = []
        for (const [at, batch] of group.entries()) if (!tell(batch, answers[at])) early.push(batch)
        queue.unshift(...early)
      } catch (error) {
        const failure = toStoreError(error)
        for (const { reject } of group) reject(failure)
      }
    }
    // In the same turn in which the queue was empty, or what comes in between would wait for ever.
    lanes.delete(tag)
  }

  /** False: it was asked with the periods of another time, did nothing, and is asked again with those of the server's. */
  function tell({ questions, resolve, reject }: Batch, answer: unknown): boolean {
    if (answer === 'TIME') return false
    if (typeof answer === 'string') reject(toBatchError(answer, questions))
    else resolve(questions.map((question, at) => toAnswer(question, (answer as readonly (readonly number[])[])[at] ?? [])))
    return true
  }

  function enter(questions: readonly CounterQuestion[], tag?: string): Promise<readonly CounterAnswer[]> {
    return new Promise((resolve, reject) => {
      const batch = { questions, resolve, reject }
      const waiting = lanes.get(tag)
      if (waiting !== undefined) return void waiting.push(batch)
      const queue = [batch]
      lanes.set(tag, queue)
      const done = work(tag, queue).finally(() => working.delete(done))
      working.add(done)
    })
  }

  return {
    async ask(questions) {
      if (questions.length === 0) return []
      return cluster === undefined ? enter(questions) : cluster.ask(questions, enter)
    },
    highWaterMs: () => highWaterMs,
    async idle() {
      await Promise.all(working)
    },
  }
}
