/** A shop with its service, its callers and one process after the other, in one thread and in simulated time. All chances come from one seed. */
import { applyOne, type Store } from 'tollgate/stores'
import { loadConfig } from '../../packages/gateway/src/config/load-config.ts'
import { putAccounts, readAll } from '../chaos/books.ts'
import type { Line } from '../chaos/caller.ts'
import type { Books, Grant } from '../chaos/history.ts'
import { createRandom, type Random } from '../chaos/random.ts'
import { shopConfig } from '../chaos/shop.ts'
import type { Give } from '../chaos/treasurer.ts'
import { createWorkshop, type Workshop } from '../chaos/workshop.ts'
import type { Stall, Visit } from './judge-limits.ts'
import { createLife, type Life } from './life.ts'
import { createMemoryDisk, type MemoryDiskFaults } from './memory-disk.ts'
import type { Handle, Passage } from './passage.ts'
import { CALLS_URL, openStore, startProcess, type SimulatedProcess } from './process.ts'
import { createSqliteFile } from './sqlite-file.ts'
import { createTimeline, type Timeline } from './timeline.ts'
import { createTroubledDisk, noTrouble, type Trouble } from './troubles.ts'

export interface ShopWorld {
  readonly timeline: Timeline
  readonly random: Random
  readonly workshop: Workshop
  /** Callers find the process that lives, or none. */
  readonly line: Line
  readonly give: Give
  readonly grants: readonly Grant[]
  /** What the processes have cried. */
  readonly errors: string[]
  /** What of the service is, or was, in the hands of a process. */
  readonly visits: readonly Visit[]
  /** When each of them died. */
  readonly deaths: readonly number[]
  readonly stalls: readonly Stall[]
  /** The next process; the one before must be dead. Undefined: it died while it started. `isLast`: asked at each of its steps. */
  start(isLast?: (step: string, number: number) => boolean): Promise<SimulatedProcess | undefined>
  /** How the disk is, asked at each write. Without this nothing troubles it. */
  troubleBy(next: () => Trouble): void
  /** The one that lives dies. */
  stop(): void
  /** The one that lives stands still. */
  stand(ms: number): void
  /** Ends the one that lives in order, and reads what is on the disk. */
  read(endedAtMs: number): Promise<Books>
}

export interface ShopFaults {
  /** Default: a disk of maps that keeps what it has told. */
  readonly disk?: MemoryDiskFaults | 'sqlite'
  /** A disk that says of what it has refused that it is done. */
  readonly hidesRefusals?: boolean
  /** Puts a fault into the store of each process. */
  readonly plant?: (store: Store) => Store
}

const START_MS = Date.UTC(2026, 10, 21, 12)
/** From here to there, and from one turn of the event loop to the next. */
const WAY_MS = 2

const loaded = loadConfig(shopConfig('unused', { front: 1, admin: 2, calls: 3, service: 4 }), { environment: {} })
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
const config = loaded.value

/** What a process is told, it hears when it goes on. */
function hears<T>(life: Life, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve) => life.hear(() => resolve(run())))
}

