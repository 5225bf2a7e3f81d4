import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatads, problem } from 'tollgate/catalog'
import { refuse, type Facts, type ServerReason } from 'tollgate/contract'
import { programVersion } from '../platform/version.ts'
import type { CliIo } from './cli-io.ts'
import { runCli } from './run-cli.ts'

interface Run {
  readonly code: number
  readonly out: string
  readonly error: string
  /** What the admin API was asked: `POST /v1/accounts {"api":…}`. */
  readonly asked: readonly string[]
}

type Reply = unknown | ((request: Request) => Response | Promise<Response>)

let directory: string
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'tollgate-cli-'))))
afterAll(() => rmSync(directory, { recursive: true }))

async function run(argv: readonly string[], reply: Reply = {}, changes: Partial<CliIo> = {}): Promise<Run> {
  let out = ''
  let error = ''
  const asked: string[] = []
  const code = await runCli(argv, {
    stdout: (text) => void (out += text),
    stderr: (text) => void (error += text),
    readStdin: () => Promise.resolve(''),
    env: { TOLLGATE_ADMIN_TOKEN: 'token-0123456789' },
    cwd: directory,
    async fetch(input, init) {
      const request = new Request(input instanceof URL || typeof input === 'string' ? input : input.url, init)
      const body = await request.clone().text()
      asked.push(`${request.method} ${request.url.replace('http://127.0.0.1:9090', '')}${body === '' ? '' : ` ${body}`}`)
      return typeof reply === 'function' ? (reply as (request: Request) => Response)(request) : Response.json(reply)
    },
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
    ...changes,
  })
  return { code, out, error, asked }
}

function refusing(reason: ServerReason, facts: Facts = {}): () => Response {
  const { status, headers, body } = problem.answer(refuse(reason, facts), { requestId: 'x', nowMs: 0 })
  const pairs = headers.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []))
  return () => new Response(body, { status, headers: pairs })
}

const refusedConnection = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }))

const authorization = async (...argv: readonly string[]) => {
  let sent = ''
  await run(['plans', 'list', ...argv], (request: Request) => {
    sent = request.headers.get('authorization') ?? ''
    return Response.json({ plans: [] })
  })
  return sent
}

const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text)
  return name
}

const switches = { maintenance: { on: false }, overload: { on: false } }
const movement = { number: 1, cursor: 1, subject: 'account:acme', meter: 'credit', scale: 2, at: '2026-11-22T10:00:00.000Z', kind: 'grant', amount: '5.00', units: 500, available: '5.00', availableUnits: 500, held: '0.00', heldUnits: 0, grantId: 'g1', reason: 'start' }
const request = { requestId: 'x', at: '2026-11-22T10:00:00.000Z', durationMs: 1, method: 'GET', path: '/', remoteAddress: '127.0.0.1', status: 404, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 }
const account = { id: 'acme', api: 'ads', plan: 'free', name: 'Acme', status: 'active', createdAt: '2026-11-22T10:00:00.000Z' }
const key = { id: 'key_1', api: 'ads', accountId: 'acme', hint: 'cak_7Fq2', status: 'active', scopes: [], createdAt: '2026-11-22T10:00:00.000Z' }

const coloured = async (changes: Partial<CliIo>) => (await run(['accounts', 'list'], { accounts: [account] }, changes)).out.includes('\u001b[')

