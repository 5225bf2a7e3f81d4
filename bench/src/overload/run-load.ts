/** One load, one contender: how many requests it took, and which calls came to something. */
import type { Caller, Contender } from './contender.ts'
import { ATTEMPT_TIMEOUT_MS, type Load } from './set-ups.ts'
import type { Fate, ServerModel } from './server-model.ts'
import type { Time, Timeline } from './timeline.ts'
import { BASE_URL, memoryNetwork, type World } from './world.ts'

export interface LoadFigures {
  /** Of the calls made in each second, those that succeeded before the load ended (and one timeout more). */
  readonly goodput: readonly number[]
  /** Requests that the server got in each second. */
  readonly arrived: readonly number[]
  readonly attemptsPerCall: number
  readonly succeeded: number
  /** Of the requests, those that were answered with 5xx. */
  readonly failedShare: number
}

/** Some retry for minutes. */
const LAST_MS = 4_000_000

export interface Simulation {
  readonly timeline: Timeline
  readonly random: () => number
}

/** In simulated time. */
export async function runLoad(contender: Contender, load: Load, { timeline, random }: Simulation): Promise<LoadFigures> {
  const count = countArrivals(load)
  const serve = load.server(timeline, random)
  const server: ServerModel = (request, settle) =>
    serve(request, (fate) => {
      count.answer(fate)
      settle(fate)
    })
  const network = memoryNetwork(timeline, random, server, contender.dialect, ({ atMs }) => count.arrive(atMs))
  const calls = startCalls(await createCallers(contender, load, { baseUrl: BASE_URL, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS, network }), load, timeline)
  await timeline.run(calls.areOver, LAST_MS)
  return { ...calls.figures(), ...count.figures() }
}

export function countArrivals({ perSecond, seconds }: Pick<Load, 'perSecond' | 'seconds'>) {
  const arrived = Array.from({ length: seconds }, () => 0)
  let [all, failed] = [0, 0]
  return {
    arrive(atMs: number) {
      all += 1
      const second = Math.floor(atMs / 1_000)
      if (second < seconds) arrived[second] = (arrived[second] ?? 0) + 1
    },
    answer(fate: Fate) {
      if (fate.kind === 'answer' && fate.status >= 500) failed += 1
    },
    figures: () => ({ arrived, attemptsPerCall: all / (perSecond * seconds), failedShare: failed / all }),
  }
}

export const createCallers = ({ create }: Contender, { clients }: Load, world: World): Promise<readonly Caller[]> => Promise.all(Array.from({ length: clients }, () => create(world)))

/** Open loop: calls are made at their times, whatever became of those before. */
export function startCalls(callers: readonly Caller[], { clients, perSecond, seconds }: Load, timeline: Time) {
  const calls = perSecond * seconds
  const goodput = Array.from({ length: seconds }, () => 0)
  let [succeeded, ended] = [0, 0]
  const startMs = timeline.nowMs()

  async function call(number: number, second: number): Promise<void> {
    try {
      await callers[number % clients]?.({ kind: 'read' })
      if (timeline.nowMs() - startMs > seconds * 1_000 + ATTEMPT_TIMEOUT_MS) return
      succeeded += 1
      goodput[second] = (goodput[second] ?? 0) + 1
    } catch {
      // Counted by its absence.
    } finally {
      ended += 1
    }
  }
  for (let number = 0; number < calls; number += 1) {
    const atMs = (number * 1_000) / perSecond
    timeline.after(atMs, () => void call(number, Math.floor(atMs / 1_000)))
  }
  return { areOver: () => ended === calls, figures: () => ({ goodput, succeeded }) }
}
