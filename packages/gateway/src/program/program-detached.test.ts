/** The program in the background, as a shell starts and stops it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { program } from '../../../../test/joined.ts'
import { freePort } from '../fixtures/free-port.ts'

let directory: string

beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'tollgate-detached-'))))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function tollgate(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  return new Promise((resolve) => execFile(process.execPath, [program, ...argv], { cwd: directory }, (failure, out, error) => resolve({ code: Number(failure?.code ?? 0), out, error })))
}

it('serves in the background, says so when it takes requests, is stopped by a command, and can start again at once', async () => {
  const [port, admin] = await Promise.all([freePort(), freePort()])
  const config = { listen: { port }, admin: { port: admin }, store: { sqlite: './data/tollgate.db' }, upstreams: { up: 'http://127.0.0.1:9' }, apis: { a: { mount: '/', contract: 'problem', routes: [{ on: 'GET /x', public: true }] } } }
  writeFileSync(join(directory, 'tollgate.yaml'), JSON.stringify(config))
  onTestFinished(async () => void (await tollgate('stop')))

  for (let time = 0; time < 2; time += 1) {
    const { code, out, error } = await tollgate('serve', '--detach')
    expect([code, error]).toEqual([0, ''])
    expect(out).toContain(`listens on http://127.0.0.1:${port}`)
    expect(out).toMatch(/runs in the background as process \d+ and writes to .*data\/tollgate\.log; "tollgate stop" ends it/)
    expect((await fetch(`http://127.0.0.1:${port}/nothing`)).status).toBe(404)
    const stopped = await tollgate('stop')
    expect([stopped.code, stopped.out]).toEqual([0, 'Stopped.\n'])
    await expect(fetch(`http://127.0.0.1:${port}/nothing`)).rejects.toThrow('fetch failed')
  }
  const log = join(directory, 'data/tollgate.log')
  expect(statSync(log).mode & 0o777).toBe(0o600)
  expect(readFileSync(log, 'utf8').match(/stopped taking requests/g)).toHaveLength(2)
})

it('that cannot start says why, in its own words and with its own exit code', async () => {
  writeFileSync(join(directory, 'wrong.yaml'), 'listen: { port: 1 }\nnonsense: 1\n')
  const { code, out, error } = await tollgate('serve', 'wrong.yaml', '--detach')
  expect([code, out]).toEqual([2, ''])
  expect(error).toContain('there is no setting "nonsense" here')
})

it('status and stop of a gateway that does not run say so at once', async () => {
  writeFileSync(join(directory, 'tollgate.yaml'), JSON.stringify({ admin: { port: await freePort(), token: 'a-token-of-some-length' } }))
  for (const [command, advice] of [['status', 'it is not up yet, or it does not run; start the gateway with "tollgate serve"'], ['stop', 'no gateway runs there, so that there is nothing to stop']] as const) {
    const { code, error } = await tollgate(command)
    expect([code, error]).toEqual([1, expect.stringContaining(advice)])
  }
})
