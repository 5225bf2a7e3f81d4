/** `tollgate openapi`: to stdout, to a file, and as a check; what is wrong is said with its place, and nothing is written then. */
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { shopApi } from '../openapi/fixtures/shop-api.ts'
import { runCli } from './run-cli.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-openapi-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'api.yaml'), shopApi)
})

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const said = { out: '', error: '' }
  const code = await runCli(['openapi', ...argv], {
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

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

describe('tollgate openapi', () => {
  it('writes to stdout, in YAML, and reads nothing but the contract', async () => {
    const { code, out, error } = await run('chatads')
    expect([code, error]).toEqual([0, ''])
    expect(out).toMatch(/^openapi: 3.1.1\n/)
    expect((await run('chatads', '--version', '3.2')).out).toMatch(/^openapi: 3.2.0\n/)
  })

  it('merges into a file, and the second time finds it up to date and does not touch it', async () => {
    expect(await run('chatads', 'api.yaml', '--check')).toEqual({ code: 1, out: '', error: 'tollgate: api.yaml is not up to date; write it anew, without --check and with --out api.yaml\n' })
    expect(read('api.yaml')).toBe(shopApi)
    expect(await run('chatads', 'api.yaml', '--out', 'api.yaml')).toEqual({ code: 0, out: 'Wrote api.yaml.\n', error: '' })
    const first = read('api.yaml')
    utimesSync(join(folder, 'api.yaml'), 1, 1)
    expect(await run('chatads', 'api.yaml', '--out', 'api.yaml')).toEqual({ code: 0, out: 'api.yaml is up to date.\n', error: '' })
    expect([read('api.yaml'), statSync(join(folder, 'api.yaml')).mtimeMs]).toEqual([first, 1_000])
    expect(await run('chatads', 'api.yaml', '--check')).toEqual({ code: 0, out: 'api.yaml is up to date.\n', error: '' })
    expect((await run('chatads', 'api.yaml')).out).toBe(first)
  })

  it('writes a new document as JSON where its file is', async () => {
    expect(await run('jogg', '--out', 'made/errors.json')).toMatchObject({ code: 0, out: 'Wrote made/errors.json.\n' })
    expect(JSON.parse(read('made/errors.json'))).toMatchObject({ openapi: '3.1.1' })
    expect(await run('jogg', '--out', 'made/errors.json', '--check')).toMatchObject({ code: 0 })
    expect(await run('chatads', '--out', 'made/errors.json', '--check')).toMatchObject({ code: 1 })
  })

  it('names what stands there, and writes nothing', async () => {
    const theirs = shopApi.replace('        default:\n', '        "429": {description: Too fast}\n        default:\n')
    writeFileSync(join(folder, 'api.yaml'), theirs)
    expect(await run('chatads', 'api.yaml', '--out', 'api.yaml')).toEqual({
      code: 1,
      out: '',
      error: 'tollgate: api.yaml: paths["/models"].get.responses["429"] is there already, and not of "chatads"\ntollgate: nothing was written: --keep leaves what stands there, --replace writes ours in its place, --prefix gives our components other names\n',
    })
    expect(read('api.yaml')).toBe(theirs)
    expect(await run('chatads', 'api.yaml', '--out', 'api.yaml', '--keep')).toEqual({ code: 0, out: 'Wrote api.yaml.\n', error: 'note: kept what stands at paths["/models"].get.responses["429"]\n' })
    expect(read('api.yaml')).toContain('"429": {description: Too fast}')
  })

  it.each([
    [['chatads', 'none.yaml'], 'cannot read none.yaml: there is no such file'],
    [['chatats'], 'chatats'],
    [['chatads', 'api.yaml', '--operations', 'createTxt'], 'api.yaml has no operation "createTxt"; did you mean "createText"?'],
    [['chatads', 'api.yaml', '--version', '3.2'], 'api.yaml is OpenAPI 3.1, and --version says 3.2'],
    [['chatads', '--version', '3.0'], "option '--version <version>' argument '3.0' is invalid"],
    [['chatads', 'api.yaml', '--keep', '--replace'], "option '--keep' cannot be used with option '--replace'"],
    [['chatads', '--check'], 'there is nothing to check; name the file with --out'],
    [['chatads', '--prefix', 'a/b'], '"a/b" cannot stand in the name of a component'],
  ])('%j is a wrong command', async (argv, message) => {
    expect(await run(...argv)).toMatchObject({ code: 2, out: '', error: expect.stringContaining(message) })
  })
})
