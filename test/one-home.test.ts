/** One name means one thing in both packages, and has one home; so has the name of a file in its package. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const packages = ['packages/tollgate/src', 'packages/gateway/src']

/** What is exported twice on purpose, and why. */
const twice = new Map([
  ...['allow', 'blockWords', 'idempotency', 'lease', 'lookup', 'read', 'take', 'validate'].map((step) => [step, 'the two halves of one step: what it does, and how the configuration writes it'] as const),
  ...namesIn('packages/tollgate/src/catalog/contracts.ts').map((name) => [name, 'one API: the dialect that reads it, and its whole contract'] as const),
])

/** Names of files that each folder may have. */
const anywhere = new Set(['index.ts'])

/** Without tests and what only tests use. */
function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : sourcesIn(path)
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : []
  })
}

function namesIn(path: string): readonly string[] {
  const declared = readFileSync(join(root, path), 'utf8').matchAll(/^export (?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm)
  return [...new Set([...declared].map(([, name = '']) => name))]
}

/** Where each name stands, of those that stand in more than one place. */
function doubles(paths: readonly string[], namesOf: (path: string) => readonly string[]): readonly string[] {
  const homes = new Map<string, string[]>()
  for (const path of paths) for (const name of namesOf(path)) homes.set(name, [...(homes.get(name) ?? []), path])
  return [...homes].filter(([, places]) => places.length > 1).map(([name, places]) => `${name}: ${places.join(', ')}`)
}

const sources = packages.flatMap(sourcesIn)

it('no name is exported by two files, unless the list of exceptions says why', () => {
  expect(sources.length).toBeGreaterThan(500)
  expect(doubles(sources, (path) => namesIn(path).filter((name) => !twice.has(name)))).toEqual([])
})

it('each exception is one still', () => {
  const found = new Set(doubles(sources, namesIn).map((line) => line.split(':', 1)[0]))
  expect([...twice.keys()].filter((name) => !found.has(name))).toEqual([])
})

it.each(packages)('no file of %s has the name of another one', (folder) => {
  expect(doubles(sourcesIn(folder), (path) => [basename(path)].filter((name) => !anywhere.has(name)))).toEqual([])
})
