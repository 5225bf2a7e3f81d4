/** `tollgate check URL`, against a small API that is written here, well or badly. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chatads } from 'tollgate/catalog'
import { refuse, type Answer, type Facts, type Reason } from 'tollgate/contract'
import { runCli } from './run-cli.ts'

const KEY = 'cak_LiveCheckGood4711ABCDEFxyz'
const EXPIRED = 'cak_LiveCheckExpired0815QRSTuvw'

interface Said {
  readonly code: number
  readonly out: string
  readonly error: string
}

interface Api {
  readonly url: string
  /** Method and path of each request, and its key. */
  readonly seen: string[]
}

/** ChatAds in thirty lines; `spoil` changes what it answers. */
async function startApi(spoil: (answer: Answer, request: IncomingMessage) => Answer = (answer) => answer): Promise<Api> {
  const seen: string[] = []
  const refusal = (reason: Reason, facts: Facts = {}): Answer => chatads.answer(refuse(reason, facts), { requestId: crypto.randomUUID(), nowMs: Date.now() })
  const answerTo = (request: IncomingMessage, body: string): Answer => {
    const key = request.headers['x-api-key']
    if (request.url !== '/v1/messages') return refusal('route.unknown', { issue: 'there is nothing' })
    if (request.method !== 'POST') return refusal('method.not_allowed', { allow: ['POST'], method: request.method ?? '' })
    if (key === undefined) return refusal('credential.missing')
    if (key === EXPIRED) return refusal('credential.expired')
    if (key !== KEY) return refusal('credential.invalid')
    if (request.headers['content-type'] !== 'application/json') return refusal('request.unsupported_media', { issue: 'must be JSON' })
    if (body.length > 2_000) return refusal('request.too_large', { issue: 'is too large' })
    try {
      const { message } = JSON.parse(body) as { message?: unknown }
      if (message === undefined) return refusal('field.missing', { field: 'message', issue: 'is required' })
      if (typeof message !== 'string') return refusal('field.invalid', { field: 'message', issue: 'must be text' })
      return chatads.success({ message: message.length }, { requestId: crypto.randomUUID(), nowMs: Date.now() })
    } catch {
      return refusal('request.invalid', { issue: 'is no JSON' })
    }
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk: Buffer) => void (body += chunk.toString()))
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers['x-api-key'] ?? ''}`.trim())
      const { status, headers, body: said } = spoil(answerTo(request, body), request)
      response.writeHead(status, [...headers, 'Content-Length', String(Buffer.byteLength(said))])
      response.end(request.method === 'HEAD' ? '' : said)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

function folderWith(files: { readonly [name: string]: string } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-check-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const plan = `auth: { header: x-api-key }
credentials: { valid: "\${GOOD_KEY}" }
calls:
  ask:
    request: POST /v1/messages
    body: { message: shoes, country: DE, min_intent: low }
    schema: { type: object, required: [message], properties: { message: { type: string } } }
    bodyMax: 2000B
