/**
 * `npm run soak`: the playground, whole, under mixed traffic and random faults. Gateway, services and callers are one process, whose memory is what is measured; what
 * is judged is each row of the request log, the ledger, and what is left at the end.
 */
import { readdirSync } from 'node:fs'
import { apis, createPlaygroundOf, type Api, type Playground } from '@tollgate/example-playground'
import { createSystemClock } from '@tollgate/gateway'
import type { LedgerRow } from 'tollgate/engine'
import type { RequestRow } from 'tollgate/journal'
import { applyOne } from 'tollgate/stores'
import { auditBooks, openCalls } from './books.ts'
import { startDiskProbe } from './disk-probe.ts'
import { faults, pause, type FaultWorld } from './faults.ts'
import { growth } from './flatness.ts'
import { isBehind, provokedBy, unexpected, type Felt, type Provoked } from './judge.ts'
import { HELP, parseSoak, type SoakOptions } from './options.ts'
import { createRandom } from './random.ts'
import { startRelay, type Relay } from './relay.ts'
import { startTraffic } from './traffic.ts'

const READ_EVERY_MS = 2_000
const MEASURE_EVERY_MS = 5_000
const PROGRESS_EVERY_MS = 30_000
const TOP_UP_EVERY_MS = 60_000
const FAULT_PAUSE_MS = 6_000
const FAULT_LENGTH_MS = 4_000
/** Later than the deadline of any call, and sooner than anything is forgotten. */
const LEAP_MS = 3 * 3_600_000
const FINDINGS_SHOWN = 50
/** Of ChatAds. */
const REVOKED_CODE = 'FORBIDDEN'
const MEGABYTE = 1_000_000

