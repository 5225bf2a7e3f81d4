/** `tollgate lint` and `tollgate diff`: files, places, formats, exit codes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const contract = readFileSync(join(import.meta.dirname, '../../../../examples/your-api/contract.yaml'), 'utf8')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-review-'))
  writeFileSync(join(folder, 'shop.yaml'), contract)
  writeFileSync(join(folder, 'sketch.yaml'), 'name: shop\nentries:\n  slow:\n    code: 429\n    status: 429\n    reason: rate.limited\n')
  const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder, stdio: 'ignore' })
  git('init', '-q')
  git('add', 'shop.yaml')
  git('commit', '-qm', 'one')
  writeFileSync(join(folder, 'shop.yaml'), contract.replace('code: slow_down', 'code: too_fast').replace('Something went wrong on our side.', 'It failed.'))
  return () => rmSync(folder, { recursive: true })
})

async function run(...argv: readonly string[]) {
  const said = { code: 0, out: '', error: '' }
  said.code = await runCli(argv, {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.error += text),
    readStdin: () => Promise.resolve(''),
    env: {},
    cwd: folder,
    fetch: () => Promise.reject(new Error('asks nobody')),
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return said
}

describe('tollgate lint', () => {
  it('tells place, severity and rule, of what is no contract too, and ends with 1', async () => {
    const { code, out, error } = await run('lint', 'sketch.yaml')
    expect({ code, error }).toEqual({ code: 1, error: expect.stringMatching(/^tollgate: \d errors; "tollgate lint --explain RULE" says more\n$/) })
    expect(out).toContain('  4:5  warning  code-is-status  entries.slow.code: 429 is the HTTP status; give it a code that says what happened\n')
    expect(out).toContain('error    reason-without-code  entries: nothing answers these reasons;')
  })

  it('ends by the severity that is asked for', async () => {
    expect((await run('lint', 'shop.yaml')).code).toBe(0)
    expect((await run('lint', 'shop.yaml', '--fail-on', 'warning')).code).toBe(1)
    expect((await run('lint', 'shop.yaml', '--max-severity', 'note')).code).toBe(1)
    expect((await run('lint', 'shop.yaml', '--max-severity', 'warning')).code).toBe(0)
    expect((await run('lint', 'sketch.yaml', '--fail-on', 'never')).code).toBe(0)
    expect(await run('lint', 'shop.yaml', '--max-severity', 'note', '--fail-on', 'note')).toMatchObject({ code: 2, error: expect.stringContaining('say the same in two ways') })
  })

  it('writes SARIF into a file, with line and column', async () => {
    expect(await run('lint', 'sketch.yaml', 'jogg', '--format', 'sarif', '--output', 'lint.sarif', '--fail-on', 'never')).toEqual({ code: 0, out: '', error: '' })
    const { runs } = JSON.parse(readFileSync(join(folder, 'lint.sarif'), 'utf8')) as { runs: { results: { ruleId: string; locations: { physicalLocation?: object }[]; suppressions?: object[] }[] }[] }
    expect(runs[0]?.results.find(({ ruleId }) => ruleId === 'code-is-status')?.locations[0]?.physicalLocation).toEqual({ artifactLocation: { uri: 'sketch.yaml' }, region: { startLine: 4, startColumn: 5 } })
    expect(runs[0]?.results.filter(({ suppressions }) => suppressions !== undefined).length).toBeGreaterThan(4)
  })

  it('prints JSON and Markdown', async () => {
    expect(JSON.parse((await run('lint', 'shop.yaml', '--format', 'json')).out)).toMatchObject({ version: 1, counts: { error: 0 }, files: [{ name: 'shop.yaml' }] })
    expect((await run('lint', 'shop.yaml', '--format', 'markdown')).out).toContain('### Contract `shop.yaml`: ')
  })

  it('does not say what is not to be heard', async () => {
    const { out } = await run('lint', 'sketch.yaml', '--ignore', 'code-is-status:entries.slow', '--fail-on', 'never')
    expect(out).not.toContain('  code-is-status  ')
    expect(out).toContain('(1 ignored)')
    expect(await run('lint', 'sketch.yaml', '--ignore', 'code-is-statsu')).toMatchObject({ code: 2, error: 'tollgate: there is no rule "code-is-statsu"; did you mean "code-is-status"?\n' })
  })

  it('lists and explains its rules', async () => {
    expect((await run('lint', '--rules')).out).toMatch(/^RULE .*\n(?:[\w-]+ +(?:error|warning|note) .*\n)+$/)
    const { out } = await run('lint', '--explain', 'limit-kind-unsaid')
    for (const part of ['Mend: ', 'Source: ', 'Found (entries.limited):', 'Not found:']) expect(out).toContain(part)
    expect((await run('lint', '--explain', 'limit-kind')).code).toBe(2)
  })

  it('says what is missing, and what cannot be read', async () => {
    expect(await run('lint')).toMatchObject({ code: 2, error: expect.stringContaining('which contract?') })
    expect(await run('lint', 'none.yaml')).toMatchObject({ code: 2, error: expect.stringContaining('cannot read none.yaml: there is no such file') })
    expect(await run('lint', 'chatadz')).toMatchObject({ code: 2, error: expect.stringContaining('did you mean "chatads"?') })
  })
})

describe('tollgate diff', () => {
  it('compares a file with what it was, and ends with 1 where a change breaks', async () => {
    const { code, out, error } = await run('diff', 'git:HEAD:shop.yaml', 'shop.yaml', '--current', '1.4.2')
    expect({ code, error }).toEqual({ code: 1, error: 'tollgate: 1 change of class breaking (--fail-on)\n' })
    expect(out).toContain('git:HEAD:shop.yaml → shop.yaml: 1 breaking, 1 safe; after 1.4.2 comes 2.0.0 (major)\n')
    expect(out).toContain('  breaking  code-changed  entries.slowDown.code: "slow_down" is "too_fast" now (hurts who goes by code)\n')
  })

  it('prints JSON and Markdown, and ends as it is asked to', async () => {
    expect((await run('diff', 'git:HEAD:shop.yaml', 'shop.yaml', '--fail-on', 'never')).code).toBe(0)
    expect(JSON.parse((await run('diff', 'git:HEAD:shop.yaml', 'shop.yaml', '--format', 'json')).out)).toMatchObject({ version: 1, bump: 'major', counts: { breaking: 1 } })
    expect((await run('diff', 'git:HEAD:shop.yaml', 'shop.yaml', '--format', 'markdown')).out).toContain('| breaking | `entries.slowDown.code` |')
  })

  it('compares shipped contracts, and finds none beside itself', async () => {
    expect(await run('diff', 'nexalayer', 'nexalayer')).toEqual({ code: 0, out: 'nexalayer → nexalayer: nothing has changed for callers\n', error: '' })
  })

  it.each([
    [['git:HEAD:none.yaml', 'shop.yaml'], 'cannot read git:HEAD:none.yaml:'],
    [['git:none', 'shop.yaml'], 'is not git:REF:PATH'],
    [['git:--output=x:y', 'shop.yaml'], 'cannot read git:--output=x:y:'],
    [['sketch.yaml', 'shop.yaml'], 'sketch.yaml:'],
    [['shop.yaml', 'shop.yaml', '--current', 'one'], '"one" is no version'],
  ])('%j is told, and ends with 2', async (argv, said) => {
    expect(await run('diff', ...argv)).toMatchObject({ code: 2, error: expect.stringContaining(said) })
  })
})
