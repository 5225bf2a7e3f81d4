/** docs/deploy.md: what it shows for systemd, Docker and nginx is tried, as far as a machine without a registry of images can. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startGateway, type RunningGateway } from '@tollgate/gateway'
import { makeCertificate } from '../packages/gateway/src/tls/fixtures/certificates.ts'
import { freePort } from '../packages/gateway/src/fixtures/free-port.ts'

const run = promisify(execFile)
const page = readFileSync(join(import.meta.dirname, '../docs/deploy.md'), 'utf8')
const fence = (name: string): string => new RegExp(`\`\`\`\\w+ ${name}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ''

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tollgate-deploy-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('the units are what systemd takes, with no word that it does not know', () => {
  const program = join(folder, 'tollgate')
  writeFileSync(program, '#!/bin/sh\n')
  chmodSync(program, 0o755)
  const units = ['tollgate.service', 'tollgate-backup.service', 'tollgate-backup.timer'].map((name) => {
    const file = join(folder, name)
    writeFileSync(file, fence(name).replaceAll('/usr/local/bin/tollgate', program))
    return file
  })
  expect(readFileSync(String(units[0]), 'utf8')).toContain('ExecStart=')
  // It says what is wrong on stderr, and ends well all the same where it only warns.
  const said = execFileSync('bash', ['-c', `systemd-analyze verify --man=no ${units.join(' ')} 2>&1`], { encoding: 'utf8' })
  expect(said.split('\n').filter((line) => line.includes(folder))).toEqual([])
})

/** Resolves when somebody listens there. The hook's own bound ends it otherwise. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isUp = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)))
    socket.destroy()
    if (isUp) return
    await setTimeout(50)
  }
}

describe('nginx as shown, in front of a gateway', () => {
  const seen: IncomingMessage[] = []
  const service = createServer((request, response) => {
    seen.push(request)
    if (request.url?.startsWith('/v1/stream') !== true) return void request.resume().on('end', () => response.end(request.url))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
    end = () => response.end('data: last\n\n')
  })
  let end = (): unknown => undefined
  service.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n')
    socket.on('data', (chunk: Buffer) => socket.end(`echo ${chunk.toString()}`))
  })

  let gateway: RunningGateway
  let nginx: ChildProcess
  let port: number
  const url = (path: string): string => `https://localhost:${port}${path}`
  /** By curl, which is told whom to trust. */
  const curl = async (...args: readonly string[]): Promise<string> => (await run('curl', ['-s', '--max-time', '60', '--cacert', join(folder, 'proxy.pem'), ...args])).stdout

  beforeAll(async () => {
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    gateway = await startGateway({
      env: {},
      config: {
        listen: { port: 0, trust: ['127.0.0.1'] },
        admin: { port: 0, token: 'a-token-for-this-test-only' },
        store: 'memory',
        upstreams: { service: `http://127.0.0.1:${(service.address() as AddressInfo).port}` },
        apis: { open: { mount: '/', contract: 'problem', body: { max: '1KiB' }, routes: [{ on: '* /v1/{rest...}', public: true, steps: [] }] } },
      },
    })
    makeCertificate(folder, 'proxy')
    port = await freePort()
    const plain = await freePort()
    const site = fence('tollgate.conf')
      .replaceAll('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
      .replaceAll('listen [::]:443 ssl;', '')
      .replaceAll('listen 80;', `listen 127.0.0.1:${plain};`)
      .replaceAll('listen [::]:80;', '')
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${gateway.port}`)
      .replaceAll('api.example.com', 'localhost')
      .replaceAll('/etc/letsencrypt/live/localhost/fullchain.pem', join(folder, 'proxy.pem'))
      .replaceAll('/etc/letsencrypt/live/localhost/privkey.pem', join(folder, 'proxy.key'))
    for (const name of ['logs', 'temp']) mkdirSync(join(folder, name))
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/temp/${kind};`).join('\n')
    writeFileSync(join(folder, 'nginx.conf'), `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log;\nevents {}\nhttp {\naccess_log off;\n${temp}\n${site}\n}\n`)
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin`
    nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { env: { ...process.env, PATH: path }, stdio: 'ignore' })
    await listening(port)
  })
  afterEach(() => void (seen.length = 0))
  afterAll(async () => {
    const ended = once(nginx, 'exit')
    nginx.kill('SIGTERM')
    await ended
    await gateway.close()
    service.closeAllConnections()
    service.close()
  })

  it('the service hears of the caller’s address and of https, and a caller’s own word about it is dropped', async () => {
    expect(await curl(url('/v1/a?x=1'), '-H', 'X-Forwarded-For: 203.0.113.9', '-H', 'X-Forwarded-Proto: gopher')).toBe('/v1/a?x=1')
    expect(seen[0]?.headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'localhost' })
    expect((await gateway.store.requests({ limit: 1 }))[0]?.remoteAddress).toBe('127.0.0.1')
  })

  it('what the gateway refuses comes in its dialect, and paths as they were sent', async () => {
    expect(await curl(url('/none'))).toContain('"code":"route.unknown"')
    expect(await curl(url('/v1/a'), '-d', 'x'.repeat(2_000))).toContain('"code":"request.too_large"')
    expect(await curl('--path-as-is', url('/v1//a'))).toContain('"code":"request.invalid"')
    expect(await curl('--path-as-is', url('/v1/a%20b'))).toBe('/v1/a%20b')
  })

  it('a stream is passed on as it comes', async () => {
    const streaming = spawn('curl', ['-sN', '--max-time', '60', '--cacert', join(folder, 'proxy.pem'), url('/v1/stream')], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [first] = (await once(streaming.stdout, 'data')) as [Buffer]
    expect(first.toString()).toContain('data: first')
    end()
    expect(await text(streaming.stdout)).toContain('data: last')
  })

  it('a WebSocket goes through', async () => {
    const request = 'GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(join(folder, 'proxy.pem')) })
    socket.write(request)
    const [head] = (await once(socket, 'data')) as [Buffer]
    expect(head.toString()).toContain('101 Switching Protocols')
    socket.write('hello')
    expect(await text(socket)).toBe('echo hello')
  })

  it('while the gateway is away, callers are told so as JSON and not as a page', async () => {
    await gateway.close()
    const said = await curl('-i', url('/v1/a'))
    expect(said).toMatch(/^HTTP\/1\.1 503 /)
    expect(said).toContain('application/problem+json')
    expect(said).toContain('"code":"upstream.unavailable"')
    expect(said.toLowerCase()).toContain('retry-after: ')
    expect(said).not.toContain('<html>')
  })
})
