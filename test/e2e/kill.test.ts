/** The program as a process of its own: killed with SIGKILL and started again on the same file. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { program as tollgate } from '../joined.ts'

const root = join(import.meta.dirname, '../..')
const token = 'a-token-for-this-test-only'

interface Running {
  readonly child: ChildProcess
  readonly url: string
  readonly adminUrl: string
}

let folder: string
let service: Server
let program: Running

async function start(): Promise<Running> {
  const child = spawn(process.execPath, [tollgate, 'serve', join(folder, 'tollgate.yaml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    if (!line.startsWith('{')) continue
    const { message, url, adminUrl } = JSON.parse(line) as { message: string; url: string; adminUrl: string }
    if (message === 'started') return { child, url, adminUrl }
  }
  throw new Error(`the program ended with ${child.exitCode}`)
}

async function kill(signal: NodeJS.Signals): Promise<void> {
  const exited = once(program.child, 'exit')
  program.child.kill(signal)
  await exited
}

async function admin(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${program.adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

const ask = (key: string): Promise<Response> => fetch(`${program.url}/v1/reports/1`, { headers: { authorization: `Bearer ${key}` } })

beforeAll(async () => {
  service = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1')
  await once(service, 'listening')
  folder = mkdtempSync(join(tmpdir(), 'tollgate-kill-'))
  cpSync(join(root, 'examples/your-api/contract.yaml'), join(folder, 'contract.yaml'))
  const config = readFileSync(join(root, 'examples/your-api/tollgate.yaml'), 'utf8')
    .replace('listen: { port: 8088 }', 'listen: { port: 0 }')
    .replace('admin: { port: 8089 }', `admin: { port: 0, token: ${token} }`)
    .replace('127.0.0.1:9000', `127.0.0.1:${(service.address() as AddressInfo).port}`)
  writeFileSync(join(folder, 'tollgate.yaml'), config)
  program = await start()
})

afterAll(async () => {
  await kill('SIGTERM')
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

it('after kill -9, an acknowledged key works, a revoked one stays revoked, and the counted month goes on', async () => {
  await admin('POST', '/v1/accounts', { id: 'acme', api: 'your-api', name: 'Acme', plan: 'free' })
  const { secret } = (await admin('POST', '/v1/accounts/acme/keys', {})) as { secret: string }
  const revoked = (await admin('POST', '/v1/accounts/acme/keys', {})) as { secret: string; key: { id: string } }
  expect((await ask(secret)).status).toBe(200)
  expect((await ask(secret)).status).toBe(200)
  // What is durable is written together with all that came before it, so its acknowledgement speaks for the counts too.
  await admin('PATCH', `/v1/keys/${revoked.key.id}`, { status: 'revoked' })

  await kill('SIGKILL')
  program = await start()

  expect((await ask(revoked.secret)).status).toBe(401)
  expect((await ask(secret)).status).toBe(200)
  const refused = await ask(secret)
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({ error: { message: 'You have used 3 of 3 requests this month.' } })
})

it('after a clean stop nothing is lost, not even what was counted a moment ago', async () => {
  await admin('PATCH', '/v1/accounts/acme', { plan: 'pro' })
  const { secret } = (await admin('POST', '/v1/accounts/acme/keys', {})) as { secret: string }
  const answer = await ask(secret)
  expect(answer.status).toBe(200)
  await kill('SIGTERM')
  program = await start()
  const usage = await admin('GET', '/v1/accounts/acme/usage')
  expect(JSON.stringify(usage)).toMatch(/"meter":"month"[^}]*"used":4/)
  expect(await admin('GET', `/v1/requests/${answer.headers.get('x-request-id')}`)).toMatchObject({ request: { status: 200, accountId: 'acme' } })
})

it('a second program on the same file is refused with one clear line', async () => {
  const child = spawn(process.execPath, [tollgate, 'serve', join(folder, 'tollgate.yaml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(1)
  expect(said.trim().split('\n')).toHaveLength(1)
  expect(said).toMatch(/owned|another process/i)
})
