/** Signals that reach the program while it starts. Its configuration is a named pipe: opening it to write returns once the program has begun to read. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { program } from '../../../../test/joined.ts'

let directory: string

beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'tollgate-signals-'))))

afterAll(() => rmSync(directory, { recursive: true, force: true }))

const config = (port: number): string =>
  JSON.stringify({ listen: { port }, admin: { port: 0 }, store: 'memory', upstreams: { up: 'http://127.0.0.1:9' }, apis: { a: { mount: '/', contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'k_' }, routes: [{ on: 'GET /x' }] } } })

async function starting(name: string) {
  const pipe = join(directory, name)
  execFileSync('mkfifo', [pipe])
  const child = spawn(process.execPath, [program, 'serve', pipe], { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const reading = await open(pipe, 'w')
  return { child, reading, pipe, said: () => said, exited: once(child, 'exit') }
}

it('SIGHUP while the program starts ends nothing: the configuration is read again', async () => {
  const { child, reading, pipe, said, exited } = await starting('reload')
  child.kill('SIGHUP')
  // What the second reading finds: a file in the place of the pipe, which the first one still has open.
  rmSync(pipe)
  writeFileSync(pipe, config(0))
  await reading.writeFile(config(0))
  await reading.close()
  await expect.poll(said).toContain('configuration reloaded')
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

it.each(['SIGTERM', 'SIGINT'] as const)('%s while the program starts stops it in order', async (signal) => {
  const { child, reading, said, exited } = await starting(signal)
  child.kill(signal)
  await reading.writeFile(config(0))
  await reading.close()
  expect(await exited).toEqual([0, null])
  expect(said()).toContain('stopped taking requests')
})
