/** The linter's own rules of this house (`lint/house.js`), tried on a file that breaks them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
const folder = mkdtempSync(join(tmpdir(), 'house-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function rulesBrokenBy(source: string): readonly string[] {
  const config = join(folder, 'oxlint.json')
  const file = join(folder, 'source.ts')
  writeFileSync(config, JSON.stringify({ jsPlugins: [join(root, 'lint/house.js')], categories: { correctness: 'off' }, rules: { 'house/no-in': 'error', 'house/no-conditional-spread': 'error' } }))
  writeFileSync(file, source)
  const { stdout } = spawnSync(process.execPath, [oxlint, '-c', config, '-f', 'unix', file], { encoding: 'utf8' })
  return [...stdout.matchAll(/:(\d+):\d+: .*house[(/]([a-z-]+)/g)].map(([, line = '', rule = '']) => `${line} ${rule}`).toSorted()
}

it('a union is not told apart by a member that one of its sides lacks', () => {
  expect(rulesBrokenBy("export const a = (x: object) => 'y' in x\nexport const b = (x: object, name: string) => name in x\nfor (const c in {}) void c\n")).toEqual(['1 no-in', '2 no-in'])
})

it('no member is spread in or left out by a condition', () => {
  const lines = [
    'export const a = (x?: number) => ({ ...(x !== undefined && { x }) })',
    'export const b = (x?: number) => ({ ...(x === undefined ? {} : { x }) })',
    'export const c = (x?: object) => ({ ...(x === undefined ? undefined : x) })',
    'export const d = (x: object, y: object, first: boolean) => ({ ...(first ? x : y), ...x })',
    'export const e = (x?: number) => [...(x === undefined ? [] : [x])]',
  ]
  expect(rulesBrokenBy(lines.join('\n'))).toEqual(['1 no-conditional-spread', '2 no-conditional-spread', '3 no-conditional-spread'])
})

it('they hold in the sources of both packages and of the examples', () => {
  const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { readonly overrides: readonly { readonly files: readonly string[]; readonly rules: object }[] }
  expect(overrides[0]).toEqual({ files: ['packages/*/src/**/*.ts', 'examples/*/src/**/*.ts'], rules: { 'house/no-in': 'error', 'house/no-conditional-spread': 'error' } })
})
