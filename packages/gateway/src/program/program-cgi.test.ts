/** A CGI service behind the gateway, run by lighttpd, which makes one variable of all headers that differ in what is no letter or digit. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { request } from 'undici'
import { putAcme } from '../fixtures/acme.ts'
import { freePort } from '../fixtures/free-port.ts'
import { startGateway } from './program.ts'

/** Answers with its environment. */
async function lighttpd(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-cgi-'))
  const port = await freePort()
  const script = join(folder, 'env.cgi')
  writeFileSync(script, '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n"\nenv\n')
  chmodSync(script, 0o755)
  const config = ['server.modules = ("mod_alias", "mod_cgi")', `server.document-root = "${folder}"`, 'server.bind = "127.0.0.1"', `server.port = ${port}`, 'cgi.assign = (".cgi" => "")', `alias.url = ("/v1" => "${script}")`]
  writeFileSync(join(folder, 'lighttpd.conf'), `${config.join('\n')}\n`)
  const server = spawn('lighttpd', ['-D', '-f', join(folder, 'lighttpd.conf')], { env: { PATH: `${process.env['PATH']}:/usr/sbin` }, stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).once('exit', (code) => reject(new Error(`lighttpd ended with ${code}`)))
    const knock = (): void => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(void socket.destroy()))
      socket.on('error', () => setTimeout(knock, 20))
    }
    knock()
  })
  return port
}

it('reads no word of a caller as one of the gateway’s', { timeout: 60_000 }, async () => {
  const gateway = await startGateway({
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'token-0123456789' },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${await lighttpd()}` },
      apis: {
        cgi: {
          mount: '/',
          credentials: { from: [{ header: 'x-api-key' }], prefix: 'ck_' },
          plans: { basic: {} },
          routes: [{ on: 'GET /v1/public', public: true }, { on: 'GET /v1/keyed' }, { on: 'GET /v1/bound', steps: [{ idempotency: {} }] }],
        },
      },
    },
  })
  onTestFinished(() => gateway.close())
  await putAcme(gateway.directory, { api: 'cgi', plan: 'basic', key: 'ck_1' })

  async function environment(path: string, headers: Record<string, string> = {}): Promise<{ readonly [name: string]: string }> {
    const spoofed = Object.fromEntries(['.', '~', "'", '_', '!'].flatMap((mark) => ['Scopes', 'User', 'Call', 'Usage', 'Account'].map((name) => [`Tollgate${mark}${name}`, 'evil'])))
    const others = { 'X.Api.Key': 'evil', ...(path === '/v1/bound' && { 'Idempotency~Key': 'evil' }), 'X.Forwarded.For': 'evil', 'X.Real.Ip': 'evil', Proxy: 'http://evil', 'X-Kept': 'yes' }
    const { statusCode, body } = await request(gateway.url + path, { headers: { ...spoofed, ...others, ...headers } })
    const text = await body.text()
    expect([path, statusCode, text.includes('evil')]).toEqual([path, 200, false])
    return Object.fromEntries(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  }

  const open = await environment('/v1/public')
  expect(open).toMatchObject({ HTTP_X_KEPT: 'yes', HTTP_X_FORWARDED_FOR: '127.0.0.1' })
  expect(Object.keys(open).filter((name) => name.startsWith('HTTP_TOLLGATE'))).toEqual(['HTTP_TOLLGATE_REQUEST_ID'])
  const keyed = await environment('/v1/keyed', { 'x-api-key': 'ck_1' })
  expect(keyed).toMatchObject({ HTTP_TOLLGATE_ACCOUNT: 'acme' })
  expect(Object.keys(keyed)).not.toContain('HTTP_TOLLGATE_SCOPES')
  expect(await environment('/v1/bound', { 'x-api-key': 'ck_1', 'Idempotency-Key': '"mine"' })).toMatchObject({ HTTP_IDEMPOTENCY_KEY: 'mine' })
  expect(Object.keys(await environment('/v1/bound', { 'x-api-key': 'ck_1' }))).not.toContain('HTTP_IDEMPOTENCY_KEY')
})
