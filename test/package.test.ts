/** The library as a stranger gets it: packed, installed into an empty folder, every entry imported. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { install, pack, run, type Packed } from './packed.ts'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'packages/tollgate/package.json'), 'utf8')) as { exports: Record<string, string | Record<string, string>> }
const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json'))

let folder: string
let packed: Packed

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-packed-'))
  packed = pack('tollgate', folder)
  install(folder, packed)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('every entry can be imported and exports something', () => {
  const script = `for (const entry of ${JSON.stringify(entries)}) console.log(entry, Object.keys(await import('tollgate' + entry.slice(1))).length)`
  const lines = run(process.execPath, ['--input-type=module', '-e', script], folder).trim().split('\n')
  expect(lines).toHaveLength(entries.length)
  for (const line of lines) expect(Number(line.split(' ')[1])).toBeGreaterThan(0)
})

it('every entry has its types, and the published schema is a file', () => {
  const packedPaths = new Set(packed.paths.map((path) => `./${path}`))
  const published = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : [target['types'], target['default']]))
  expect(published.filter((path) => path === undefined || !packedPaths.has(path))).toEqual([])
})

it('has a README and the licence, and no test, source, map or build record', () => {
  const { paths } = packed
  for (const needed of ['README.md', 'LICENSE', 'package.json']) expect(paths).toContain(needed)
  expect(paths.filter((path) => /\.test\.|\/fixtures\/|\.map$|tsbuildinfo|^src\/.*\.ts$/.test(path))).toEqual([])
})
