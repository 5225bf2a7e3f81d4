/** TLS at both listeners, over real sockets. */
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request } from 'node:https'
import { connect as connectPlain, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { connect, type ConnectionOptions } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { runCli } from '../cli/run-cli.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { startGateway, type GatewayStart, type RunningGateway } from './program.ts'
import { encryptKey, makeCertificate, makeSignedCertificate } from '../tls/fixtures/certificates.ts'

const TOKEN = 'a-token-for-this-test-only'

let folder: string
const running: RunningGateway[] = []
const seen: IncomingMessage[] = []
const service = createServer((incoming, response) => {
  seen.push(incoming)
  incoming.resume().on('end', () => answer(response))
})
const well = (response: ServerResponse): void => void response.end('{"ok":true}')
/** How the service answers; back to `well` after each test. */
let answer = well

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-program-tls-'))
  for (const name of ['one', 'other', 'admin']) makeCertificate(folder, name)
  makeCertificate(folder, 'elsewhere', { names: 'DNS:gateway.example.com' })
  makeSignedCertificate(folder, 'signed')
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.close()))
  seen.length = 0
  answer = well
})
afterAll(() => {
  service.closeAllConnections()
  service.close()
  rmSync(folder, { recursive: true })
})

const pem = (name: string): string => readFileSync(join(folder, `${name}.pem`), 'utf8')
const files = (name: string) => ({ certificate: `./${name}.pem`, key: `./${name}.key` })

interface Listeners {
  readonly listen?: object
  readonly admin?: object
}

function configOf({ listen = files('one'), admin = files('admin') }: Listeners = {}) {
  return {
    listen: { port: 0, tls: listen },
    admin: { port: 0, token: TOKEN, tls: admin },
    store: 'memory',
    upstreams: { service: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
    apis: { open: { mount: '/', contract: 'problem', routes: [{ on: '* /v1/things', public: true, steps: [] }] } },
  }
}

async function start(config: unknown = configOf(), more: Partial<GatewayStart> = {}): Promise<RunningGateway> {
  const gateway = await startGateway({ config: config as GatewayStart['config'], baseDir: folder, env: {}, ...more })
  running.push(gateway)
  return gateway
}

interface Got {
  readonly status: number | undefined
  readonly body: string
  readonly name: string | undefined
}

function get(url: string, ca: string, options: { readonly method?: string; readonly headers?: Record<string, string> } = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca, agent: false, ...options }, (response) => {
      const name = (response.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate().subject.CN
      text(response).then((body) => resolve({ status: response.statusCode, body, name }), reject)
    })
    asked.once('error', reject)
    asked.end()
  })
}

