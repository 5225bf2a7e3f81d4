/** Sends calls at an even pace until the time is over or somebody stops it. Calls under way then may end, within a bound. */
import type { Description } from '../description.ts'
import { codeOf, runRecipe } from '../runner.ts'
import { callCount, createMix } from './mix.ts'
import type { Tally } from './tally.ts'
import type { TrafficOptions } from './traffic-options.ts'

/** More calls under way than this, and the next one waits: a slow playground is not to be buried. */
const UNDER_WAY_MAX = 200
const LAST_ANSWERS_MS = 5_000

export interface Sending {
  readonly description: Pick<Description, 'apis'>
  readonly options: TrafficOptions
  readonly tally: Tally
  /** Ends the sending. */
  readonly stop: AbortSignal
}

export async function sendTraffic({ description, options, tally, stop }: Sending): Promise<void> {
  const next = createMix(description.apis, options.seed)
  // A timer of our own: Node 20 may collect AbortSignal.timeout() within AbortSignal.any(), which then never ends.
  const end = new AbortController()
  const ended = end.signal
  const endTimer = setTimeout(() => end.abort(), options.seconds * 1000)
  if (stop.aborted) end.abort()
  stop.addEventListener('abort', () => end.abort(), { once: true })
  const cut = new AbortController()
  const underWay = new Set<Promise<void>>()
  const startedMs = performance.now()
  let dueMs = startedMs

  while (!ended.aborted) {
    const { api, item } = next()
    const run = runRecipe(
      { ...item, expect: { status: 200 } },
      {
        send: (path, init) => fetch(options.url + path, { ...init, signal: cut.signal }),
        onAnswer: (answer) => tally.count(api, answer.status, item.codeAt === undefined ? undefined : codeOf(answer, item.codeAt)),
      },
    ).then(
      () => undefined,
      (error: unknown) => {
        // fetch itself rejects with a TypeError. A step that was refused has been counted by its answer; what was cut at the end counts as nothing.
        if (error instanceof TypeError) tally.fail(api)
      },
    )
    underWay.add(run)
    void run.then(() => underWay.delete(run))
    dueMs += (1000 * callCount(item)) / options.rate
    if (underWay.size >= UNDER_WAY_MAX) await Promise.race([...underWay, aborted(ended)])
    await pause(dueMs - performance.now(), ended)
  }
  clearTimeout(endTimer)
  await Promise.race([Promise.all(underWay), pause(LAST_ANSWERS_MS)])
  cut.abort()
  await Promise.all(underWay)
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted === true) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