describe('the command line', () => {
  it('shows help with examples and exits with 0', async () => {
    for (const argv of [['--help'], ['help'], ['accounts', '--help'], ['accounts', 'create', '--help'], ['serve', '-h']]) {
      const { code, out, error } = await run(argv)
      expect(code).toBe(0)
      expect(out).toContain('Usage: tollgate')
      expect(error).toBe('')
    }
    expect((await run(['keys', 'create', '--help'])).out).toContain('$ tollgate keys create acme --label production')
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.each([
    [['acounts', 'list'], "unknown command 'acounts'\n(Did you mean accounts?)"],
    [['accounts', 'lst'], "unknown command 'lst'\n(Did you mean list?)"],
    [['accounts', 'list', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [['accounts', 'show'], "missing required argument 'account'"],
    [['accounts', 'create', '--api', 'ads'], "required option '--plan <plan>' not specified"],
    [['accounts', 'update', 'acme', '--limit', 'daily'], 'Write METER=NUMBER, such as daily=500, or of money spending=20.00, or METER=plan.'],
    [[], 'Usage: tollgate'],
    [['accounts'], 'Usage: tollgate accounts'],
  ])('exits with 2 and says what is wrong: %j', async (argv, message) => {
    const { code, out, error, asked } = await run(argv)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(error).toContain(message)
    expect(asked).toEqual([])
  })

  it('explains a command below a command, and says where a word leads nowhere', async () => {
    const { code, out } = await run(['help', 'accounts', 'create'])
    expect([code, out]).toEqual([0, (await run(['accounts', 'create', '--help'])).out])
    expect(out).toContain('Usage: tollgate accounts create')
    expect((await run(['help', 'check', 'tollgate.yaml'])).out).toContain('Usage: tollgate check')
    expect(await run(['help', 'accounts', 'creat'])).toMatchObject({ code: 2, out: '', error: 'tollgate: there is no command "creat" here; did you mean "create"?\n' })
    expect(await run(['help', 'acounts'])).toMatchObject({ code: 2, error: 'tollgate: there is no command "acounts" here; did you mean "accounts"?\n' })
  })

  it('writes nothing of an export before the gateway has answered', async () => {
    expect(await run(['credits', 'export'], {}, { fetch: refusedConnection })).toMatchObject({ code: 1, out: '' })
    expect(await run(['credits', 'export', '--output', 'ledger.csv'], {}, { fetch: refusedConnection })).toMatchObject({ code: 1, out: '' })
    expect(existsSync(join(directory, 'ledger.csv'))).toBe(false)
  })

  it('exports JSON where JSON is asked for', async () => {
    const rows = [movement, { ...movement, number: 2, cursor: 2, kind: 'hold' }]
    expect(JSON.parse((await run(['credits', 'export', '--json'], { rows })).out)).toEqual(rows)
    expect(JSON.parse((await run(['credits', 'export', '--json'], { rows: [] })).out)).toEqual([])
    expect((await run(['credits', 'export', '--json', '--format', 'jsonl'], { rows })).out).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    expect(await run(['credits', 'export', '--json', '--format', 'csv'], { rows })).toMatchObject({ code: 2, error: expect.stringContaining('exclude each other') })
  })

  it('check looks where the database is to lie, and says what is wrong as JSON too', async () => {
    const settings = { upstreams: { up: 'http://127.0.0.1:9' }, apis: { a: { mount: '/', contract: 'problem', routes: [{ on: 'GET /usage/:id', public: true }] } } }
    const checked = (sqlite: string, ...flags: readonly string[]) => run(['check', file('place.yaml', JSON.stringify({ ...settings, store: { sqlite } })), ...flags])
    expect(await checked('./none/such/tollgate.db')).toMatchObject({ code: 2, error: expect.stringContaining(`store.sqlite: there is no directory ${join(directory, 'none/such')}; create it first`) })
    expect(JSON.parse((await checked('./none/such/tollgate.db', '--json')).out)).toMatchObject({ ok: false, problems: [{ path: ['store', 'sqlite'] }] })
    expect(await checked('./place.yaml/tollgate.db')).toMatchObject({ code: 2, error: expect.stringContaining('is a file, so that nothing can lie in it') })
    const fine = await checked('./data/tollgate.db')
    expect(fine.code).toBe(0)
    expect(fine.error).toContain('":id" is plain text here, so that only a path with these very characters fits; a parameter is written {id}')
  })

  it('waits for a gateway that is not up yet, and sends what it was told once', async () => {
    let refusals = 3
    const { code, asked, out } = await run(['accounts', 'create', '--api', 'ads', '--plan', 'free', '--name', 'Acme'], { account }, {
      sleep: async () => void (refusals -= 1),
      fetch: async (...about) => (refusals > 0 ? refusedConnection() : Response.json({ account }, about.length > 0 ? {} : {})),
    })
    expect([code, refusals, asked]).toEqual([0, 0, []])
    expect(out).toContain('Created.')
  })

  it('tells of a mistake of its own in one sentence, not by a stack trace', async () => {
    const { code, error } = await run(['plans', 'list'], {}, {})
    expect(code).toBe(1)
    expect(error.split('\n')).toHaveLength(2)
    expect(error).not.toMatch(/\n\s+at /)
  })

  it('says how to start a gateway that does not answer', async () => {
    const { code, error } = await run(['plans', 'list'], refusedConnection)
    expect(code).toBe(1)
    expect(error).toBe('tollgate: the admin API at http://127.0.0.1:9090 does not answer (ECONNREFUSED): it is not up yet, or it does not run; start the gateway with "tollgate serve", or say where it is with --admin URL\n')
  })

  it('does not tell who wants to stop a gateway to start one', async () => {
    const { code, error } = await run(['stop'], refusedConnection)
    expect(code).toBe(1)
    expect(error).toBe('tollgate: the admin API at http://127.0.0.1:9090 does not answer (ECONNREFUSED): no gateway runs there, so that there is nothing to stop; if it is elsewhere, say where with --admin URL\n')
  })

  it('names operation, field and both versions where another version of the gateway answers otherwise', async () => {
    const older = (reply: unknown) => (asked: Request) => Response.json(asked.url.endsWith('/v1/status') ? { version: '0.0.9' } : reply)
    const { id: _, ...nameless } = account
    expect(await run(['accounts', 'list'], older({ accounts: [account, nameless] }))).toMatchObject({
      code: 1,
      out: '',
      error: `tollgate: the reply to accounts.list does not fit: accounts[1].id: is missing; the gateway is 0.0.9, this command line is ${programVersion()}; use the command line of the gateway's own version\n`,
      asked: ['GET /v1/accounts', 'GET /v1/status'],
    })
    // Otherwise it would be tried again.
    expect((await run(['keys', 'revoke', 'key_1'], older({ key: { ...key, status: 'gone' } }))).error).toContain('tollgate: it was done, but the reply to keys.update does not fit: key.status: must be active, disabled or revoked, not "gone"; the gateway is 0.0.9')
    expect((await run(['status'], { version: '9.0.0' })).error).toContain('the reply to gateway.status does not fit: url: is missing; the gateway is 9.0.0, this')
    expect((await run(['plans', 'list'], (asked: Request) => (asked.url.endsWith('/v1/status') ? new Response('') : Response.json([])))).error).toContain('the gateway is of an unknown version')
  })

  it('takes what a newer gateway answers beside all that is known, and prints it', async () => {
    const reply = { accounts: [{ ...account, region: 'eu' }], total: 1 }
    expect(JSON.parse((await run(['accounts', 'list', '--json'], reply)).out)).toEqual(reply)
  })

  it('says where a token would be looked for', async () => {
    const { code, error } = await run(['plans', 'list'], {}, { env: {} })
    expect(code).toBe(2)
    expect(error).toContain('no admin token: run this beside the tollgate.yaml of a gateway that has been started')
  })

  it('says what is wrong with the configuration that does not say where the gateway is, at once', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'tollgate-cli-'))
    writeFileSync(join(cwd, 'tollgate.yaml'), 'admin: &a [*a]\n')
    const expected = /^tollgate: \S*tollgate\.yaml:1:12: not valid YAML: \*a stands within what it refers to, which has no end; mend it, or say where the gateway is with --admin URL and --token\n$/
    for (const env of [{}, { TOLLGATE_ADMIN_TOKEN: 'token-0123456789' }]) {
      expect(await run(['reload'], {}, { cwd, env })).toMatchObject({ code: 2, error: expect.stringMatching(expected) as unknown })
    }
    const env = { TOLLGATE_ADMIN_TOKEN: 'token-0123456789', TOLLGATE_ADMIN: 'http://127.0.0.1:9090' }
    expect(await run(['plans', 'list'], { plans: [] }, { cwd, env })).toMatchObject({ code: 0 })
    expect(await run(['plans', 'list', '--config', 'none.yaml'], {}, { cwd, env: {} })).toMatchObject({ code: 2, error: expect.stringContaining('none.yaml: cannot be read: there is no such file') as unknown })
    rmSync(cwd, { recursive: true })
  })

  it('says when something else answers at the port, or the token is not known', async () => {
    expect(await run(['status'], () => new Response('<html>', { status: 404 }))).toMatchObject({ code: 1, error: expect.stringContaining('is not the admin API of a gateway') as unknown })
    expect(await run(['status'], () => new Response('hello'))).toMatchObject({ code: 1, error: expect.stringContaining('is not the admin API of a gateway') as unknown })
    expect(await run(['status'], refusing('credential.invalid'))).toMatchObject({ code: 1, error: expect.stringContaining('does not know this token') as unknown })
  })

  it('turns a refusal of the admin API into one sentence and 1', async () => {
    expect(await run(['accounts', 'show', 'nobody'], refusing('resource.not_found', { issue: 'there is no account "nobody"' }))).toMatchObject({ code: 1, error: 'tollgate: there is no account "nobody"\n' })
    expect(await run(['request', 'x'], refusing('resource.not_found', { issue: 'there is no request "x"' }))).toMatchObject({ code: 1, out: '', error: 'tollgate: there is no request "x"\n' })
    expect(await run(['accounts', 'update', 'a', '--plan', 'x'], refusing('field.invalid', { field: 'plan', issue: 'no plan is called "x"' }))).toMatchObject({ code: 1, error: 'tollgate: --plan: no plan is called "x"\n' })
  })

  it.each([
    [['audit', 'list', '--max', '0'], 'limit', '--max'],
    [['keys', 'create', 'acme', '--expires', 'soon'], 'expiresAt', '--expires'],
    [['requests', 'list', '--client-request-id', 'x'], 'clientRequestId', '--client-request-id'],
    [['keys', 'create', 'acme', '--limit', 'daly=5'], 'limits.daly', 'limits.daly'],
    [['keys', 'list', 'acme'], 'constructor', 'constructor'],
  ])('names a field as its user has written it: %j', async (argv, field, name) => {
    expect((await run(argv, refusing('field.invalid', { field, issue: 'is wrong' }))).error).toBe(`tollgate: ${name}: is wrong\n`)
  })

  it.each([
    [['frobnicate'], "tollgate: unknown command 'frobnicate'\n\"tollgate help\" lists the commands.\n"],
    [['account', 'list'], "tollgate: unknown command 'account'\n(Did you mean accounts?)\n\"tollgate help\" lists the commands.\n"],
    [['keys', 'lst', 'acme'], "tollgate: unknown command 'lst'\n(Did you mean list?)\n\"tollgate help keys\" lists the commands.\n"],
    [['keys', 'list'], "tollgate: missing required argument 'account'\nUsage: tollgate keys list [options] <account>\n"],
    [['maintenance', 'on'], "tollgate: missing required argument 'api'\nUsage: tollgate maintenance [options] <state> <api>\n"],
    [['maintenance', 'ads', 'on'], "tollgate: command-argument value 'ads' is invalid for argument 'state'. Allowed choices are on, off.\nUsage: tollgate maintenance [options] <state> <api>\n"],
    [['maintenance', 'off', 'ads', '--until', '1h'], 'tollgate: --until goes with on: tollgate maintenance on ads --until 1h\n'],
    [['status', '--wait', 'abc'], "tollgate: option '--wait [duration]' argument 'abc' is invalid. Write a duration with its unit: 10s, 1m, 0s.\nUsage: tollgate status [options]\n"],
    [['stop', 'now'], "tollgate: too many arguments for 'stop'. Expected 0 arguments but got 1.\nUsage: tollgate stop [options]\n"],
  ])('says what is wrong with %j, and how it is written', async (argv, error) => {
    expect(await run(argv)).toEqual({ code: 2, out: '', error, asked: [] })
  })

  it('takes the options of a switch wherever they stand, and says until when it is on', async () => {
    const reply = { api: 'ads', switches: { ...switches, maintenance: { on: true, until: '2026-11-22T11:00:00.000Z' } } }
    const expected = { code: 0, error: '', out: 'maintenance is on for ads until 2026-11-22T11:00:00.000Z.\n', asked: ['PUT /v1/apis/ads/maintenance {"on":true,"until":"1h"}'] }
    expect(await run(['maintenance', '--until', '1h', 'on', 'ads'], reply)).toEqual(expected)
    expect(await run(['maintenance', 'on', 'ads', '--until', '1h'], reply)).toEqual(expected)
  })

  it.each(['serve', 'check'])('says what to do where there is no configuration: %s', async (command) => {
    const cwd = mkdtempSync(join(tmpdir(), 'tollgate-cli-'))
    expect(await run([command], {}, { cwd, env: {} })).toMatchObject({ code: 2, error: expect.stringContaining(`there is no tollgate.yaml here: name another file (tollgate ${command} FILE), or write one`) as string })
    expect(await run([command], {}, { cwd, env: { TOLLGATE_CONFIG: 'none.yaml' } })).toMatchObject({ code: 2, error: expect.stringContaining('none.yaml: cannot be read: there is no such file') as string })
    rmSync(cwd, { recursive: true })
  })

  it('tells a gateway that was never started from one that is elsewhere', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'tollgate-cli-'))
    writeFileSync(join(cwd, 'tollgate.yaml'), 'store: { sqlite: ./data/tollgate.db }\n')
    const unstarted = /^tollgate: no gateway has been started with \S*tollgate\.yaml yet, so that there is no admin token: /
    expect(await run(['status'], {}, { cwd, env: {} })).toMatchObject({ code: 2, asked: [], error: expect.stringMatching(new RegExp(`${unstarted.source}start it with "tollgate serve"`)) as string })
    expect(await run(['stop'], {}, { cwd, env: {} })).toMatchObject({ code: 2, asked: [], error: expect.stringMatching(new RegExp(`${unstarted.source}there is nothing to stop`)) as string })
    rmSync(cwd, { recursive: true })
  })

  it('prints the OpenAPI document of the admin API, asking nobody', async () => {
    const { code, out, asked } = await run(['admin', 'openapi'], {}, { env: {} })
    expect([code, asked]).toEqual([0, []])
    expect(JSON.parse(out)).toMatchObject({ openapi: '3.1.1', info: { version: programVersion() }, paths: { '/v1/keys/find': { post: { operationId: 'keys.find' } } } })
  })

  it('sends the token as a bearer, from the flag before the environment', async () => {
    expect(await authorization()).toBe('Bearer token-0123456789')
    expect(await authorization('--token', 'another-0123456789')).toBe('Bearer another-0123456789')
  })

  it.each([
    [['accounts', 'list', '--api', 'ads', '--max', '5'], { accounts: [] }, 'GET /v1/accounts?api=ads&limit=5'],
    [['accounts', 'show', 'a/b'], { account }, 'GET /v1/accounts/a%2Fb'],
    [['accounts', 'create', '--api', 'ads', '--plan', 'free', '--name', 'Acme', '--limit', 'daily=5', '--block', 'casino'], { account }, 'POST /v1/accounts {"api":"ads","plan":"free","name":"Acme","limits":{"daily":5},"blockedWords":["casino"]}'],
    [['accounts', 'update', 'acme', '--plan', 'pro', '--limit', 'daily=plan', '--suspended-until', 'never', '--no-blocked-words'], { account }, 'PATCH /v1/accounts/acme {"plan":"pro","suspendedUntil":null,"limits":{"daily":null},"blockedWords":null}'],
    [['accounts', 'update', 'acme', '--limit', 'spending=20.00', '--limit', 'daily=500'], { account }, 'PATCH /v1/accounts/acme {"limits":{"spending":"20.00","daily":500}}'],
    [['accounts', 'update', 'acme', '--status', 'disabled'], { account }, 'PATCH /v1/accounts/acme {"status":"disabled"}'],
    [['keys', 'list', 'acme'], { keys: [key] }, 'GET /v1/accounts/acme/keys'],
    [['keys', 'create', 'acme', '--scope', 'read', '--scope', 'write', '--expires', '2027-01-01T00:00:00Z'], { key, secret: 's' }, 'POST /v1/accounts/acme/keys {"scopes":["read","write"],"expiresAt":"2027-01-01T00:00:00Z"}'],
    [['keys', 'create', 'acme', '--limit', 'spending=0.50', '--limit', 'daily=plan'], { key, secret: 's' }, 'POST /v1/accounts/acme/keys {"scopes":[],"limits":{"spending":"0.50"}}'],
    [['keys', 'show', 'key_1'], { key }, 'GET /v1/keys/key_1'],
    [['keys', 'update', 'key_1', '--limit', 'spending=20', '--label', 'web', '--expires', 'never'], { key }, 'PATCH /v1/keys/key_1 {"label":"web","limits":{"spending":20},"expiresAt":null}'],
    [['keys', 'update', 'key_1', '--scope', 'read', '--limit', 'spending=plan'], { key }, 'PATCH /v1/keys/key_1 {"scopes":["read"],"limits":{"spending":null}}'],
    [['keys', 'revoke', 'key_1'], { key }, 'PATCH /v1/keys/key_1 {"status":"revoked"}'],
    [['keys', 'disable', 'key_1'], { key }, 'PATCH /v1/keys/key_1 {"status":"disabled"}'],
    [['keys', 'enable', 'key_1'], { key }, 'PATCH /v1/keys/key_1 {"status":"active"}'],
    [['usage', 'acme'], { account: 'acme', plan: 'free', meters: [] }, 'GET /v1/accounts/acme/usage'],
    [['requests', 'list', '--entry', 'dailyQuota', '--client-request-id', 'order-17', '--before', '2026-11-22T00:00:00Z'], { requests: [] }, 'GET /v1/requests?entry=dailyQuota&clientRequestId=order-17&before=2026-11-22T00%3A00%3A00Z'],
    [['maintenance', 'on', 'ads', '--until', '2026-12-01T00:00:00Z'], { api: 'ads', switches }, 'PUT /v1/apis/ads/maintenance {"on":true,"until":"2026-12-01T00:00:00Z"}'],
    [['overload', 'off', 'ads'], { api: 'ads', switches }, 'PUT /v1/apis/ads/overload {"on":false}'],
    [['reload'], { reloaded: true }, 'POST /v1/reload'],
    [['audit', 'list'], { audit: [] }, 'GET /v1/audit'],
    [['apis', 'list'], { apis: [] }, 'GET /v1/apis'],
  ])('asks the admin API: %j', async (argv, reply, asked) => {
    const done = await run(argv, reply)
    expect(done).toMatchObject({ code: 0, error: '', asked: [asked] })
    expect(done.out).not.toBe('')
  })

  it('asks for a backup by absolute path, from where the command was given', async () => {
    expect((await run(['backup', 'copy.db'], { file: 'x' })).asked).toEqual([`POST /v1/backup {"file":"${join(directory, 'copy.db')}"}`])
  })

  it('takes the secret of an imported key from stdin, so that no list of processes shows it', async () => {
    const piped = await run(['keys', 'import', 'acme'], { key }, { readStdin: () => Promise.resolve('cak_0123456789abcdef\n') })
    expect(piped.asked).toEqual(['POST /v1/accounts/acme/keys/import {"scopes":[],"secret":"cak_0123456789abcdef"}'])
    expect(piped.out).toBe('Imported as key_1 (cak_7Fq2…).\n')
    expect(await run(['keys', 'import', 'acme'])).toMatchObject({ code: 2, asked: [] })
  })

  it('prints the reply as JSON when asked', async () => {
    const reply = { accounts: [account] }
    expect(JSON.parse((await run(['accounts', 'list', '--json'], reply)).out)).toEqual(reply)
  })

  it('aligns its tables', async () => {
    expect((await run(['accounts', 'list'], { accounts: [account, { ...account, id: 'a', limits: { daily: 5 } }], next: 'a' })).out).toBe(
      'ACCOUNT  NAME  API  PLAN  STATUS  OWN LIMITS\nacme     Acme  ads  free  active\na        Acme  ads  free  active  daily 5\nThere are more: --after a\n',
    )
  })

  it('colours on a terminal only, and never with NO_COLOR', async () => {
    const env = { TOLLGATE_ADMIN_TOKEN: 'token-0123456789' }
    expect(await coloured({ isTerminal: true })).toBe(true)
    expect(await coloured({ isTerminal: false })).toBe(false)
    expect(await coloured({ isTerminal: true, env: { ...env, NO_COLOR: '1' } })).toBe(false)
    expect(await coloured({ isTerminal: true, env: { ...env, TERM: 'dumb' } })).toBe(false)
  })

  it('lets no control character of a caller reach the terminal', async () => {
    const requests = [{ ...request, path: '/\u001b[2J\u0007' }]
    expect((await run(['requests', 'list'], { requests })).out).toContain('GET /?[2J?')
    const explanation = [{ about: 'who', sentences: ['path /\u001b]0;x\u0007'] }]
    expect((await run(['request', 'x'], { request, explanation })).out).toBe('Who and when\n  path /?]0;x?\n')
  })
})

