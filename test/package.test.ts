/** The library as a stranger gets it: packed, installed into an empty folder, every entry imported. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'packages/tollgate/package.json'), 'utf8')) as { exports: Record<string, string | Record<string, string>> }
const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'))

let folder: string
let packed: { filename: string; files: { path: string }[]; size: number }

const run = (command: string, args: readonly string[], cwd: string): string => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-packed-'))
  ;[packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], join(root, 'packages/tollgate'))) as [typeof packed]
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], folder)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('every entry can be imported and exports something', () => {
  const script = `for (const entry of ${JSON.stringify(entries)}) console.log(entry, Object.keys(await import('tollgate' + entry.slice(1))).length)`
  const lines = run(process.execPath, ['--input-type=module', '-e', script], folder).trim().split('\n')
  expect(lines).toHaveLength(entries.length)
  for (const line of lines) expect(Number(line.split(' ')[1])).toBeGreaterThan(0)
})

it('every entry has its types, and the published schema is a file', () => {
  const packedPaths = new Set(packed.files.map(({ path }) => `./${path}`))
  const published = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : [target['types'], target['default']]))
  expect(published.filter((path) => path === undefined || !packedPaths.has(path))).toEqual([])
})

it('has a README and the licence, and no test, source, map or build record', () => {
  const paths = packed.files.map(({ path }) => path)
  for (const needed of ['README.md', 'LICENSE', 'package.json']) expect(paths).toContain(needed)
  expect(paths.filter((path) => /\.test\.|\/fixtures\/|\.map$|tsbuildinfo|^src\/.*\.ts$/.test(path))).toEqual([])
})
