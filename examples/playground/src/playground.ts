/**
 * A whole small world in one process: real services, the gateway in front of them, sample rows in the gateway's store, and a page about it all.
 * Everything is made afresh at each start and thrown away at the end.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSystemClock, silentLog, startGateway } from '@tollgate/gateway'
import type { GatewayStart, Log, RunningGateway } from '@tollgate/gateway'
import type { Clock } from 'tollgate/engine'
import type { Api, Credit, RunningService } from './api.ts'
import { apis } from './apis.ts'
import { describePlayground } from './description.ts'
import type { Description } from './description.ts'
import { createLiveAccounts } from './live-accounts.ts'
import { createLateClock, livePast, longestAgoMs } from './past.ts'
import { fillMeters, grant, seed, servedApi, setSwitches } from './seed.ts'
import type { SeedTarget } from './seed.ts'
import { createSite } from './site.ts'

export { apis } from './apis.ts'
export type { Api, Credit, PastCall, RunningService, ServiceContext, TrafficItem } from './api.ts'
export type { FormPart, Recipe, RecipeRequest, Step } from './recipe.ts'
export type { Sample, SampleKey } from './sample.ts'
export { chatads as chatadsRecipes } from './apis/chatads/api.ts'
export { chatadsKeys } from './apis/chatads/samples.ts'
export { aiApiKeys } from './apis/ai-api/samples.ts'
export { joggKeys } from './apis/jogg/samples.ts'
export { leaperoneKeys } from './apis/leaperone/samples.ts'
export { nexalayerKeys, nexalayerSecrets } from './apis/nexalayer/samples.ts'
export { codesOf, describePlayground } from './description.ts'
export type { DescribedApi, DescribedRecipe, Description } from './description.ts'
export { formatCodeTable, testNameOf } from './code-table.ts'
export type { ContractSource } from './code-table.ts'
export { codeOf, isAsDocumented, runRecipe } from './runner.ts'
export type { ReceivedAnswer, RecipeRun } from './runner.ts'

export interface PlaygroundOptions {
  /** 0 takes any free one. */
  readonly port: number
  /** Default 0. */
  readonly adminPort?: number
  /** Default: the system's. */
  readonly clock?: Clock
  /** Of the gateway and of the services. Default: silence. */
  readonly log?: Log
  /** Where callers reach it, where that is not the gateway itself. */
  readonly publicUrl?: string
  /** For `${NAME}` in its configuration, besides what is always there. */
  readonly env?: { readonly [name: string]: string }
  /** Default: the `tollgate.yaml` of this package. */
  readonly config?: GatewayStart['config']
}

export interface Playground<Name extends string = keyof typeof apis> {
  readonly url: string
  readonly adminToken: string
  readonly description: Description
  readonly gateway: RunningGateway
  /** Of the services, by the names that the configuration has for them. */
  readonly urls: { readonly [variable: string]: string }
  /** The services behind the gateway. */
  readonly services: { readonly [name in Name]: RunningService }
  close(): Promise<void>
}

const DAY_MS = 86_400_000
const CONFIG = fileURLToPath(new URL('../tollgate.yaml', import.meta.url))

/** Rejects with one clear sentence if a port is taken; nothing is left behind then. */
export function createPlayground(options: PlaygroundOptions): Promise<Playground> {
  return createPlaygroundOf(apis, options)
}

/** The same for any APIs. */
export async function createPlaygroundOf<Name extends string>(shown: { readonly [name in Name]: Api }, options: PlaygroundOptions): Promise<Playground<Name>> {
  // What was started last is stopped first.
  const undo: (() => unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    return { ...(await openPlayground(shown, options, undo)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openPlayground<Name extends string>(
  shown: { readonly [name in Name]: Api },
  options: PlaygroundOptions,
  undo: (() => unknown)[],
): Promise<Omit<Playground<Name>, 'close'>> {
  const { port, adminPort = 0, log = silentLog, config = CONFIG, env = {}, publicUrl } = options
  const list: readonly Api[] = Object.values<Api>(shown)
  const clock = createLateClock(options.clock ?? createSystemClock(), longestAgoMs(list))
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-playground-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))

  // Services start first and may credit accounts later; the gateway needs their addresses.
  let target: SeedTarget | undefined
  const started: [name: string, service: RunningService][] = []
  for (const [name, api] of Object.entries<Api>(shown)) {
    const service = await startService(api, { clock, log, target: () => target, publicUrl })
    undo.push(() => service.close())
    started.push([name, service])
  }
  const site = createSite()
  const { url: siteUrl } = await site.listen()
  undo.push(() => site.close())

  const gateway = await startGateway({
    config,
    env: {
      PORT: String(port),
      ADMIN_PORT: String(adminPort),
      DATABASE: join(folder, 'tollgate.db'),
      ...env,
      SITE_URL: siteUrl,
      ...Object.fromEntries(started.map(([name, { url }]) => [urlVariable(name), url])),
    },
    clock,
    log,
  })
  undo.push(() => gateway.close())

  target = { gateway, clock, sha256Hex }
  for (const api of list) await seed(target, api)
  const past = await livePast(gateway.url, clock, list)
  const fill = async () => {
    for (const api of list) await fillMeters({ gateway, clock, sha256Hex }, api)
  }
  await fill()
  for (const api of list) await setSwitches(target, api)
  undo.push(everyMidnight(clock, () => fill().catch((error: unknown) => log.error('the counters of the samples were not filled', { error: errorText(error) }))))

  const url = publicUrl ?? addressOf(gateway)
  const description = describePlayground(url, gateway.adminUrl, list, past)
  site.show(description, createLiveAccounts(target, list))
  return { url, adminToken: gateway.adminToken, description, gateway, urls: Object.fromEntries([...started.map(([name, service]) => [urlVariable(name), service.url] as const), ['SITE_URL', siteUrl]]), services: Object.fromEntries(started) as { readonly [name in Name]: RunningService } }
}

interface ServiceWorld {
  readonly clock: Clock
  readonly log: Log
  readonly target: () => SeedTarget | undefined
  readonly publicUrl: string | undefined
}

function startService(api: Api, { clock, log, target, publicUrl }: ServiceWorld): Promise<RunningService> {
  const { name } = api.contract
  const started = () => {
    const ready = target()
    if (ready === undefined) throw new Error('the gateway has not started yet')
    return ready
  }
  return api.start({
    clock,
    publicUrl: () => (publicUrl ?? addressOf(started().gateway)) + servedApi(started().gateway, name).mount,
    onError: (error, where) => log.error(`${name} failed`, { where, error: errorText(error) }),
    grant: async (credit: Credit) => grant(started(), name, credit),
  })
}

function addressOf({ port }: Pick<RunningGateway, 'port'>): string {
  return `http://localhost:${port}`
}

/** `ai-api` is `AI_API_URL` in the configuration. */
function urlVariable(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_URL`
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
