import { createServer, type IncomingMessage, type Server } from 'node:http'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { runCli } from '../cli/run-cli.ts'
import { createJsonLog } from '../platform/log.ts'
import { startGateway, type GatewayStart, type RunningGateway } from './program.ts'
import { GatewayStartError } from '../platform/start-error.ts'

let directory: string
let service: Server
let seen: IncomingMessage[]
const running: RunningGateway[] = []

/** Set by a test that wants the service to wait before it answers. */
let held: Promise<void> | undefined

beforeEach(async () => {
  held = undefined
  directory = mkdtempSync(join(tmpdir(), 'tollgate-program-'))
  seen = []
  service = createServer((request, response) => {
    seen.push(request)
    request.resume().on('end', () => void Promise.resolve(held).then(() => response.end('{"ok":true}')))
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.close()))
  await new Promise((resolve) => service.close(resolve))
  rmSync(directory, { recursive: true })
})

async function start(options: GatewayStart): Promise<RunningGateway> {
  const gateway = await startGateway(options)
  running.push(gateway)
  return gateway
}

const text = (changes: { readonly store?: string; readonly daily?: number; readonly window?: string; readonly more?: string } = {}): string => `
listen: { port: 0 }
admin: { port: 0 }
store: ${changes.store ?? '{ sqlite: ./data/tollgate.db }'}
upstreams: { service: "http://127.0.0.1:${(service.address() as AddressInfo).port}" }
apis:
  ads:
    mount: /ads
    contract: chatads
    credentials: { from: [{ header: x-api-key }], prefix: cak_ }
    meters:
      burst: { window: ${changes.window ?? '60s'}, limit: 10, per: account }
      daily: { quota: day, per: account, counts: attempts, uncountOn: ["field.*"] }
    plans:
      free: { daily: ${changes.daily ?? 2} }
    routes:
      - on: POST /v1/messages
        steps:
          - take: [burst]
          - take: [daily]
          - validate: { type: object, required: [message], properties: { message: { type: string } } }
${changes.more ?? ''}`

function writeConfig(...changes: Parameters<typeof text>): string {
  const file = join(directory, 'tollgate.yaml')
  writeFileSync(file, text(...changes))
  return file
}

