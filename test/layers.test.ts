/** Holds the imports of every source file against the layer table in ARCHITECTURE.md, and finds cycles between files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** `| \`packages/tollgate/src/server\` | what it is | contract, admission |` → folder → what it may import. */
const layers = new Map(
  [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `([^`]+)` \|[^|]*\| ([^|]*) \|$/gm)].map(([, folder = '', may = '']) => [
    folder,
    may.trim() === 'nothing' ? [] : may.split(',').map((name) => name.trim().replaceAll('`', '')),
  ]),
)

const isTest = (file: string): boolean => file.endsWith('.test.ts') || file.includes('/fixtures/')
const sourceFolders = ['packages', 'examples'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/src`))
const files = [...sourceFolders, 'bench/src']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => !isTest(file) && !file.endsWith('.d.ts'))
  .toSorted()

const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '',
  )

const layerOf = (file: string): string | undefined => [...layers.keys()].filter((folder) => file.startsWith(`${folder}/`)).toSorted((a, b) => b.length - a.length)[0]

/** The short name by which the table names a layer: the package entry (`tollgate/contract`) or the folder. */
const shortName = (folder: string): string => folder.replace(/^packages\/tollgate\/src\//, 'tollgate/').replace(/^packages\/gateway\/src\/?/, 'gateway/').replace(/\/$/, '')

it('every source file belongs to a layer of the table', () => {
  expect(layers.size).toBeGreaterThan(8)
  expect(files.filter((file) => layerOf(file) === undefined)).toEqual([])
})

it('every folder of the table exists', () => {
  expect([...layers.keys()].filter((folder) => !files.some((file) => file.startsWith(`${folder}/`)))).toEqual([])
})

it('every import is allowed by the table', () => {
  const broken: string[] = []
  for (const file of files) {
    const layer = layerOf(file)
    if (layer === undefined) continue
    const allowed = layers.get(layer) ?? []
    for (const target of importsOf(file)) {
      const name = target.startsWith('.') ? shortName(layerOf(normalize(join(dirname(file), target))) ?? '?') : target
      if (name === shortName(layer)) continue
      if (!allowed.some((may) => name === may || (may.endsWith('*') && name.startsWith(may.slice(0, -1))))) broken.push(`${file} imports ${target} (${name})`)
    }
  }
  expect(broken).toEqual([])
})

it('the library has no runtime dependency', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'packages/tollgate/package.json'), 'utf8')) as Record<string, unknown>
  expect(manifest['dependencies']).toBeUndefined()
  expect(manifest['peerDependencies']).toBeUndefined()
})

it('no file imports itself by way of others', () => {
  const graph = new Map(files.map((file) => [file, importsOf(file).filter((target) => target.startsWith('.')).map((target) => normalize(join(dirname(file), target)))]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})