`

async function run(args: readonly string[], { cwd = folderWith(), env = {}, onSignal }: { readonly cwd?: string; readonly env?: { readonly [name: string]: string }; readonly onSignal?: (ask: () => void) => void } = {}): Promise<Said> {
  const said = { out: '', error: '' }
  const code = await runCli(['check', ...args], {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.error += text),
    readStdin: () => Promise.resolve(''),
    env: { GOOD_KEY: KEY, ...env },
    cwd,
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: (name, stop) => {
      if (name === 'SIGINT') onSignal?.(stop)
      return () => undefined
    },
    sleep: () => Promise.resolve(),
    exit: () => undefined,
  })
  return { code, ...said }
}

const planned = (url: string, ...more: readonly string[]): readonly string[] => [url, '--contract', 'chatads', '--plan', 'check.yaml', ...more]

describe('a good API', () => {
  it('passes, and is told what was not met', async () => {
    const { url, seen } = await startApi()
    const { code, out, error } = await run(planned(url, '--allow', 'create,cost', '--key', `expired=${EXPIRED}`), { cwd: folderWith({ 'check.yaml': plan }) })
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toContain('No violation.')
    expect(out).toContain('rateLimitExceeded (429 RATE_LIMIT_EXCEEDED) needs a credential with a low limit: limits of a call, and --allow lock')
    expect(seen.length).toBeGreaterThan(15)
  })

  it('is sent nothing that may harm it unless that is allowed, and nothing at all by a dry run', async () => {
    const { url, seen } = await startApi()
    const cwd = folderWith({ 'check.yaml': plan })
    const dry = await run(planned(url, '--dry-run'), { cwd })
    expect(dry).toMatchObject({ code: 0, error: '' })
    expect(dry.out).toContain('POST /v1/messages')
    expect(dry.out).toContain('missing-field/ask/message, wrong-type/ask/message, still-works/ask: may create something and cost money; allow it with --allow create,cost')
    expect(dry.out).not.toContain(KEY)
    expect(seen).toEqual([])
    expect((await run(planned(url), { cwd })).code).toBe(0)
    // The good key never comes with a body that could be taken for an order.
    expect(seen.filter((line) => line === `POST /v1/messages ${KEY}`).length).toBeLessThan(7)
    const asked = seen.length
    await run(planned(url, '--allow', 'all'), { cwd })
    expect(seen.length - asked).toBeGreaterThan(asked)
  })

  it('never gets more requests than it may', async () => {
    for (const most of [1, 5, 13]) {
      const { url, seen } = await startApi()
      const { out } = await run(planned(url, '--allow', 'all', '--max-requests', String(most)), { cwd: folderWith({ 'check.yaml': plan }) })
      expect(seen.length).toBeLessThanOrEqual(most)
      expect(out).toContain(`than --max-requests ${most} leaves`)
    }
  })

  it('is asked what can be asked of an address alone', async () => {
    const { url, seen } = await startApi()
    const { code, out } = await run([url, '--contract', 'chatads'])
    expect(code).toBe(0)
    expect(out).toContain('missingKey (401 UNAUTHORIZED) needs a call that needs a credential (calls of the plan, or --openapi)')
    expect(seen.every((line) => /^(GET|HEAD) \//.test(line))).toBe(true)
  })

  it('is asked by its OpenAPI document', async () => {
    const { url } = await startApi()
    const document = {
      openapi: '3.1.0', info: { title: 'Ads', version: '1' },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } }, schemas: { Ask: { type: 'object', required: ['message'], properties: { message: { type: 'string', example: 'shoes' } } } } },
      security: [{ key: [] }],
      paths: { '/v1/messages': { post: { operationId: 'ask', requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Ask' } } } } } } },
    }
    const { code, out } = await run([url, '--contract', 'chatads', '--openapi', 'api.json', '--key', 'valid', '--allow', 'all', '--json'], { cwd: folderWith({ 'api.json': JSON.stringify(document) }), env: { KEY_VALID: KEY } })
    expect(code).toBe(0)
    const { probes } = JSON.parse(out) as { probes: { id: string; outcome: string }[] }
    expect(probes.map(({ id }) => id)).toEqual(expect.arrayContaining(['call/ask', 'missing-key/ask', 'unknown-key/ask', 'missing-field/ask/message', 'wrong-type/ask/message', 'still-works/ask']))
  })
})

/** The `details` of a wrong field as null, which is told by a body of one member as well as by one of three. */
const withNullDetails = (answer: Answer): Answer => (answer.status === 400 && String(answer.body).includes('"field":"message"') ? { ...answer, body: String(answer.body).replace(/"details":\{[^}]*\}/, '"details":null') } : answer)

describe('a bad API', () => {
  it('fails with the smallest request that shows it, which a shell repeats', async () => {
    const { url } = await startApi(withNullDetails)
    const { code, out, error } = await run(planned(url, '--allow', 'all', '--max-requests', '300', '--json'), { cwd: folderWith({ 'check.yaml': plan }) })
    expect(code).toBe(1)
    expect(error).toContain('the API does not answer by its contract')
    const { violations } = JSON.parse(out) as { violations: { rule: string; at: string; curl: string; variables: string[]; shrunk: unknown }[] }
    const violation = violations.find(({ at }) => at === 'error.details')
    expect(violation).toMatchObject({ rule: 'body', shrunk: true, variables: ['KEY_VALID'] })
    // Of three members none is needed, for the one that is missing is what is told. Without its type the body would be refused for that.
    expect(violation?.curl).toMatch(/^curl -si \S+\/v1\/messages -H 'Content-Type: application\/json' -H 'x-api-key: '"\$KEY_VALID" --data-raw '(?:\{\}|\[\])'$/)
    const { stdout } = await promisify(execFile)('sh', ['-c', String(violation?.curl)], { env: { ...process.env, KEY_VALID: KEY } })
    expect(stdout).toContain('"details":null')
  })

  it('has its secrets printed nowhere, though it says them itself', async () => {
    const { url } = await startApi((answer, request) => (answer.status === 403 || answer.status === 400 ? { ...answer, body: String(answer.body).replace('"data":null', `"data":null,"debug":"${request.headers['x-api-key']}"`) } : answer))
    const cwd = folderWith({ 'check.yaml': plan })
    for (const form of [[], ['--json'], ['--junit', 'report.xml']]) {
      const { code, out, error } = await run(planned(url, '--allow', 'all', '--key', `expired=${EXPIRED}`, ...form), { cwd })
      expect(code).toBe(1)
      const junit = form[0] === '--junit' ? readFileSync(join(cwd, 'report.xml'), 'utf8') : ''
      for (const secret of [KEY, EXPIRED]) for (const piece of [secret, secret.slice(4, 16)]) expect(out + error + junit).not.toContain(piece)
      expect(out).toContain('no-secret')
    }
  })

  it('is reported as JUnit', async () => {
    const { url } = await startApi((answer) => (answer.status === 401 ? { ...answer, headers: answer.headers.filter((_, at) => answer.headers[at - (at % 2)] !== 'WWW-Authenticate') } : answer))
    const cwd = folderWith({ 'check.yaml': plan })
    await run(planned(url, '--junit', 'report.xml'), { cwd })
    const xml = readFileSync(join(cwd, 'report.xml'), 'utf8')
    expect(xml).toMatch(/<testsuites name="tollgate check" tests="\d+" failures="1" errors="0" skipped="\d+"/)
    expect(xml).toMatch(/<failure type="challenge" message="a 401 without www-authenticate">[^<]*answered 401 UNAUTHORIZED[^<]*curl -si -X POST http:/)
    expect((await run(planned(url, '--junit', 'none/such/report.xml'), { cwd })).error).toContain('cannot write none/such/report.xml: there is no such file')
  })

  it('may be excused from a rule', async () => {
    const { url } = await startApi((answer) => (answer.status === 404 ? { ...answer, headers: [...answer.headers, 'X-Powered-By', 'Express'] } : answer))
    expect((await run([url, '--contract', 'chatads'])).out).toContain('no-internals')
    expect((await run([url, '--contract', 'chatads', '--ignore', 'no-internals'])).code).toBe(0)
    expect(await run([url, '--contract', 'chatads', '--ignore', 'no-internal'])).toMatchObject({ code: 2, error: expect.stringContaining('did you mean "no-internals"?') as string })
  })

  it('that leads elsewhere is not followed', async () => {
    const elsewhere = await startApi()
    const { url } = await startApi((answer) => (answer.status === 404 ? { status: 307, headers: ['Location', `${elsewhere.url}/v1/messages`], body: '' } : answer))
    const { code, out } = await run([url, '--contract', 'chatads'])
    expect(code).toBe(1)
    expect(out).toContain('a redirect (307) to')
    expect(elsewhere.seen).toEqual([])
  })

  it('that is in trouble is left alone', async () => {
    const { url, seen } = await startApi(() => chatads.answer(refuse('internal'), { requestId: crypto.randomUUID(), nowMs: Date.now() }))
    const { code, out } = await run(planned(url, '--allow', 'all'), { cwd: folderWith({ 'check.yaml': plan }) })
    expect(code).toBe(1)
    expect(out).toContain('Stopped: 5 answers with 500')
    expect(seen.length).toBeLessThan(8)
  })

  it('that is not there is said to be not there', async () => {
    const { code, out, error } = await run(['http://127.0.0.1:1', '--contract', 'chatads'])
    expect(code).toBe(1)
    expect(out + error).toContain('the API does not answer: connect ECONNREFUSED')
  })
})

it('a signal ends it with a report', async () => {
  let stop = (): void => undefined
  const { url, seen } = await startApi((answer) => {
    if (seen.length === 4) stop()
    return answer
  })
  const { code, out } = await run(planned(url, '--allow', 'all'), { cwd: folderWith({ 'check.yaml': plan }), onSignal: (ask) => (stop = ask) })
  expect(code).toBe(1)
  expect(out).toContain('Stopped: stopped by a signal')
  expect(out).toContain('Not tried:')
  expect(seen.length).toBeLessThan(7)
})

describe('a command that is wrong', () => {
  it.each([
    ['an address without a contract', ['https://api.example.com'], 'by which contract? write: tollgate check https://api.example.com --contract CONTRACT'],
    ['a contract without an address', ['--contract', 'chatads'], 'no address is given; write: tollgate check https://api.example.com --contract chatads'],
    ['a file where an address belongs', ['tollgate.yaml', '--contract', 'chatads'], '"tollgate.yaml" is no address'],
    ['a flag of a live check for a configuration', ['tollgate.yaml', '--max-requests', '5'], '--max-requests is for a live API: tollgate check URL --contract CONTRACT'],
    ['a flag of a configuration for a live check', ['https://api.example.com', '--contract', 'chatads', '--strict'], '--strict is for a configuration'],
    ['another protocol', ['ftp://api.example.com', '--contract', 'chatads'], '"ftp://api.example.com" is no address of an API'],
    ['a password in the address', ['https://a:b@api.example.com', '--contract', 'chatads'], 'has a password in it'],
    ['a query in the address', ['https://api.example.com?a=b', '--contract', 'chatads'], 'has a query'],
    ['a contract that there is not', ['https://api.example.com', '--contract', 'chatadds'], 'chatads'],
    ['a risk that there is not', ['https://api.example.com', '--contract', 'chatads', '--allow', 'costs'], '--allow takes no "costs"; did you mean "cost"?'],
    ['a key that is not set', ['https://api.example.com', '--contract', 'chatads', '--key', 'expiredToken'], 'the environment variable KEY_EXPIRED_TOKEN is not set'],
    ['a probe that there is not', ['https://api.example.com', '--contract', 'chatads', '--only', 'nothing'], 'no probe is left by --only nothing'],
    ['a plan that there is not', ['https://api.example.com', '--contract', 'chatads', '--plan', 'none.yaml'], 'cannot be read: there is no such file'],
    ['no requests at all', ['https://api.example.com', '--contract', 'chatads', '--max-requests', '0'], 'Write a whole number from 1 to 999999.'],
  ])('%s is told how it is written', async (_, args, message) => {
    const { code, error } = await run(args)
    expect(code).toBe(2)
    expect(error).toContain(message)
  })
})

it('a plan is refused with place, value and mend of each fault', async () => {
  const wrong = `credentials: { valid: "\${NO_SUCH_KEY}", oldKey: { key: abc, is: expird } }