/** Runs the tale in a world of its own. */
export async function inShop<T>(seed: number, tale: (world: ShopWorld) => Promise<T>, { disk: on, hidesRefusals, plant }: ShopFaults = {}): Promise<T> {
  const timeline = createTimeline(START_MS)
  const random = createRandom(seed)
  const disk = on === 'sqlite' ? createSqliteFile() : createMemoryDisk(on)
  let trouble = (): Trouble => noTrouble
  const errors: string[] = []
  const deaths: number[] = []
  const stalls: Stall[] = []
  const visits: Visit[] = []
  let living: SimulatedProcess | undefined
  const way = (): Promise<void> => timeline.pause(random.whole(0, WAY_MS))

  const workshop = createWorkshop({
    nowMs: timeline.nowMs,
    async pause(ms) {
      await timeline.pause(ms)
    },
    async post(url, body) {
      await way()
      const process = living
      if (process === undefined) throw new Error('nobody is heard')
      const path = `/calls${url.slice(CALLS_URL.length)}`
      const answer = await Promise.race([hears(process.life, () => process.callApi.handle('POST', path, new TextEncoder().encode(body))), process.life.end])
      if (answer === undefined || process.life.isDead) throw new Error('nobody is heard')
      const type = answer.headers[answer.headers.findIndex((name) => name.toLowerCase() === 'content-type') + 1] ?? ''
      await way()
      return { status: answer.status, type, body: typeof answer.body === 'string' ? answer.body : '' }
    },
  })

  const handle: Handle = (request, response) => {
    workshop.handle(request, response)
    const run = workshop.runs.at(-1)
    const visit: Visit = { kind: run?.kind ?? '', account: run?.account ?? '', atMs: timeline.nowMs(), untilMs: undefined }
    visits.push(visit)
    return () => void (visit.untilMs = timeline.nowMs())
  }

  const line: Line = {
    nowMs: timeline.nowMs,
    async ask(asked, leaveAfterMs) {
      await timeline.pause(random.whole(1, WAY_MS))
      const process = living
      if (process === undefined) return { kind: 'broken', aborted: false }
      let passage: Passage | undefined
      const replied = hears(process.life, () => (passage = process.ask(asked)).reply)
      const leaving = new Promise<'left'>((resolve) => void (leaveAfterMs !== undefined && timeline.after(leaveAfterMs, () => resolve('left'))))
      const reply = await Promise.race([replied, process.life.end, leaving])
      if (reply === 'left') {
        process.life.hear(() => passage?.callerGone())
        return { kind: 'broken', aborted: true }
      }
      if (reply === undefined) return { kind: 'broken', aborted: false }
      await way()
      return reply
    },
  }

  async function give(id: string, units: number, expiresAtMs: number | undefined): Promise<boolean | undefined> {
    await way()
    const process = living
    if (process === undefined) return undefined
    const granted = hears(process.life, () => applyOne(process.store, { kind: 'grant', subject: 'account:poor', name: 'credit', scale: 2, grantId: id, units, reason: 'more', ...(expiresAtMs !== undefined && { expiresAtMs }) }))
    const result = await Promise.race([granted.catch(() => undefined), process.life.end])
    return result === undefined ? undefined : true
  }

  async function start(isLast: (step: string, number: number) => boolean = () => false): Promise<SimulatedProcess | undefined> {
    const life = createLife(timeline, isLast, () => {
      living = undefined
      deaths.push(timeline.nowMs())
      disk.forget()
    })
    const alert = ({ kind, message }: { readonly kind: string; readonly message: string }): void => void (life.isDead || errors.push(`${kind}: ${message}`))
    const randomBytes = (count: number): Uint8Array => {
      const bytes = new Uint8Array(count)
      for (let at = 0; at < count; at += 1) bytes[at] = random.whole(0, 255)
      return bytes
    }
    const starting = (async () => startProcess({ life, disk: createTroubledDisk(disk.open(life), life, random, () => trouble(), hidesRefusals !== true), config, randomBytes, handle, plant, alert }))()
    const process = await Promise.race([starting.catch((error: unknown) => (life.isDead ? undefined : Promise.reject(error))), life.end])
    if (process !== undefined && !life.isDead) living = process
    return living
  }

  async function told(): Promise<T> {
    const first = await start()
    if (first === undefined) throw new Error('the first process has died')
    const grants = await putAccounts(first)
    await first.close()
    living = undefined
    return tale({
      timeline,
      random,
      workshop,
      line,
      give,
      grants,
      errors,
      deaths,
      stalls,
      visits,
      start,
      troubleBy: (next) => void (trouble = next),
      stop: () => living?.life.die(),
      stand(ms) {
        if (living === undefined) return
        stalls.push({ fromMs: timeline.nowMs(), untilMs: timeline.nowMs() + ms })
        living.life.stand(ms)
      },
      async read(endedAtMs) {
        await living?.close()
        living = undefined
        const life = createLife(timeline, () => false)
        const store = await openStore(disk.open(life), { clock: timeline, schedule: (run) => void timeline.after(0, run) })
        const books = await readAll(store)
        await store.close()
        return { endedAtMs, ...books }
      },
    })
  }

  try {
    return await timeline.run(told())
  } finally {
    workshop.close()
    disk.close()
  }
}
