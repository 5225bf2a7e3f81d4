/**
 * A whole small world in one process: a real service, the gateway in front of it, sample rows in the gateway's store, and a page about it all.
 * Everything is made afresh at each start and thrown away at the end.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createChatadsService } from '@tollgate/example-chatads'
import type { ChatadsService } from '@tollgate/example-chatads'
import { createSystemClock, silentLog, startGateway } from '@tollgate/gateway'
import type { Log, RunningGateway } from '@tollgate/gateway'
import type { Clock } from 'tollgate/admission'
import { chatadsSamples } from './chatads-samples.ts'
import { describePlayground } from './description.ts'
import type { Description } from './description.ts'
import { recipeBooks } from './recipes.ts'
import { fillMeters, seed } from './seed.ts'
import type { SeedTarget } from './seed.ts'
import { createSite } from './site.ts'

export { chatadsKeys } from './chatads-samples.ts'
export { chatadsRecipes } from './chatads-recipes.ts'
export { formatCodeTable, testNameOf } from './code-table.ts'
export { recipeBooks } from './recipes.ts'

export interface PlaygroundOptions {
  /** 0 takes any free one. */
  readonly port: number
  /** Default 0. */
  readonly adminPort?: number
  /** Default: the system's. */
  readonly clock?: Clock
  /** Of the gateway and of the services. Default: silence. */
  readonly log?: Log
}

export interface Playground {
  readonly url: string
  readonly adminToken: string
  readonly description: Description
  readonly gateway: RunningGateway
  /** The services behind the gateway, by the name of their API. */
  readonly services: { readonly chatads: ChatadsService }
  close(): Promise<void>
}

const DAY_MS = 86_400_000

/** Rejects with one clear sentence if a port is taken; nothing is left behind then. */
export async function createPlayground(options: PlaygroundOptions): Promise<Playground> {
  const { port, adminPort = 0, clock = createSystemClock(), log = silentLog } = options
  // What was started last is stopped first.
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-playground-'))
    undo.push(() => rm(folder, { recursive: true, force: true }))

    const chatads = createChatadsService({ onError: (error, requestId) => log.error('chatads failed', { requestId, error: errorText(error) }) })
    const { url: chatadsUrl } = await chatads.listen(0)
    undo.push(() => chatads.close())

    const site = createSite()
    const { url: siteUrl } = await site.listen()
    undo.push(() => site.close())

    const gateway = await startGateway({
      config: fileURLToPath(new URL('../tollgate.yaml', import.meta.url)),
      env: { PORT: String(port), ADMIN_PORT: String(adminPort), DATABASE: join(folder, 'tollgate.db'), CHATADS_URL: chatadsUrl, SITE_URL: siteUrl },
      clock,
      log,
    })
    undo.push(() => gateway.close())

    const url = `http://localhost:${gateway.port}`
    const description = describePlayground(url, gateway.adminUrl, recipeBooks)
    site.show(description)
    const target: SeedTarget = { gateway, clock, sha256Hex }
    await seed(target, chatadsSamples)
    const refill = () => fillMeters(target, chatadsSamples).catch((error: unknown) => log.error('the counters of the samples were not filled', { error: errorText(error) }))
    undo.push(everyMidnight(clock, refill))

    return { url, adminToken: gateway.adminToken, description, gateway, services: { chatads }, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A new day empties the daily counters; the samples that were at their limit are to be there again. */
function everyMidnight(clock: Clock, run: () => unknown): () => void {
  let cancel: () => void
  const schedule = () => {
    cancel = clock.after(DAY_MS - (clock.wallMs() % DAY_MS), () => {
      schedule()
      run()
    })
  }
  schedule()
  return () => cancel()
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
