/** `tollgate types`: to stdout, to a file, and as a check. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { runCli } from './run-cli.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-types-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
})

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const said = { out: '', error: '' }
  const code = await runCli(['types', ...argv], {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.error += text),
    readStdin: () => Promise.resolve(''),
    env: {},
    cwd: folder,
    fetch: () => Promise.reject(new Error('nobody is asked')),
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return { code, ...said }
}

it.each([
  ['typescript', /^\/\*\* The errors of JoggAI/],
  ['zod', /import \{ z \} from 'zod'/],
  ['json-schema', /^\{\n {2}"\$schema": "https:\/\/json-schema.org\/draft\/2020-12\/schema"/],
  ['python', /^"""The errors of JoggAI/],
])('writes %s', async (language, text) => {
  expect(await run('jogg', '--to', language)).toMatchObject({ code: 0, out: expect.stringMatching(text), error: '' })
})

it('writes a file once, and says in CI whether it is up to date', async () => {
  expect(await run('jogg', '--out', 'src/errors.ts', '--check')).toMatchObject({ code: 1, error: 'tollgate: cannot read src/errors.ts: there is no such file\n' })
  expect(await run('jogg', '--out', 'src/errors.ts')).toEqual({ code: 0, out: 'Wrote src/errors.ts.\n', error: '' })
  expect(await run('jogg', '--out', 'src/errors.ts')).toEqual({ code: 0, out: 'src/errors.ts is up to date.\n', error: '' })
  expect(readFileSync(join(folder, 'src/errors.ts'), 'utf8')).toBe((await run('jogg')).out)
  expect(await run('jogg', '--out', 'src/errors.ts', '--check')).toEqual({ code: 0, out: 'src/errors.ts is up to date.\n', error: '' })
  writeFileSync(join(folder, 'src/errors.ts'), 'changed')
  expect(await run('jogg', '--out', 'src/errors.ts', '--check')).toMatchObject({ code: 1, error: expect.stringContaining('is not up to date') })
})

it('refuses a language that there is not, and a contract', async () => {
  expect(await run('jogg', '--to', 'cobol')).toMatchObject({ code: 2, error: expect.stringContaining("argument 'cobol' is invalid") })
  expect(await run('jog')).toMatchObject({ code: 2, error: expect.stringContaining('did you mean "jogg"?') })
})
