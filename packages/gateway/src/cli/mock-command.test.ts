import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { chatads } from 'tollgate/catalog'
import { runCli } from './run-cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-mock-'))
  writeFileSync(join(folder, 'mine.json'), JSON.stringify({ ...chatads.declaration, name: 'mine' }))
  writeFileSync(join(folder, 'client.mjs'), CLIENT)
  return () => rmSync(folder, { recursive: true })
})

/** Asks so often, and pauses so long. */
const CLIENT = `const [times, pause, exit = '0'] = process.argv.slice(2)
for (let at = 0; at < Number(times); at++) {
  if (at > 0) await new Promise((resolve) => setTimeout(resolve, Number(pause)))
  await (await fetch(process.env.TOLLGATE_MOCK_URL + '/v1/things')).text()
}
process.exitCode = Number(exit)
`

function running(argv: readonly string[]) {
  const said = { out: '', error: '' }
  const listeners = new Map<string, () => void>()
  const code = runCli(['mock', ...argv], {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.error += text),
    readStdin: () => Promise.resolve(''),
    env: { PATH: process.env['PATH'] },
    cwd: folder,
    fetch: () => Promise.reject(new Error('asks nobody')),
    isTerminal: false,
    onSignal(signal, listen) {
      listeners.set(signal, listen)
      return () => void listeners.delete(signal)
    },
    exit: () => undefined,
  })
  return { said, code, signal: (name: string) => listeners.get(name)?.() }
}

async function run(...argv: readonly string[]) {
  const { said, code } = running(argv)
  return { code: await code, ...said }
}

async function serving(...argv: readonly string[]) {
  const program = running(['--port', '0', ...argv])
  await vi.waitUntil(() => program.said.out.includes('http://'), { timeout: 60_000 })
  const url = /http:\/\/[^\s:"]+:\d+/.exec(program.said.out)?.[0] ?? ''
  return { ...program, url }
}

function scenario(yaml: string): string {
  writeFileSync(join(folder, 'scenario.yaml'), yaml)
  return 'scenario.yaml'
}

it('plays a contract of a file until it is told to stop, and says where', async () => {
  const { said, url, signal, code } = await serving('./mine.json')
  expect(said.out).toBe(`tollgate plays mine at ${url}: ${chatads.entries.size} refusals on demand, see ${url}/_mock/\n`)
  expect((await fetch(`${url}/_mock/DAILY_QUOTA_EXCEEDED`)).status).toBe(429)
  signal('SIGTERM')
  expect(await code).toBe(0)
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

it('grades at the end, in words and by its exit code', async () => {
  const { url, signal, code, said } = await serving('problem', '--grade', '--scenario', scenario('rules: [{ answer: insufficientCredit }]'))
  for (let at = 0; at < 2; at++) await (await fetch(`${url}/v1/things`)).text()
  signal('SIGINT')
  expect(await code).toBe(1)
  expect(said.out).toContain('WRONG  retried-never')
  expect(said.error).toBe('tollgate: the client did not pass\n')
})

describe('a command behind --', () => {
  const limited = 'rules: [{ answer: [rateLimited; retryAfterMs=1s] }]\nexpect: [waited at least 1 s, 2 requests]'

  it('is run against it, and the mock ends with it', async () => {
    const { code, out, error } = await run('problem', '--port', '0', '--grade', '--scenario', scenario(limited), '--', process.execPath, 'client.mjs', '2', '1050')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toMatch(/^mock of problem, seed 1: 2 requests in 1 call\n/)
    expect(out).toContain('Passed.')
  })

  it('does not pass where its client did not', async () => {
    const { code, out } = await run('problem', '--port', '0', '--grade', '--json', '--scenario', scenario(limited), '--', process.execPath, 'client.mjs', '2', '0')
    const [first = '', ...rest] = out.split('\n')
    expect(JSON.parse(first)).toMatchObject({ contract: 'problem', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
    expect(JSON.parse(rest.join('\n'))).toMatchObject({ verdict: 'failed', faults: [{ rule: 'too-early' }], expectations: [{ holds: false }, { holds: true }] })
    expect(code).toBe(1)
  })

  it('has its own exit code, and need not be there', async () => {
    expect(await run('problem', '--port', '0', '--', process.execPath, 'client.mjs', '1', '0', '3')).toMatchObject({ code: 1, error: expect.stringMatching(/client\.mjs 1 0 3 ended with exit code 3\n$/) })
    expect(await run('problem', '--port', '0', '--grade', '--', './nothing-here')).toMatchObject({ code: 1, error: 'tollgate: ./nothing-here could not be run: there is no such command\n', out: '' })
  })
})

it('grades no client that never came', async () => {
  expect(await run('problem', '--port', '0', '--grade', '--', process.execPath, 'client.mjs', '0', '0')).toMatchObject({ code: 1, out: '', error: expect.stringContaining('no request came; the client must take its address from TOLLGATE_MOCK_URL') })
  expect(await run('problem', '--port', '0', '--grade', '--', process.execPath, 'client.mjs', '0', '0', '3')).toMatchObject({ code: 1, out: '', error: expect.stringContaining('ended with exit code 3') })
})

it('ends after a time', async () => {
  expect(await run('problem', '--port', '0', '--for', '10ms', '--grade')).toMatchObject({ code: 0, out: expect.stringContaining('0 requests in 0 calls') })
})

it('a seed of the command line goes before that of the scenario', async () => {
  const { out } = await run('problem', '--port', '0', '--for', '10ms', '--grade', '--seed', '9', '--scenario', scenario('seed: 7'))
  expect(out).toContain('mock of problem, seed 9: ')
})

it('what is wrong is said with the mend', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  expect(await run('problem', '--port', String(port))).toMatchObject({ code: 1, error: `tollgate: the mock on 127.0.0.1:${port}: the port is in use by another process; stop that one, or choose another port (--port)\n` })
  expect(await run()).toMatchObject({ code: 2, error: expect.stringContaining('which contract? write: tollgate mock CONTRACT') })
  expect(await run('problm')).toMatchObject({ code: 2, error: expect.stringContaining('did you mean "problem"?') })
  expect(await run('problem', '--port', '65536')).toMatchObject({ code: 2, error: expect.stringContaining('Write a port from 0 to 65535.') })
  expect(await run('problem', '--seed', '-1')).toMatchObject({ code: 2 })
  expect(await run('problem', '--for', '5')).toMatchObject({ code: 2, error: expect.stringContaining('Write a duration with its unit: 30s, 5m.') })
  expect(await run('problem', '--for', '30d')).toMatchObject({ code: 2, error: expect.stringContaining('Write 24d at most') })
  expect(await run('problem', '--scenario', 'none.yaml')).toMatchObject({ code: 2, error: expect.stringMatching(/none\.yaml: cannot be read: there is no such file\n$/) })
  expect(await run('problem', '--scenario', scenario('rules: [{ answer: rateLimit }]'))).toMatchObject({ code: 2, error: expect.stringMatching(/scenario\.yaml:1:11 rules\[0\]\.answer: "rateLimit" is no entry, code, reason or status of "problem"; did you mean "rateLimited"\?\n$/) })
})

it('prints the JSON Schema of scenarios', async () => {
  expect(JSON.parse((await run('--schema')).out)).toMatchObject({ title: 'Scenario of a Tollgate mock', properties: { rules: {} } })
})