/** What a handshake comes to: the protocol, or why there is none. */
function handshake(gateway: RunningGateway, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: gateway.port, host: '127.0.0.1', servername: 'localhost', ca: pem('one'), ...options })
    socket.once('secureConnect', () => {
      resolve(socket.getProtocol() ?? '')
      socket.destroy()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

describe('the listener', () => {
  it('answers by TLS, tells the service so, and refuses in the dialect', async () => {
    const gateway = await start()
    expect(gateway.url).toMatch(/^https:/)
    expect(await get(`${gateway.url}/v1/things`, pem('one'))).toMatchObject({ status: 200, body: '{"ok":true}', name: 'one' })
    expect(seen[0]?.headers['x-forwarded-proto']).toBe('https')
    expect(await get(`${gateway.url}/v1/none`, pem('one'))).toMatchObject({ status: 404, body: expect.stringContaining('"code":"route.unknown"') as string })
  })

  it('speaks TLS 1.2 and 1.3 with forward secrecy, and HTTP/1.1 only', async () => {
    const gateway = await start()
    expect(await handshake(gateway, {})).toBe('TLSv1.3')
    expect(await handshake(gateway, { maxVersion: 'TLSv1.2' })).toBe('TLSv1.2')
    expect(await handshake(gateway, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toMatch(/PROTOCOL_VERSION|ECONNRESET/)
    expect(await handshake(gateway, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES128-GCM-SHA256' })).toMatch(/HANDSHAKE_FAILURE|ECONNRESET/)
    expect(await handshake(gateway, { ALPNProtocols: ['h2'] })).toMatch(/NO_APPLICATION_PROTOCOL|ECONNRESET/)
  })

  it('can be held to 1.3', async () => {
    const gateway = await start(configOf({ listen: { ...files('one'), minVersion: 1.3 } }))
    expect(await handshake(gateway, {})).toBe('TLSv1.3')
    expect(await handshake(gateway, { maxVersion: 'TLSv1.2' })).toMatch(/PROTOCOL_VERSION|ECONNRESET/)
  })

  it('lets a caller see that an answer without a length broke off', async () => {
    const gateway = await start()
    const curl = promisify(execFile)
    const ask = () => curl('curl', ['-sSN', '--http1.0', '--max-time', '15', '--cacert', join(folder, 'one.pem'), `${gateway.url}/v1/things`])
    answer = (response) => {
      response.write('half an answ')
      setImmediate(() => response.end('er'))
    }
    await expect(ask()).resolves.toMatchObject({ stdout: 'half an answer' })
    const begun = new Promise<ServerResponse>((resolve) => {
      answer = (response) => {
        response.write('half an answ')
        resolve(response)
      }
    })
    const asked = ask()
    // Its beginning has reached the caller.
    asked.child.stdout?.once('data', () => void begun.then((response) => response.socket?.resetAndDestroy()))
    await expect(asked).rejects.toMatchObject({ code: 56, stderr: expect.stringMatching(/reset|unexpected eof/) as string })
  })

  it('answers who has said all and listens, and notices who is gone', async () => {
    const gateway = await start()
    const asked = new Promise<ServerResponse>((resolve) => (answer = resolve))
    const options = { port: gateway.port, host: '127.0.0.1', servername: 'localhost', ca: pem('one') }
    const patient = connect({ ...options, allowHalfOpen: true } as ConnectionOptions)
    patient.end('GET /v1/things HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const received = text(patient)
    const response = await asked
    await once(patient, 'readable')
    response.end('late')
    expect(await received).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*late$/)

    const gone = new Promise((resolve) => (answer = (given) => given.once('close', resolve)))
    const hasty = connect(options)
    hasty.write('GET /v1/things HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await expect.poll(() => seen.length).toBe(2)
    hasty.destroy()
    await gone
  })

  it('carries a WebSocket', async () => {
    const gateway = await start()
    service.once('upgrade', (_, socket: Duplex) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n')
      socket.on('data', (chunk: Buffer) => socket.end(`echo ${chunk.toString()}`))
    })
    const socket = connect({ port: gateway.port, host: '127.0.0.1', servername: 'localhost', ca: pem('one') })
    socket.write('GET /v1/things HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toContain('101 Switching Protocols')
    socket.write('hello')
    expect(await text(socket)).toBe('echo hello')
  })

  it('who speaks no TLS there ends nothing and learns nothing', async () => {
    const gateway = await start()
    for (const port of [gateway.port, Number(new URL(gateway.adminUrl).port)]) {
      for (const bytes of ['GET / HTTP/1.1\r\nhost: x\r\n\r\n', '\x16\x03\x01\xff\xff', '\0'.repeat(600)]) {
        const socket = connectPlain(port, '127.0.0.1')
        socket.on('error', () => undefined)
        socket.end(bytes)
        expect(await text(socket).catch(() => '')).not.toContain('HTTP/')
      }
    }
    expect(await get(`${gateway.url}/v1/things`, pem('one'))).toMatchObject({ status: 200 })
  })

  it('does not wait at its end for who opened a connection and said nothing', async () => {
    const gateway = await start()
    const silent = [gateway.port, Number(new URL(gateway.adminUrl).port)].map((port) => connectPlain(port, '127.0.0.1').on('error', () => undefined))
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    const closed = Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
    await gateway.close()
    expect(await closed).toHaveLength(2)
  })
})

describe('a configuration that cannot be served', () => {
  it.each([
    ['listen', { listen: { ...files('one'), key: './other.key' } }, 'listen.tls.key: ./other.key is not the key of the certificate in ./one.pem (CN=one)'],
    ['admin', { admin: { ...files('admin'), key: './one.key' } }, 'admin.tls.key: ./one.key is not the key of the certificate in ./admin.pem (CN=admin)'],
    ['listen', { listen: { certificate: './one.pem' } }, 'listen.tls.key: is missing'],
    ['listen', { listen: { ...files('one'), minVersion: 1.1 } }, 'listen.tls.minVersion: must be "1.2" or "1.3", not 1.1'],
  ])('is said at the start: %s', async (_, listeners, message) => {
    await expect(start(configOf(listeners))).rejects.toThrow(message)
  })

  it('never quotes a passphrase', async () => {
    encryptKey(folder, { certificate: '', key: join(folder, 'one.key') }, 'open sesame')
    const rejected = start(configOf({ listen: { certificate: './one.pem', key: './encrypted.key', passphrase: 'hunter2-hunter2', passphrases: 1 } }))
    await expect(rejected).rejects.toThrow('there is no setting "passphrases" here')
    await expect(rejected).rejects.not.toThrow('hunter2')
  })
})

describe('a renewal', () => {
  /** Past the next look at the files. */
  const LOOK_MS = 5_000

  function renewable(name: string): void {
    copyFileSync(join(folder, `${name}.pem`), join(folder, 'live.pem'))
    copyFileSync(join(folder, `${name}.key`), join(folder, 'live.key'))
  }

  it('is taken when the files change, while open connections go on', async () => {
    const clock = createManualClock(Date.now())
    renewable('one')
    const gateway = await start(configOf({ listen: files('live'), admin: files('live') }), { clock })
    expect(await get(`${gateway.url}/v1/things`, pem('one'))).toMatchObject({ name: 'one' })
    renewable('other')
    clock.advance(LOOK_MS)
    expect(await get(`${gateway.url}/v1/things`, pem('other'))).toMatchObject({ status: 200, name: 'other' })
    expect(await get(`${gateway.adminUrl}/v1/status`, pem('other'), { headers: { authorization: `Bearer ${TOKEN}` } })).toMatchObject({ status: 200, name: 'other' })
  })

  it('half of which has arrived is waited for, and one that stays wrong is an alert once', async () => {
    const clock = createManualClock(Date.now())
    renewable('one')
    const gateway = await start(configOf({ listen: files('live') }), { clock })
    const alerts = async () => (JSON.parse((await get(`${gateway.adminUrl}/v1/status`, pem('admin'), { headers: { authorization: `Bearer ${TOKEN}` } })).body) as { alerts: { message: string }[] }).alerts
    copyFileSync(join(folder, 'other.pem'), join(folder, 'live.pem'))
    clock.advance(LOOK_MS)
    expect(await alerts()).toEqual([])
    expect(await get(`${gateway.url}/v1/things`, pem('one'))).toMatchObject({ name: 'one' })
    clock.advance(3 * LOOK_MS)
    expect((await alerts()).map(({ message }) => message)).toEqual([expect.stringMatching(/was not renewed.*live\.key is not the key of the certificate in .*live\.pem \(CN=other\)/)])
    renewable('other')
    clock.advance(LOOK_MS)
    expect(await get(`${gateway.url}/v1/things`, pem('other'))).toMatchObject({ name: 'other' })
  })

  it('is taken by a reload, from other files too; one that cannot be served keeps the old configuration', async () => {
    const file = join(folder, 'tollgate.json')
    const write = (listeners: Listeners): void => writeFileSync(file, JSON.stringify(configOf(listeners)))
    write({ listen: files('one') })
    const gateway = await startGateway({ config: file, env: {}, clock: createManualClock(Date.now()) })
    running.push(gateway)
    write({ listen: files('other') })
    expect(await gateway.reload()).toEqual({ ok: true })
    expect(await get(`${gateway.url}/v1/things`, pem('other'))).toMatchObject({ name: 'other' })
    write({ listen: { ...files('one'), key: './other.key' } })
    const outcome = await gateway.reload()
    expect(outcome.ok ? [] : outcome.problems.map(formatProblem)).toEqual([expect.stringContaining('./other.key is not the key of the certificate in ./one.pem')])
    expect(await get(`${gateway.url}/v1/things`, pem('other'))).toMatchObject({ name: 'other' })
    writeFileSync(file, JSON.stringify({ ...configOf(), listen: { port: 0 } }))
    const plain = await gateway.reload()
    expect(plain.ok ? [] : plain.problems.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual(['listen.tls is set and cannot become not set while running; restart for that'])
  })

  it('that is overdue is an alert, with the day', async () => {
    const clock = createManualClock(Date.parse(new X509Certificate(pem('one')).validTo) - 10_000)
    const messages: string[] = []
    const log = { info() {}, warn() {}, error: (message: string) => void messages.push(message) }
    await start(configOf({ admin: files('one') }), { clock, log })
    expect(messages).toEqual([expect.stringMatching(/^listen: .*one\.pem expires at \d{4}-/), expect.stringMatching(/^admin: /)])
    clock.advance(20_000)
    expect(messages.filter((message) => /^listen: .* expired at \d{4}-.*callers refuse it/.test(message))).toHaveLength(1)
  })
})

describe('the command line at an admin port with TLS', () => {
  async function cli(argv: readonly string[], env: Record<string, string> = {}, cwd = folder): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
    let out = ''
    let error = ''
    const io = {
      stdout: (written: string) => void (out += written),
      stderr: (written: string) => void (error += written),
      readStdin: () => Promise.resolve(''),
      env,
      cwd,
      fetch: globalThis.fetch,
      isTerminal: false,
      onSignal: () => () => undefined,
      exit: () => undefined,
    }
    return { code: await runCli(argv, io), out, error }
  }
  const at = (gateway: RunningGateway): readonly string[] => ['status', '--admin', gateway.adminUrl, '--token', TOKEN]

  it('trusts the authority that it is told, by flag or environment', async () => {
    const gateway = await start(configOf({ admin: files('signed') }))
    expect(await cli([...at(gateway), '--ca', 'signed-authority.pem'])).toMatchObject({ code: 0, out: expect.stringContaining(`at ${gateway.url}`) as string })
    expect(await cli(at(gateway), { TOLLGATE_ADMIN_CA: join(folder, 'signed-authority.pem') })).toMatchObject({ code: 0 })
  })

  it('says what to do about a certificate that it does not trust, a CA file that is none, and an address of the other kind', async () => {
    const gateway = await start()
    const plain = await startGateway({ config: { ...configOf(), admin: { port: 0, token: TOKEN } } as GatewayStart['config'], baseDir: folder, env: {} })
    running.push(plain)
    expect(await cli(at(gateway))).toMatchObject({ code: 1, error: expect.stringMatching(/is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\); name who signed it: --ca FILE/) as string })
    expect(await cli([...at(gateway), '--ca', 'one.key'])).toMatchObject({ code: 2, error: 'tollgate: --ca: one.key holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)\n' })
    expect(await cli([...at(gateway), '--ca', 'none.pem'])).toMatchObject({ code: 2, error: 'tollgate: --ca: cannot read none.pem: there is no such file\n' })
    expect(await cli(['status', '--token', TOKEN, '--admin', plain.adminUrl.replace('http:', 'https:')])).toMatchObject({ code: 1, error: expect.stringContaining('does not speak TLS; write http:// if it is meant to be plain') as string })
    expect(await cli(['status', '--token', TOKEN, '--admin', gateway.adminUrl.replace('https:', 'http:')])).toMatchObject({ code: 1, error: expect.stringContaining('if it speaks TLS, write https://') as string })
  })

  it('beside the configuration needs to be told nothing, whatever name the certificate is for', async () => {
    const gateway = await start(configOf({ admin: files('elsewhere') }))
    const config = configOf({ admin: files('elsewhere') })
    writeFileSync(join(folder, 'here.json'), JSON.stringify({ ...config, admin: { ...config.admin, port: Number(new URL(gateway.adminUrl).port) } }))
    expect(await cli(['status', '--config', 'here.json'])).toMatchObject({ code: 0 })
    // Another certificate at that address is not the gateway.
    writeFileSync(join(folder, 'here.json'), JSON.stringify({ ...config, admin: { ...config.admin, tls: files('one'), port: Number(new URL(gateway.adminUrl).port) } }))
    expect(await cli(['status', '--config', 'here.json'])).toMatchObject({ code: 1, error: expect.stringContaining('is not trusted') as string })
    expect(await cli([...at(gateway), '--ca', 'elsewhere.pem'])).toMatchObject({ code: 1, error: expect.stringContaining('is for another name') as string })
  })

  it('check says what will be served, and what is wrong with the time of a certificate', async () => {
    makeCertificate(folder, 'brief', { days: 3 })
    writeFileSync(join(folder, 'brief.json'), JSON.stringify(configOf({ listen: files('brief') })))
    const { code, out, error } = await cli(['check', 'brief.json'])
    expect([code, out]).toEqual([0, expect.stringContaining('listens on 127.0.0.1:0 by TLS, admin API on 127.0.0.1:0 by TLS')])
    expect(error).toMatch(/^warning: listen\.tls\.certificate: the certificate in \S+brief\.pem expires at \d{4}-\S+; renew it\n$/)
  })
})
