/** Single calls that show a rule kept or broken: errors without hope, waits that were told, POSTs that cost money, a wait that is aborted. */
import type { Call, Contender } from './contender.ts'
import { refuse, succeed, type Fate, type ServerModel } from './server-model.ts'
import { EPOCH_MS } from './simulated-globals.ts'
import type { Simulation } from './run-load.ts'
import { BASE_URL, memoryNetwork, type Seen } from './world.ts'

export interface ProbeFigures {
  /** Requests beyond the first, after errors that no repeat can mend. */
  readonly hopeless: { readonly calls: number; readonly wasted: number; readonly repeated: readonly string[] }
  /** Requests sent before the moment that the server had told. */
  readonly early: { readonly calls: number; readonly requests: number; readonly cases: readonly string[] }
  /** POSTs that the server took more than once for one call, without a key that would have told it. */
  readonly paid: { readonly calls: number; readonly duplicates: number; readonly cases: readonly string[] }
  /** From the abort of a wait until the call was over. Null: it does not wait, or takes no signal. */
  readonly abortSettledMs: number | null
}

const hopeless: readonly { readonly name: string; readonly fate: Fate }[] = [
  { name: '400', fate: refuse(400, 'wrong input') },
  { name: '401', fate: refuse(401, 'wrong key') },
  { name: '402', fate: refuse(402, 'no credit') },
  { name: '403', fate: refuse(403, 'forbidden') },
  { name: '404', fate: refuse(404, 'unknown') },
  { name: '422', fate: refuse(422, 'wrong input') },
  { name: '429 quota', fate: refuse(429, 'quota') },
]

const S = 1_000
const inSeconds = (status: number, seconds: number) => ({ name: `${status}, ${seconds} s`, afterMs: seconds * S, fate: () => refuse(status, 'rate limit', { 'retry-after': String(seconds) }) })
const told: readonly { readonly name: string; readonly afterMs: number; fate(nowMs: number): Fate }[] = [
  inSeconds(429, 2),
  inSeconds(429, 90),
  inSeconds(429, 9_999_999),
  inSeconds(503, 5),
  { name: '429, a date', afterMs: 30 * S, fate: () => refuse(429, 'rate limit', { 'retry-after': new Date(EPOCH_MS + 30 * S).toUTCString() }) },
]

/** What the server does with a POST that it has taken and will do. */
const taken: readonly { readonly name: string; fate: Fate | undefined }[] = [
  { name: 'no answer in time', fate: undefined },
  { name: 'the connection breaks', fate: { kind: 'reset' } },
  { name: '504 of a proxy', fate: refuse(504, 'late') },
]

/** Some take the timeout of an attempt for the longest wait, or for the whole call. */
const PATIENT_MS = 60_000
const ABORT_AFTER_MS = 400
const HOURS_MS = 12_000_000 * S
const MOST_SEEN = 200

export async function runProbes(contender: Contender, simulation: () => Simulation): Promise<ProbeFigures> {
  async function one(server: (simulation: Simulation, seen: readonly Seen[]) => ServerModel, call: Call, begin?: (simulation: Simulation) => void): Promise<{ readonly seen: readonly Seen[]; readonly endedAtMs: number | undefined }> {
    const { timeline, random } = simulation()
    const seen: Seen[] = []
    const network = memoryNetwork(timeline, random, server({ timeline, random }, seen), contender.dialect, (request) => seen.push(request))
    const caller = await contender.create({ baseUrl: BASE_URL, attemptTimeoutMs: PATIENT_MS, network })
    let endedAtMs: number | undefined
    const end = (): void => {
      endedAtMs = timeline.nowMs()
    }
    begin?.({ timeline, random })
    caller(call).then(end, end)
    await timeline.run(() => endedAtMs !== undefined || seen.length > MOST_SEEN, HOURS_MS)
    return { seen, endedAtMs }
  }

  const answer =
    (fate: (nowMs: number) => Fate | undefined) =>
    ({ timeline }: Simulation): ServerModel =>
    (_request, settle) => {
      const chosen = fate(timeline.nowMs())
      if (chosen !== undefined) timeline.after(5, () => settle(chosen))
    }

  const repeated: string[] = []
  let wasted = 0
  for (const { name, fate } of hopeless) {
    const { seen } = await one(answer(() => fate), { kind: 'read' })
    wasted += seen.length - 1
    if (seen.length > 1) repeated.push(`${name} ×${seen.length}`)
  }

  const earlyCases: string[] = []
  let early = 0
  for (const { name, afterMs, fate } of told) {
    let firstAtMs: number | undefined
    const { seen } = await one(
      answer((nowMs) => {
        firstAtMs ??= nowMs
        return nowMs < firstAtMs + afterMs ? fate(nowMs) : succeed
      }),
      { kind: 'read' },
    )
    // The wait counts from the answer, which comes after the request.
    const tooSoon = seen.slice(1).filter(({ atMs }) => atMs < (seen[0]?.atMs ?? 0) + afterMs).length
    early += tooSoon
    if (tooSoon > 0) earlyCases.push(`${name} ×${tooSoon}`)
  }

  const paidCases: string[] = []
  let duplicates = 0
  for (const { name, fate } of taken) {
    const { seen } = await one(answer(() => fate), { kind: 'paid' })
    const [first] = seen
    const key = first?.request.headers['idempotency-key']
    const again = seen.slice(1).filter(({ request }) => key === undefined || request.headers['idempotency-key'] !== key).length
    duplicates += again
    if (again > 0) paidCases.push(`${name} ×${again + 1}`)
  }

  const controller = new AbortController()
  const aborted = await one(
    answer(() => refuse(429, 'rate limit', { 'retry-after': '5' })),
    { kind: 'read', signal: controller.signal },
    ({ timeline }) => void timeline.after(ABORT_AFTER_MS, () => controller.abort()),
  )
  const waited = aborted.endedAtMs !== undefined && aborted.endedAtMs >= ABORT_AFTER_MS

  return {
    hopeless: { calls: hopeless.length, wasted, repeated },
    early: { calls: told.length, requests: early, cases: earlyCases },
    paid: { calls: taken.length, duplicates, cases: paidCases },
    abortSettledMs: waited ? Math.round((aborted.endedAtMs ?? 0) - ABORT_AFTER_MS) : null,
  }
}