async function cli(gateway: RunningGateway, ...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  let out = ''
  let error = ''
  const code = await runCli([...argv, '--admin', gateway.adminUrl, '--token', gateway.adminToken], {
    stdout: (written) => void (out += written),
    stderr: (written) => void (error += written),
    readStdin: () => Promise.resolve(''),
    env: {},
    cwd: directory,
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return { code, out, error }
}

function send(gateway: RunningGateway, key: string, body: unknown = { message: 'hi' }): Promise<Response> {
  return fetch(`${gateway.url}/ads/v1/messages`, { method: 'POST', headers: { 'x-api-key': key, 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

async function createKey(gateway: RunningGateway): Promise<string> {
  await cli(gateway, 'accounts', 'create', '--api', 'ads', '--plan', 'free', '--name', 'Acme', '--id', 'acme')
  const { out } = await cli(gateway, 'keys', 'create', 'acme', '--json')
  return (JSON.parse(out) as { readonly secret: string }).secret
}

const failure = async (options: GatewayStart): Promise<GatewayStartError> => {
  const error: unknown = await start(options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof GatewayStartError) return error
  throw new Error(`expected a GatewayStartError, not ${String(error)}`)
}


describe('the whole way', () => {
  it('leads from an account and a key to an answer, a refusal, and its explanation', async () => {
    const gateway = await start({ config: writeConfig() })
    const key = await createKey(gateway)
    expect((await send(gateway, key)).status).toBe(200)
    expect(seen[0]?.headers['tollgate-account']).toBe('acme')
    expect((await send(gateway, key, {})).status).toBe(400)
    expect((await send(gateway, key)).status).toBe(200)
    const refused = await send(gateway, key)
    expect(refused.status).toBe(429)
    const { error, meta } = (await refused.json()) as { readonly error: { readonly code: string; readonly message: string }; readonly meta: { readonly request_id: string } }
    expect(error.code).toBe('DAILY_QUOTA_EXCEEDED')

    const explained = await cli(gateway, 'request', meta.request_id)
    expect(explained.out).toContain('Account acme (Acme) on plan free')
    expect(explained.out).toContain('daily: 3 used of 2 allowed on plan free, this is what refused it')
    expect(explained.out).toContain(`The caller was told: 429 DAILY_QUOTA_EXCEEDED, "${error.message}", request id ${meta.request_id}.`)
    const listed = JSON.parse((await cli(gateway, 'requests', 'list', '--account', 'acme', '--json')).out) as { readonly requests: readonly { readonly status: number }[] }
    expect(listed.requests.map(({ status }) => status)).toEqual([429, 200, 400, 200])
    expect((await cli(gateway, 'usage', 'acme')).out).toMatch(/daily\s+account:acme\s+3\s+2\s+0\s/)
  })

  it('keeps accounts, keys and counters over a restart, and the admin token too', async () => {
    const config = writeConfig()
    const first = await startGateway({ config })
    const key = await createKey(first)
    await send(first, key)
    await first.close()
    const second = await start({ config })
    expect(second.adminToken).toBe(first.adminToken)
    await send(second, key)
    expect((await send(second, key)).status).toBe(429)
  })
})

/** The service holds its answer until `release` is called. */
function holdAnswers(): () => void {
  let release: (() => void) | undefined
  held = new Promise((resolve) => void (release = resolve))
  return () => release?.()
}

describe('a request in flight', () => {
  it('outlives a reload', async () => {
    const gateway = await start({ config: writeConfig() })
    const key = await createKey(gateway)
    const release = holdAnswers()
    const answer = send(gateway, key)
    await expect.poll(() => seen).toHaveLength(1)
    writeConfig({ daily: 0 })
    expect(await gateway.reload()).toEqual({ ok: true })
    release()
    expect((await answer).status).toBe(200)
    expect((await send(gateway, key)).status).toBe(429)
  })

  it('is answered before the gateway closes, and logged', async () => {
    const config = writeConfig()
    const gateway = await start({ config })
    const key = await createKey(gateway)
    const release = holdAnswers()
    const answer = send(gateway, key)
    await expect.poll(() => seen).toHaveLength(1)
    const closed = gateway.close()
    release()
    expect((await answer).status).toBe(200)
    await closed
    await expect(send(gateway, key)).rejects.toThrow('fetch failed')
    const again = await start({ config })
    expect(await again.store.requests({ limit: 10 })).toHaveLength(1)
  })
})

describe('the admin token', () => {
  it('is made at the first start, in a file beside the database that only its owner can read', async () => {
    const gateway = await start({ config: writeConfig() })
    const file = join(directory, 'data', 'tollgate.admin-token')
    expect(gateway.adminTokenFile).toBe(file)
    expect(readFileSync(file, 'utf8').trim()).toBe(gateway.adminToken)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is found by commands beside the configuration, without any flag', async () => {
    const gateway = await start({ config: writeConfig() })
    writeConfig({ more: '' })
    writeFileSync(join(directory, 'tollgate.yaml'), text().replace('admin: { port: 0 }', `admin: { port: ${new URL(gateway.adminUrl).port} }`))
    let out = ''
    const io = { stdout: (written: string) => void (out += written), stderr: () => undefined, readStdin: () => Promise.resolve(''), env: {}, cwd: directory, fetch, isTerminal: false, onSignal: () => () => undefined, exit: () => undefined }
    expect(await runCli(['plans', 'list'], io)).toBe(0)
    expect(out).toBe('PLAN  API  LIMITS\nfree  ads  burst 10, daily 2\n')
  })
})

describe('a reload', () => {
  it('changes limits between two requests', async () => {
    const config = writeConfig()
    const gateway = await start({ config })
    const key = await createKey(gateway)
    for (const status of [200, 200, 429]) expect((await send(gateway, key)).status).toBe(status)
    writeConfig({ daily: 100 })
    expect((await cli(gateway, 'reload')).out).toBe('Reloaded.\n')
    expect((await send(gateway, key)).status).toBe(200)
  })

  it('of a wrong configuration keeps the old one, and says what is wrong', async () => {
    const lines: string[] = []
    const gateway = await start({ config: writeConfig(), log: createJsonLog((line) => void lines.push(line)) })
    const key = await createKey(gateway)
    writeConfig({ more: 'nonsense: 1\n' })
    const { code, error } = await cli(gateway, 'reload')
    expect(code).toBe(1)
    expect(error).toContain('the old configuration stays: ')
    expect(error).toContain('there is no setting "nonsense" here')
    expect(lines.join('')).toContain('configuration not reloaded; the old one stays')
    expect((await send(gateway, key)).status).toBe(200)
  })

  it('that would change what a meter means is refused, naming both meanings; so is a start', async () => {
    const config = writeConfig()
    const gateway = await start({ config })
    writeConfig({ window: '30s' })
    expect(await gateway.reload()).toEqual({
      ok: false,
      problems: [
        {
          path: ['apis', 'ads', 'meters', 'burst'],
          message: 'was a window of 1m per account and would become a window of 30s per account; its counters would lose their meaning, so give the new meter another name',
        },
      ],
    })
    await gateway.close()
    await expect(startGateway({ config })).rejects.toThrow('apis.ads.meters.burst: was a window of 1m per account')
  })

  it('that would move a listener or the store is refused', async () => {
    const gateway = await start({ config: writeConfig() })
    writeConfig({ store: 'memory' })
    const outcome = await gateway.reload()
    expect(outcome.ok ? [] : outcome.problems.map(({ message }) => message)).toEqual([
      `is ${join(directory, 'data', 'tollgate.db')} and cannot become memory while running; restart for that`,
    ])
  })
})

describe('a start that cannot be', () => {
  it('names a busy port, and lets go of the database', async () => {
    const { port } = service.address() as AddressInfo
    const file = writeConfig()
    writeFileSync(file, text().replace('listen: { port: 0 }', `listen: { port: ${port} }`))
    const error = await failure({ config: file })
    expect(error.kind).toBe('resource')
    expect(error.message).toBe(`listen on 127.0.0.1:${port}: the port is in use by another process; stop that one, or choose another port`)
    writeConfig()
    await start({ config: file })
  })

  it('because of the admin port says nothing of requests, which it has not taken', async () => {
    const { port } = service.address() as AddressInfo
    const file = writeConfig()
    writeFileSync(file, text().replace('admin: { port: 0 }', `admin: { port: ${port} }`))
    const lines: string[] = []
    const error = await failure({ config: file, log: createJsonLog((line) => void lines.push(line)) })
    expect(error.message).toContain(`admin on 127.0.0.1:${port}: the port is in use`)
    expect(lines).toEqual([])
  })

  it('names a database that another gateway owns', async () => {
    const config = writeConfig()
    await start({ config })
    const error = await failure({ config })
    expect(error.kind).toBe('resource')
    expect(error.message).toContain(join(directory, 'data', 'tollgate.db'))
    expect(error.message).not.toContain('\n')
  })

  it('names a directory that is not there', async () => {
    const error = await failure({ config: writeConfig({ store: '{ sqlite: ./no/such/place.db }' }) })
    expect(error.message).toContain(join(directory, 'no', 'such'))
  })

  it('lists every problem of the configuration, a line each', async () => {
    const error = await failure({ config: writeConfig({ window: '60', more: 'nonsense: 1\n' }) })
    expect(error.kind).toBe('config')
    expect(error.message.split('\n')).toHaveLength(2)
  })
})

describe('a backup', () => {
  it('is a database that only its owner can read, and is never written over a file', async () => {
    const gateway = await start({ config: writeConfig() })
    await createKey(gateway)
    const file = join(directory, 'copy.db')
    expect((await cli(gateway, 'backup', file)).out).toBe(`Written to ${file}.\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const copy = await start({ config: writeConfig({ store: '{ sqlite: ./copy.db }' }) })
    expect(await copy.directory.account('acme')).toMatchObject({ name: 'Acme' })
    expect((await cli(gateway, 'backup', file)).error).toContain(`the backup failed: ${file}: there is a file of this name already`)
    expect((await cli(gateway, 'backup', join(directory, 'no', 'copy.db'))).error).toContain('there is no directory ')
  })
})

describe('a plan that accounts are on', () => {
  const without = (plan: string): string => text().replace('free: {', `${plan}: {`)

  it('cannot be taken away by a reload', async () => {
    const config = writeConfig()
    const gateway = await start({ config })
    await createKey(gateway)
    writeFileSync(config, without('basic'))
    expect(await gateway.reload()).toEqual({
      ok: false,
      problems: [{ path: ['apis', 'ads', 'plans', 'free'], message: 'is missing, but the account acme is on it; bring it back, or move them to another plan: tollgate accounts update acme --plan NAME' }],
    })
    await cli(gateway, 'accounts', 'update', 'acme', '--plan', 'free')
    writeFileSync(config, text().replace('free: {', 'basic: { daily: 1 }\n      free: {'))
    expect(await gateway.reload()).toEqual({ ok: true })
    await cli(gateway, 'accounts', 'update', 'acme', '--plan', 'basic')
    writeFileSync(config, without('basic'))
    expect(await gateway.reload()).toEqual({ ok: true })
  })

  it('is missed at a start: an alert names it and its accounts', async () => {
    const config = writeConfig()
    const first = await startGateway({ config })
    await createKey(first)
    await first.close()
    writeFileSync(config, without('basic'))
    const gateway = await start({ config })
    expect((await cli(gateway, 'status')).out).toContain('apis.ads.plans.free: is missing, but the account acme is on it')
  })
})

describe('time', () => {
  it('comes in from outside: old rows of the log go when it says so', async () => {
    const clock = createManualClock(Date.UTC(2026, 10, 22))
    const gateway = await start({ config: writeConfig({ store: 'memory', more: 'requestLog: { keep: 1m }\n' }), clock })
    const key = await createKey(gateway)
    await send(gateway, key)
    expect(await gateway.store.requests({ limit: 10 })).toHaveLength(1)
    clock.advance(600_000)
    await expect.poll(() => gateway.store.requests({ limit: 10 })).toHaveLength(0)
  })
})
