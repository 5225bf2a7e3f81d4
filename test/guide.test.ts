/** The five-minute guide of the README, run as it stands there. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const guide = /```sh guide\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
const lines = guide.split('\n').map((line) => line.replace(/\s+# .*$/, '').trim())
/** The guide's ports may be taken on this machine: each is replaced by a free one, in the commands and in the files. */
const guidePorts = [9000, 8088, 8089] as const
let freePorts: readonly number[] = []
const withFreePorts = (text: string): string => guidePorts.reduce((changed, port, at) => changed.replaceAll(String(port), String(freePorts[at])), text)

const inBackground = lines.filter((line) => line.endsWith('&')).map((line) => line.slice(0, -1).trim())
const inFront = lines.filter((line) => line !== '' && !line.endsWith('&') && !line.startsWith('cd '))

let folder: string | undefined
const running: ChildProcess[] = []

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const [event] = await Promise.race([once(socket, 'connect').then(() => ['up']), once(socket, 'error').then(() => ['down'])]).catch(() => ['down'])
    socket.destroy()
    if (event === 'up') return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on ${port}`)
}

beforeAll(async () => {
  // Inside the repository, so that `npx tollgate` finds the program; a copy, so that no data stays behind.
  folder = mkdtempSync(join(root, 'examples/your-api-'))
  freePorts = await Promise.all(guidePorts.map(freePort))
  for (const file of ['server.mjs', 'contract.yaml', 'tollgate.yaml']) {
    writeFileSync(join(folder, file), withFreePorts(readFileSync(join(root, 'examples/your-api', file), 'utf8')))
  }
  for (const line of inBackground) running.push(spawn('bash', ['-c', `exec ${line}`], { cwd: folder, stdio: 'ignore', detached: true }))
  for (const port of freePorts) await listening(port)
})

afterAll(async () => {
  for (const child of running) {
    if (child.pid === undefined || child.exitCode !== null) continue
    const exited = once(child, 'exit')
    process.kill(-child.pid, 'SIGTERM')
    await exited
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

it('shows a 200, a 401, a 404 of the service, a 429, and explains the last request', () => {
  expect(inBackground).toHaveLength(2)
  const output = execFileSync('bash', ['-euo', 'pipefail', '-c', withFreePorts(inFront.join('\n'))], { cwd: String(folder), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  expect([...output.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '401', '404', '200', '429'])
  expect(output).toContain('"error":{"code":"unauthorized"')
  expect(output).toContain('"hint":"there is no such report"')
  expect(output).toMatch(/What the caller was told\n.*quota_used_up/)
})
