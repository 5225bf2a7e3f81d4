import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const page = '| Code | HTTP | Message |\n|---|---|---|\n| OWL_LOST | 500 | We have lost sight of your owl. |\n| NO_STAMP | 401 | There is no valid stamp on this. |\n'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tollgate-import-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(args: readonly string[], stdin = '') {
  const said = { out: '', err: '' }
  const code = await runCli(args, {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    readStdin: () => Promise.resolve(stdin),
    env: { NO_COLOR: '1' },
    cwd: folder,
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return { code, ...said }
}

it('writes a draft that `contract check` takes, and says what is next', async () => {
  writeFileSync(join(folder, 'Owl Mail.md'), page)
  const imported = await run(['import', 'Owl Mail.md', '--out', 'contract.yaml'])
  expect([imported.code, imported.out]).toEqual([0, expect.stringMatching(/^Read 2 errors from markdown: \d+ entries, \d+ questions\.\nWritten: contract\.yaml\. Next: answer the lines/)])
  expect(readFileSync(join(folder, 'contract.yaml'), 'utf8')).toContain('\nname: owl-mail\ntitle: Owl Mail\n')
  expect((await run(['contract', 'check', 'contract.yaml'])).code).toBe(0)
  expect(await run(['import', 'Owl Mail.md', '--out', 'contract.yaml'])).toMatchObject({ code: 1, err: 'tollgate: there is already contract.yaml; choose another file, or write over with --force\n' })
})

it('reads stdin, and prints YAML or JSON', async () => {
  const yaml = await run(['import', '-', '--name', 'owlmail'], page)
  expect([yaml.code, yaml.out]).toEqual([0, expect.stringContaining('code: OWL_LOST')])
  expect(yaml.err).toMatch(/^Read 2 errors/)
  const { out } = await run(['import', '-', '--json'], page)
  expect(JSON.parse(out)).toMatchObject({ kind: 'markdown', found: 2, whole: true, declaration: { name: 'my-api' } })
})

it.each([
  [['import', 'none.md'], 2, /^tollgate: cannot read none\.md: /],
  [['import', '-', '--from', 'word'], 2, /^tollgate: --from: "word" is not known; there are markdown, html, openapi, typescript\n$/],
  [['import', '-', '--name', 'My API'], 2, /^tollgate: --name: "My API" is no name/],
  [['import', '-'], 1, /^tollgate: -: nothing in it looks like an error/],
] as const)('%s: %i', async (args, code, message) => {
  expect(await run(args)).toMatchObject({ code, err: expect.stringMatching(message) })
  expect(existsSync(join(folder, 'contract.yaml'))).toBe(false)
})