const parsed = parseSoak(process.argv.slice(2), Math.floor(Math.random() * 1e9))
if (parsed.kind === 'help') process.stdout.write(HELP)
else if (parsed.kind === 'wrong') {
  process.stderr.write(`soak: ${parsed.problem}\n`)
  process.exitCode = 2
} else {
  process.exitCode = await soak(parsed.options).catch((error: unknown) => {
    process.stderr.write(`soak: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 2
  })
}

async function soak({ minutes, seed, rate }: SoakOptions): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const findings = new Map<string, number>()
  const found = (finding: string): void => {
    if (!findings.has(finding)) say(`FOUND ${finding}`)
    findings.set(finding, (findings.get(finding) ?? 0) + 1)
  }
  say(`soak: ${minutes} min, ${rate} calls a second, seed ${seed}`)

  const system = createSystemClock()
  let leaptMs = 0
  const clock = { ...system, wallMs: () => system.wallMs() + leaptMs }
  const relays = new Map<string, Relay>()
  const errors: string[] = []
  const log = { info: () => undefined, warn: () => undefined, error: (message: string) => void errors.push(message) }
  const playground = await createPlaygroundOf(behindRelays(relays), { port: 0, clock, log })
  const { gateway, description } = playground
  const random = createRandom(seed)
  const felt: Felt[] = []
  const disk = await startDiskProbe(felt, clock.wallMs)
  let left = 0
  let answers = 0
  const isFelt = (api: string): boolean => felt.some((fault) => isBehind(api, fault.api) && clock.wallMs() <= fault.untilMs + READ_EVERY_MS)
  const traffic = startTraffic({
    description,
    seed,
    rate,
    random: createRandom(seed + 1),
    leaving: () => left,
    answered: () => void (answers += 1),
    unanswered: (api, error) => {
      if (!isFelt(api)) found(`${api} gave no answer: ${error instanceof Error ? error.message : String(error)}`)
    },
  })

  const reader = createLogReader(playground, felt, found)
  const figures = createFigures()
  const grants = (await gateway.store.ledger({ limit: 1_000 })).filter(({ kind }) => kind === 'grant')
  const endsAtMs = performance.now() + minutes * 60_000
  const world: FaultWorld = { playground, relays, random, felt, wallMs: clock.wallMs, leaving: (share) => void (left = share), found }
  const suffered = new Map<string, number>()

  const every = async (everyMs: number, run: () => Promise<void> | void): Promise<void> => {
    while (performance.now() < endsAtMs) {
      await pause(Math.min(everyMs, Math.max(0, endsAtMs - performance.now())))
      await run()
    }
  }
  await Promise.all([
    every(READ_EVERY_MS, reader.read),
    every(MEASURE_EVERY_MS, figures.measure),
    every(TOP_UP_EVERY_MS, () => topUp(playground, grants)),
    every(PROGRESS_EVERY_MS, () => say(`${Math.round((endsAtMs - performance.now()) / 1_000)} s to go: ${answers} answers, ${reader.rows()} rows judged, ${total(suffered)} faults, ${figures.line()}, ${findings.size} findings`)),
    every(FAULT_PAUSE_MS, async () => {
      const names = Object.keys(faults)
      const name = names[Math.floor(random() * names.length)] ?? ''
      suffered.set(name, (suffered.get(name) ?? 0) + 1)
      await faults[name]?.(world, FAULT_LENGTH_MS * (0.5 + random())).catch((error: unknown) => found(`${name}: ${error instanceof Error ? error.message : String(error)}`))
    }),
  ])

  await traffic.end()
  await reader.read()
  await disk.stop()
  leaptMs = LEAP_MS
  for (let tries = 0; tries < 60 && (await openCalls(gateway.store)).length > 0; tries += 1) await pause(1_000)
  for (const fault of await auditBooks(gateway.store)) found(fault)
  for (const fault of figures.faults()) found(fault)
  await playground.close().catch((error: unknown) => found(`it did not close: ${String(error)}`))
  for (const relay of relays.values()) await relay.close()

  say(`\n${answers} answers, ${reader.rows()} rows of the request log judged, ${total(suffered)} faults (${[...suffered].map(([name, count]) => `${count} × ${name}`).join(', ')})`)
  say(`refusals by reason: ${reader.reasons()}`)
  say(figures.summary())
  say(`to keep a few bytes the disk took ${disk.worstMs()} ms at most, and ${disk.slow()} times a quarter of a second or more`)
  if (errors.length > 0) say(`${errors.length} lines of the log are errors, such as: ${[...new Set(errors)].slice(0, 5).join(' | ')}`)
  if (findings.size === 0) say('nothing was found')
  else for (const [finding, count] of [...findings].slice(0, FINDINGS_SHOWN)) say(`FOUND ${count} × ${finding}`)
  say(`again: npm run soak -- --minutes ${minutes} --rate ${rate} --seed ${seed}`)
  return findings.size === 0 ? 0 : 1
}

function behindRelays(relays: Map<string, Relay>): typeof apis {
  const behind = Object.entries<Api>(apis).map(([name, api]): [string, Api] => [
    name,
    {
      ...api,
      async start(context) {
        const service = await api.start(context)
        const relay = await startRelay(Number(new URL(service.url).port))
        relays.set(name, relay)
        return { ...service, url: relay.url }
      },
    },
  ])
  return Object.fromEntries(behind) as unknown as typeof apis
}

/** Money runs out; what the samples were given at the start they get again. */
async function topUp({ gateway }: Playground, grants: readonly LedgerRow[]): Promise<void> {
  for (const { subject, name, scale, units, cursor } of grants) {
    await applyOne(gateway.store, { kind: 'grant', subject, name, scale, units, grantId: `soak ${cursor} ${performance.now()}`, reason: 'soak' })
  }
}

/** Reads on in the request log, and judges what is new. */
function createLogReader({ gateway, description }: Playground, felt: readonly Felt[], found: (finding: string) => void) {
  const asked = provokedBy(description.apis)
  // A key is revoked by a fault, too.
  const provoked: Provoked = (row, code) => asked(row, code) || (row.path.startsWith('/chatads/') && code === REVOKED_CODE)
  const reasons = new Map<string, number>()
  let seen = new Set<string>()
  let sinceMs = 0
  let count = 0

  return {
    rows: () => count,
    reasons: () => [...reasons].toSorted(([, one], [, other]) => other - one).map(([reason, times]) => `${times} × ${reason}`).join(', ') || 'none',
    async read() {
      const fresh: RequestRow[] = []
      for (let before: RequestRow | undefined; ; before = fresh.at(-1)) {
        const rows: readonly RequestRow[] = await gateway.store.requests({ sinceMs, before, limit: 500 })
        fresh.push(...rows)
        if (rows.length < 500) break
      }
      const known = seen
      seen = new Set(fresh.map(({ requestId }) => requestId))
      // A row is written when its request ends, and dated when it began.
      sinceMs = (fresh[0]?.atMs ?? sinceMs) - 120_000
      for (const row of fresh) {
        if (known.has(row.requestId)) continue
        count += 1
        if (row.refusal !== undefined) reasons.set(row.refusal.reason, (reasons.get(row.refusal.reason) ?? 0) + 1)
        const fault = unexpected(row, provoked, felt)
        if (fault !== undefined) found(fault)
      }
    },
  }
}

function createFigures() {
  const heaps: number[] = []
  const handles: number[] = []
  const resident: number[] = []
  return {
    measure() {
      ;(globalThis as { readonly gc?: () => void }).gc?.()
      const { heapUsed, external, rss } = process.memoryUsage()
      heaps.push(heapUsed + external)
      resident.push(rss)
      handles.push(process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)
    },
    line: () => `heap ${megabytes(heaps.at(-1))}, resident ${megabytes(resident.at(-1))}, ${handles.at(-1)} handles`,
    summary: () => `heap ${quarters(heaps.map((bytes) => bytes / MEGABYTE))} MB, resident ${quarters(resident.map((bytes) => bytes / MEGABYTE))} MB, handles ${quarters(handles)}, at each quarter of the run`,
    faults(): readonly string[] {
      const grown = [
        { what: 'the heap', growth: growth(heaps, { share: 0.15, plus: 5 * MEGABYTE }) },
        { what: 'the resident memory', growth: growth(resident, { share: 0.25, plus: 20 * MEGABYTE }) },
        { what: 'the count of handles', growth: growth(handles, { share: 0.5, plus: 50 }) },
      ]
      return grown.flatMap(({ what, growth: by }) => (by === undefined ? [] : [`${what} grew from ${Math.round(by.from)} to ${Math.round(by.to)} between the third and the last quarter`]))
    },
  }
}

function quarters(readings: readonly number[]): string {
  return [1, 2, 3, 4].map((quarter) => Math.round(readings[Math.ceil((readings.length * quarter) / 4) - 1] ?? 0)).join(' → ')
}

function megabytes(bytes = 0): string {
  return `${Math.round(bytes / MEGABYTE)} MB`
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
