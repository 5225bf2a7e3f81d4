import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tollgate-init-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(args: readonly string[], answers?: string[]) {
  const said = { out: '', err: '', asked: [] as string[] }
  const code = await runCli(args, {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    readStdin: async () => '',
    ask: answers && (async (question) => {
      said.asked.push(question)
      return answers.shift() ?? ''
    }),
    env: { NO_COLOR: '1' },
    cwd: folder,
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return { code, ...said }
}

const inFolder = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8')

it('asks nothing with --yes, or where nobody sits: a whole start, called as its folder', async () => {
  const { code, out } = await run(['init', 'Weather Reports'])
  expect([code, out]).toEqual([0, expect.stringContaining('cd Weather Reports\n  npm install')])
  expect(inFolder('Weather Reports', 'contract.yaml')).toContain('\nname: weather-reports\n')
  expect(JSON.parse(inFolder('Weather Reports', 'package.json'))).toMatchObject({ private: true, type: 'module' })
})

it('on a terminal asks what no option says; what cannot be is asked again', async () => {
  const { code, out, asked } = await run(['init', 'x', '--dialect', 'problem'], ['pictures', 'credit', 'credits', '0.04', 'localhost', 'http://127.0.0.1:7000', ''])
  expect(code).toBe(0)
  expect(asked).toEqual(['What is the API called? [x] ', 'Charge? [quota] ', 'Charge? [quota] ', 'Price of a call? [0.05] ', ...Array<string>(2).fill('Where is your service? (none: a small one is written for you) [none] '), 'Codes? [usual] '])
  expect(out).toContain('"credit" is no way to charge; did you mean "credits"?')
  expect(inFolder('x', 'tollgate.yaml')).toMatch(/SERVICE_URL:-http:\/\/127\.0\.0\.1:7000[\s\S]*\n {2}pictures:[\s\S]*price: 0\.04 }/)
  expect(existsSync(join(folder, 'x/service.mjs'))).toBe(false)
})

it('writes over nothing: not a file of it, unless it is forced; a README, a package.json stay', async () => {
  mkdirSync(join(folder, 'x'))
  writeFileSync(join(folder, 'x/tollgate.yaml'), 'mine')
  writeFileSync(join(folder, 'x/package.json'), '{}')
  const refused = await run(['init', 'x'])
  expect([refused.code, refused.err]).toEqual([1, `tollgate: there is already tollgate.yaml in ${join(folder, 'x')}; choose another folder, or write over with --force\n`])
  expect([inFolder('x', 'tollgate.yaml'), existsSync(join(folder, 'x/contract.yaml'))]).toEqual(['mine', false])
  const forced = await run(['init', 'x', '--force'])
  expect([forced.code, forced.out]).toEqual([0, expect.stringContaining('Left as they were: package.json\n')])
  expect([inFolder('x', 'package.json'), inFolder('x', 'tollgate.yaml') === 'mine']).toEqual(['{}', false])
})

it('prints with --dry-run, and says all that is wrong with a command', async () => {
  const { out } = await run(['init', 'x', '--dry-run'])
  expect(out).toContain('--- x/contract.yaml\n')
  expect(existsSync(join(folder, 'x'))).toBe(false)
  const wrong = await run(['init', 'x', '--charge', 'gold', '--price', 'much'])
  expect([wrong.code, wrong.err]).toEqual([2, 'tollgate: "gold" is no way to charge; there are free, quota, credits, usage\ntollgate: "much" is no price; write a decimal above 0: 0.05\n'])
})