calls:
  ask: { request: post /v1/messages, with: valdi }
  look: { request: "GET /v1/things/{id}", params: { ids: a } }
refusals:
  blocked: { call: aks, expect: contentBlockd }
  nothing: { expect: credential.missing }
usage: [{ call: look }]
`
  const first = await run(planned('https://api.example.com'), { cwd: folderWith({ 'check.yaml': wrong }) })
  expect(first.code).toBe(2)
  expect(first.error).toContain('the environment variable NO_SUCH_KEY is not set')
  expect(first.error).toContain('must not be "expird"; did you mean "expired"?')
  expect(first.error).toContain('must be a method and a path: POST /v1/things')
  const mended = wrong.replace('${NO_SUCH_KEY}', 'k').replace('expird', 'expired').replace('post /', '"POST /').replace('messages,', 'messages",')
  const { error } = await run(planned('https://api.example.com'), { cwd: folderWith({ 'check.yaml': mended }) })
  expect(error).toContain('check.yaml:3:')
  for (const message of ['no credential is called "valdi"; did you mean "valid"?', 'the path has no {ids}; did you mean', 'no call is called "aks"; did you mean "ask"?', '"contentBlockd" is no entry, code or reason of chatads; did you mean "contentBlocked"?', 'says no request; write call: NAME', 'says nowhere what is read; write at: data.balance']) {
    expect(error).toContain(message)
  }
})

it('the published schema of plans is the one that is checked (run with UPDATE=1 to write it)', async () => {
  const published = new URL('../../../../docs/tollgate-check.schema.json', import.meta.url)
  const { out } = await run(['--plan-schema'])
  if (process.env['UPDATE'] !== undefined) writeFileSync(published, out)
  expect(readFileSync(published, 'utf8')).toBe(out)
})
