import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCli, type CliIo } from './run-cli.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'docs-command-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = ''
  let err = ''
  const io: CliIo = {
    stdout: (text) => void (out += text), stderr: (text) => void (err += text), readStdin: () => Promise.resolve(''), env: {}, cwd: folder,
    fetch: () => Promise.reject(new Error('nothing is fetched')), isTerminal: false, onSignal: () => () => {}, exit: () => {},
  }
  return { code: await runCli(argv, io), out, err }
}

it('writes the reference of a shipped contract, and says what has become of the folder', async () => {
  expect(await run('docs', 'chatads', '--out', 'site')).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d+ files in site: \d+ written, 0 the same as before, 0 removed\.\n$/) as unknown })
  expect(readFileSync(join(folder, 'site/errors/dailyQuotaExceeded.md'), 'utf8')).toContain("You've used 120 of 100 requests for today.")
  expect((await run('docs', 'chatads', '--out', 'site')).out).toMatch(/: 0 written, \d+ the same as before, 0 removed/)
})

it('takes title and addresses', async () => {
  await run('docs', 'chatads', '--out', 'site', '--title', 'Our refusals', '--url', 'https://errors.example.com/', '--api-url', 'https://ads.example.com/v2/')
  const html = readFileSync(join(folder, 'site/errors/missingKey/index.html'), 'utf8')
  expect(html).toContain('· Our refusals</title>')
  expect(html).toContain('<link rel="canonical" href="https://errors.example.com/errors/missingKey/">')
  expect(readFileSync(join(folder, 'site/errors/missingKey.md'), 'utf8')).toContain('${API_URL:-https://ads.example.com/v2}/things')
})

it('checks in CI that the folder is what the contract says, and writes nothing', async () => {
  expect(await run('docs', 'chatads', '--out', 'site', '--check')).toMatchObject({ code: 1, err: expect.stringMatching(/^tollgate: site is not what the contract says: index\.html, .* and \d+ more; write it anew without --check\n$/) as unknown })
  expect(existsSync(join(folder, 'site'))).toBe(false)
  await run('docs', 'chatads', '--out', 'site')
  expect(await run('docs', 'chatads', '--out', 'site', '--check')).toMatchObject({ code: 0, err: '', out: 'site is what the contract says.\n' })
  writeFileSync(join(folder, 'site/index.md'), 'changed')
  expect(await run('docs', 'chatads', '--out', 'site', '--check')).toMatchObject({ code: 1, err: 'tollgate: site is not what the contract says: index.md; write it anew without --check\n' })
})

it.each([
  [['docs', 'chatads'], 2, /required option '--out <folder>' not specified/],
  [['docs', 'nothing', '--out', 'site'], 2, /no shipped contract is called "nothing"/],
  [['docs', 'chatads', '--out', 'site', '--url', 'errors.example.com'], 2, /Write a whole address/],
])('%j ends with %d', async (argv, code, words) => {
  expect(await run(...argv)).toMatchObject({ code, err: expect.stringMatching(words) as unknown })
})

it('of a contract that is only read it writes what there is to say', async () => {
  expect(await run('docs', 'github', '--out', 'site')).toMatchObject({ code: 0, err: '' })
  expect(readFileSync(join(folder, 'site/index.md'), 'utf8')).toContain('are read, and are not made by those who write them')
})

it('prints what was done as JSON', async () => {
  const { out } = await run('docs', 'chatads', '--out', 'site', '--json')
  expect(JSON.parse(out)).toMatchObject({ folder: 'site', written: expect.arrayContaining(['index.html', 'contract.json']) as unknown, removed: [], same: 0 })
})
