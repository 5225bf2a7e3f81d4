/** For tests: a service of examples/services as its own process behind the gateway that examples/services/tollgate.yaml describes, on 127.0.0.1. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { startGateway, type GatewayConfigInput } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'
import { parse } from 'yaml'
import { freePort } from '../packages/gateway/src/fixtures/free-port.ts'
import { createCgiServer } from './cgi-server.ts'

export type Language = 'javascript' | 'python' | 'shell'

export interface Caller {
  /** `action body` of each request to the call API about this account's calls, in order. */
  readonly told: string[]
  /** Awaited before the call API acts on them; what it resolves to, if anything, is the status of the answer instead. */
  before: (action: string) => Promise<number | undefined>
  translate(text: string): Promise<Answer>
  get(path: string): Promise<Answer>
  show(id: string): Promise<Answer>
  /** Of the account's credit, in cents. */
  money(): Promise<{ readonly available: number; readonly held: number }>
  /** What was charged, oldest first, in words. */
  settled(): Promise<readonly string[]>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly id?: string; readonly state?: string; readonly translation?: string; readonly error?: { readonly [name: string]: unknown } }
}

export interface ServicesWorld {
  /** A new account with 10.00 of credit. */
  caller(): Promise<Caller>
  close(): Promise<void>
}

const folder = join(import.meta.dirname, '../examples/services')
const sha256Hex = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** `routes`: beside those of the example. */
export async function createServicesWorld(service: RunningService, routes: readonly unknown[] = []): Promise<ServicesWorld> {
  const callers = new Map<string, Caller>()
  const callsPort = await freePort()

  /** Between the service and the call API: remembers, and does as it is bid. */
  const wire = createServer(async (request, response) => {
    const body = await text(request)
    const [, account = '', action = ''] = /^\/calls\/[^:]+:([^:]+):.*\/(\w+)$/.exec(request.url ?? '') ?? []
    const about = callers.get(account)
    about?.told.push(`${action} ${body}`)
    const status = await about?.before(action)
    if (status !== undefined) return void response.writeHead(status).end()
    // Where the call API breaks off (the gateway ends while a service still tells it something), so does what stands before it.
    const answer = await fetch(`http://127.0.0.1:${callsPort}${request.url}`, { method: request.method ?? '', body }).catch(() => undefined)
    if (answer === undefined) return void response.destroy()
    response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' }).end(await answer.text())
  })
  const url = `http://127.0.0.1:${await listen(wire)}/calls`
  const example = parse(readFileSync(join(folder, 'tollgate.yaml'), 'utf8')) as GatewayConfigInput
  for (const api of Object.values(example.apis)) api.routes.push(...(routes as typeof api.routes))
  const config = {
    ...example,
    listen: { port: 0 },
    admin: { port: 0 },
    calls: { port: callsPort, url },
    store: 'memory',
    upstreams: { service: `http://127.0.0.1:${service.port}` },
  } satisfies GatewayConfigInput
  const gateway = await startGateway({ config, baseDir: folder })
  const { store, directory } = gateway

  async function caller(): Promise<Caller> {
    const account = `team_${callers.size + 1}`
    const key = `tk_${randomBytes(16).toString('hex')}`
    const nowMs = Date.now()
    await directory.putAccount({ id: account, api: 'translations', name: account, status: 'active', plan: 'basic', createdAtMs: nowMs })
    await directory.putKey({ id: `key_${account}`, api: 'translations', accountId: account, hash: sha256Hex(key), hint: '', status: 'active', scopes: [], createdAtMs: nowMs })
    await applyOne(store, { kind: 'grant', subject: `account:${account}`, name: 'credit', scale: 2, grantId: account, units: 1_000, reason: 'test' })

    async function send(path: string, body?: string): Promise<Answer> {
      const answer = await fetch(`${gateway.url}${path}`, { headers: { 'x-api-key': key }, ...(body !== undefined && { method: 'POST', body }) })
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] }
    }

    const made: Caller = {
      told: [],
      before: async () => undefined,
      get: (path) => send(path),
      translate: (words) => send('/v1/translations', words),
      show: (id) => send(`/v1/translations/${id}`),
      async money() {
        const [reading] = await store.peek([{ subject: `account:${account}`, name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 0 }])
        return { available: reading?.remaining ?? 0, held: reading?.used ?? 0 }
      },
      async settled() {
        const rows = await store.ledger({ subject: `account:${account}`, limit: 100 })
        return rows.filter(({ kind }) => kind === 'settle').map(({ kind, units, reason }) => `${kind} ${(units / 100).toFixed(2)} ${reason}`)
      },
    }
    callers.set(account, made)
    return made
  }

  return {
    caller,
    async close() {
      await gateway.close()
      await service.close()
      wire.closeAllConnections()
      wire.close()
    },
  }
}

export interface RunningService {
  readonly port: number
  close(): Promise<void>
}

const commands: { readonly [language in 'javascript' | 'python']: readonly [string, string] } = {
  javascript: [process.execPath, 'service.mjs'],
  python: ['python3', 'service.py'],
}

/** What the service needs and this machine does not have. */
export function missingFor(language: Language): string | undefined {
  const program = language === 'python' ? 'python3' : language === 'shell' ? 'curl' : process.execPath
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return program
  }
}

export async function startService(language: Language): Promise<RunningService> {
  const missing = missingFor(language)
  if (missing !== undefined) throw new Error(`${missing} is missing on this machine; install it to run the ${language} service`)
  if (language === 'shell') return startCgi()
  const port = await freePort()
  const [command, file] = commands[language]
  const child = spawn(command, [join(folder, file), String(port)], { env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }, stdio: ['ignore', 'ignore', 'inherit'] })
  await listening(port, child)
  return {
    port,
    async close() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

async function startCgi(): Promise<RunningService> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-translations-'))
  const server = createCgiServer(join(folder, 'service.cgi'), { TRANSLATIONS_DIR: directory })
  const port = await listen(server)
  return {
    port,
    async close() {
      server.closeAllConnections()
      server.close()
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

export async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** Another process says nothing when it listens; it can be asked. */
export async function listening(port: number, child: ChildProcess | undefined): Promise<void> {
  for (let attempt = 0; attempt < 4_000; attempt++) {
    if (child?.exitCode !== null) break
    const socket = connect(port, '127.0.0.1')
    const up = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`the service does not listen on ${port} (exit code ${child?.exitCode})`)
}