describe('checks without a gateway', () => {
  const config = `
store: memory
upstreams: { service: "http://127.0.0.1:1" }
apis:
  ads:
    mount: /ads
    credentials: { from: [{ header: x-api-key }], prefix: cak_ }
    meters: { burst: { window: 60s, limit: 5, per: account } }
    routes: [{ on: POST /v1/messages, steps: [{ take: [burst] }] }]
`

  it('sum up a configuration that is fine', async () => {
    file('tollgate.yaml', config)
    const { code, out } = await run(['check'])
    expect(code).toBe(0)
    expect(out).toBe(
      'The configuration is fine.\nlistens on 127.0.0.1:8080, admin API on 127.0.0.1:9090, store: memory\nads at /ads: contract problem, upstream service\n  meters: burst · plans: none\n  POST /v1/messages\n',
    )
    expect(JSON.parse((await run(['check', '--json'])).out)).toMatchObject({ apis: [{ name: 'ads', routes: ['POST /v1/messages'] }] })
  })

  it('warn of what may not be meant, which only --strict takes for a problem', async () => {
    const odd = file('odd.yaml', config.replace('routes: [', 'routes: [{ on: "GET /v1/{id}" }, { on: GET /v1/all }, '))
    const { code, out, error } = await run(['check', odd])
    expect({ code, out: out.split('\n')[0] }).toEqual({ code: 0, out: 'The configuration is fine.' })
    expect(error).toMatch(/^warning: .*odd\.yaml:\d+:\d+ apis\.ads\.routes\[1\]\.on: is never reached.*\n$/)
    expect(JSON.parse((await run(['check', odd, '--json'])).out)).toMatchObject({ warnings: [expect.stringContaining('is never reached') as string] })
    expect(await run(['check', odd, '--strict'])).toMatchObject({ code: 2, out: '', error: expect.stringContaining('is never reached') as string })
  })

  it('list what is wrong with a configuration, and exit with 2', async () => {
    const { code, out, error } = await run(['check', file('bad.yaml', config.replace('[burst]', '[bursd]'))])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toMatch(/^tollgate: .*bad\.yaml:9:\d+ apis\.ads\.routes\[0\]\.steps\[0\]\.take\[0\]: no meter is called "bursd"; did you mean "burst"\?\n$/)
    expect((await run(['serve', 'bad.yaml'])).code).toBe(2)
    expect((await run(['check', 'none.yaml'])).error).toContain('none.yaml: cannot be read: there is no such file')
  })

  it('check contracts, and print their schema', async () => {
    const fine = await run(['contract', 'check', file('contract.json', JSON.stringify(chatads.declaration))])
    expect(fine.code).toBe(0)
    expect(fine.out).toContain('chatads: ')
    expect(fine.out).toContain('DAILY_QUOTA_EXCEEDED')
    const wrong = await run(['contract', 'check', file('wrong.json', JSON.stringify({ ...chatads.declaration, titel: 'x' }))])
    expect(wrong.code).toBe(2)
    expect(wrong.error).toMatch(/^tollgate: wrong\.json:1:\d+ titel: .*did you mean "title"\?\n$/)
    expect(JSON.parse((await run(['contract', 'schema'])).out)).toHaveProperty('properties.entries')
  })
})

