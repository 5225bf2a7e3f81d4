/** The gateway in front of an API that it pays for itself: over TLS, with a key and a certificate of its own, which nobody else ever sees. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { beforeAll, afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { createJsonLog } from '../platform/log.ts'
import { startGateway, type RunningGateway } from './program.ts'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { makeCertificate, makeSignedCertificate, type MadeCertificate } from '../tls/fixtures/certificates.ts'

const SECRET = 'sk-prov/ider-key-0123456789'
const QUERY_SECRET = 'q-secret-9876543210'
const ADMIN = 'a-token-for-this-test-only'
type Asked = { readonly headers: IncomingMessage['headers']; readonly url: string; readonly client: string | undefined }

let folder: string
let server: MadeCertificate & { readonly authority: string }
let client: MadeCertificate & { readonly authority: string }
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-bought-in-'))
  server = makeSignedCertificate(folder, 'provider')
  client = makeSignedCertificate(folder, 'gateway')
  writeFileSync(join(folder, 'provider.secret'), `${QUERY_SECRET}\n`)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function provider(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: Asked[] = []
  const https = createHttpsServer({ key: readFileSync(server.key), cert: readFileSync(server.certificate), ca: readFileSync(client.authority), requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const subject = (request.socket as TLSSocket).authorized ? (request.socket as TLSSocket).getPeerCertificate().subject.CN : undefined
    asked.push({ headers: request.headers, url: request.url ?? '', client: Array.isArray(subject) ? subject[0] : subject })
    answer(request, response)
  })
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    https.closeAllConnections()
    https.close()
  })
  return { asked, port: (https.address() as AddressInfo).port }
}

function configOf(port: number, upstream: object = {}): string {
  const written = {
    url: `https://127.0.0.1:${port}`,
    speaks: 'openai',
    headers: { Authorization: 'Bearer ${PROVIDER_KEY}', 'X-Org': 'org-1' },
    query: { key: { file: './provider.secret' }, version: '2024-10-21' },
    tls: { ca: server.authority, certificate: client.certificate, key: client.key },
    context: false,
    ...upstream,
  }
  const file = join(folder, 'tollgate.json')
  writeFileSync(
    file,
    JSON.stringify({
      listen: { port: 0 }, admin: { port: 0, token: ADMIN }, store: 'memory', upstreams: { provider: written },
      apis: { models: { mount: '/', contract: 'problem', routes: [{ on: '* /{rest...}', public: true }] } },
    }),
  )
  return file
}

const environment = { PROVIDER_KEY: SECRET }

async function start(port: number, upstream?: object): Promise<{ readonly gateway: RunningGateway; readonly lines: readonly string[] }> {
  const lines: string[] = []
  const gateway = await startGateway({ config: configOf(port, upstream), env: environment, log: createJsonLog((line) => void lines.push(line)) })
  onTestFinished(() => gateway.close())
  return { gateway, lines }
}

describe('an API that is bought in', () => {
  it('gets the key, the parameters and the certificate of the gateway, in place of what the caller says under these names, and not who is calling', async () => {
    const { asked, port } = await provider((_, response) => response.end('{}'))
    const { gateway } = await start(port)
    const answer = await fetch(`${gateway.url}/v1/chat?key=mine&b=1`, { headers: { authorization: 'Bearer of-the-caller', x_org: 'mine', 'x-forwarded-for': '1.2.3.4', 'x-mine': 'kept' } })
    expect(answer.status).toBe(200)
    expect(asked[0]).toMatchObject({ client: 'gateway', url: `/v1/chat?b=1&key=${QUERY_SECRET}&version=2024-10-21`, headers: { authorization: `Bearer ${SECRET}`, 'x-org': 'org-1', 'x-mine': 'kept' } })
    expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => /^(?:tollgate-|x-forwarded-|x_org)/.test(name))).toEqual([])
  })

  const repeats = (request: IncomingMessage): string => JSON.stringify({ error: { message: `Incorrect key: ${request.headers.authorization} at ${request.url}`, type: 'invalid_request_error', param: null, code: 'invalid_value' } })
  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['in an error', (request, response) => response.writeHead(400, { 'content-type': 'application/json', 'x-asked': request.url ?? '' }).end(repeats(request))],
    ['in a compressed error', (request, response) => response.writeHead(400, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(repeats(request)))],
    ['in an error that nobody can read', (request, response) => response.writeHead(400, { 'content-type': 'text/html' }).end(`<b>${request.headers.authorization} ${request.url}</b>`)],
    ['in a success and its headers, cut anywhere', (request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'x-asked': request.headers.authorization ?? '', 'set-cookie': `k=${encodeURIComponent(SECRET)}` })
      const text = `asked with ${request.headers.authorization} at ${request.url}`
      for (let at = 0; at < text.length; at += 7) response.write(text.slice(at, at + 7))
      response.end()
    }],
    ['in a redirect', (request, response) => response.writeHead(302, { location: request.url ?? '' }).end()],
  ])('that repeats them %s does not reach callers, the request log, the program’s log or the admin API with them', async (_, answer) => {
    const { port } = await provider(answer)
    const { gateway, lines } = await start(port)
    const reply = await fetch(`${gateway.url}/v1/chat`, { redirect: 'manual' })
    const shown = [...reply.headers].flat().join('\n') + (await reply.text())
    const [row] = await gateway.store.requests({ limit: 1 })
    const admin = async (path: string): Promise<string> => (await fetch(`${gateway.adminUrl}${path}`, { headers: { authorization: `Bearer ${ADMIN}` } })).text()
    const told = [shown, JSON.stringify(row), lines.join(''), await admin(`/v1/requests/${row?.requestId}`), await admin('/v1/status')].join('\n')
    for (const secret of [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET), QUERY_SECRET]) expect(told).not.toContain(secret)
    expect(row?.upstream[0]?.target).toBe(`https://127.0.0.1:${port}/v1/chat`)
  })

  it('whose certificate is of no known authority is asked nothing', async () => {
    const { asked, port } = await provider((_, response) => response.end('{}'))
    const { gateway } = await start(port, { tls: {} })
    expect((await fetch(`${gateway.url}/v1/chat`)).status).toBe(503)
    expect(asked).toEqual([])
  })

  it('gets another key after a reload', async () => {
    const { asked, port } = await provider((_, response) => response.end('{}'))
    const { gateway } = await start(port)
    await fetch(`${gateway.url}/a`)
    writeFileSync(join(folder, 'next.secret'), 'next-key-0123456789')
    configOf(port, { headers: { Authorization: { file: './next.secret', scheme: 'Bearer' } } })
    expect(await gateway.reload()).toMatchObject({ ok: true })
    await fetch(`${gateway.url}/a`)
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${SECRET}`, 'Bearer next-key-0123456789'])
  })
})

describe('a slip in what is secret', () => {
  const problemsOf = (upstream: object, set: { readonly [name: string]: string } = environment): readonly string[] => {
    const loaded = loadConfig(configOf(1, upstream), { environment: set })
    return loaded.ok ? [] : loaded.problems.map(({ path, message }) => formatProblem({ path, message }))
  }

  it.each<[object, readonly string[]]>([
    [{ headers: { host: 'a' } }, ['upstreams.provider.headers.host: is that of the URL, or with preserveHost the caller’s']],
    [{ headers: { 'Tollgate-Account': 'a' } }, ['upstreams.provider.headers.Tollgate-Account: is written by the gateway itself; choose another header']],
    [{ headers: { 'X-Key': 'a', 'x-key': 'b' } }, ['upstreams.provider.headers.x-key: is X-Key in another case; write one of them']],
    [{ headers: { Authorization: `Bearer ${SECRET}\n` } }, ['upstreams.provider.headers.Authorization: has a line break, or another character that no header can carry']],
    [{ headers: { Authorization: { file: './none' } } }, ['upstreams.provider.headers.Authorization.file: cannot read ./none: there is no such file']],
    [{ headers: { 'X-Key': 7 } }, ['upstreams.provider.headers.X-Key: must be a text or a group of settings, not "(secret number)"']],
    [{ headers: `Authorization: ${SECRET}` }, ['upstreams.provider.headers: must be a group of names, not "(secret)"']],
    [{ tls: { certificate: './x.pem' } }, ['upstreams.provider.tls: certificate and key belong together; key is missing']],
    [{ tls: { ca: './provider.secret' } }, ['upstreams.provider.tls.ca: ./provider.secret holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)']],
    [{ url: 'http://127.0.0.1:1' }, ['upstreams.provider.tls: belongs to an https URL; write https://, or take it away']],
  ])('is told where and what, and never the secret: %j', (upstream, problems) => {
    const told = problemsOf(upstream)
    expect(told).toEqual(problems)
    expect(told.join()).not.toContain(SECRET)
  })

  it('a variable that is not set, or set to nothing, is an error', () => {
    expect(problemsOf({}, {})).toEqual(['upstreams.provider.headers.Authorization: the environment variable PROVIDER_KEY is not set; set it, or write a default: ${PROVIDER_KEY:-…}'])
    expect(problemsOf({}, { PROVIDER_KEY: '' })).toEqual(['upstreams.provider.headers.Authorization: begins or ends with a space: is the secret behind its scheme empty?'])
  })

  it('a key of another certificate is told', () => {
    const other = makeCertificate(folder, 'other')
    expect(problemsOf({ tls: { certificate: client.certificate, key: other.key } })[0]).toContain('upstreams.provider.tls.key: ')
  })
})