describe('serve', () => {
  const config = 'listen: { port: 0 }\nadmin: { port: 0, token: token-0123456789 }\nstore: memory\nupstreams: { service: "http://127.0.0.1:1" }\napis: { ads: { mount: /ads, routes: [{ on: GET /, public: true }] } }\n'

  it('says where services settle their calls, if any has to', async () => {
    const paid = config.replace('routes: [{ on: GET /, public: true }]', 'contract: nexalayer, credentials: { from: [{ header: x-api-key }], prefix: ak_ }, plans: { free: {} }, meters: { credit: { balance: { scale: 2 }, per: account } }, routes: [{ on: POST /, steps: [{ take: [{ meter: credit, price: "0.10" }] }] }]')
    writeFileSync(join(directory, 'paid.yaml'), `${paid}calls: { port: 0 }\n`)
    const done = run(['serve', 'paid.yaml'], {}, { onSignal: (signal, handler) => (signal === 'SIGTERM' && setImmediate(handler), () => undefined) })
    expect((await done).out).toMatch(/\nservices settle their calls at http:\/\/127\.0\.0\.1:\d+\/calls\n$/)
  })

  it('runs until a signal, reloads on SIGHUP, and exits at once on a second signal', async () => {
    writeFileSync(join(directory, 'serve.yaml'), config)
    const signals = new Map<string, () => void>()
    const exits: number[] = []
    const log: string[] = []
    let listening: (() => void) | undefined
    const started = new Promise<void>((resolve) => void (listening = resolve))
    const logged = async (message: string): Promise<void> => {
      await expect.poll(() => log.join('')).toContain(message)
    }
    const done = run(['serve', 'serve.yaml'], {}, {
      onSignal: (signal, handler) => {
        signals.set(signal, handler)
        if (signals.size === 3) listening?.()
        return () => void signals.delete(signal)
      },
      stderr: (text) => void log.push(text),
      exit: (code) => void exits.push(code),
    })
    await started
    signals.get('SIGHUP')?.()
    await logged('configuration reloaded')
    signals.get('SIGTERM')?.()
    signals.get('SIGINT')?.()
    expect(exits).toEqual([1])
    const { code, out } = await done
    expect(code).toBe(0)
    expect(out).toMatch(/^tollgate \d+\.\d+\.\d+ listens on http:\/\/127\.0\.0\.1:\d+, admin API on http:\/\/127\.0\.0\.1:\d+\n$/)
    expect(signals.size).toBe(0)
    for (const line of log) expect(JSON.parse(line)).toHaveProperty('level')
  })
})
