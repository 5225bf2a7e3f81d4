/** Whatever a configuration says: it is refused in words, or the gate can be built from it. */
import { tmpdir } from 'node:os'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { array, assert, constantFrom, integer, jsonValue, oneof, property, tuple } from 'fast-check'
import { createDirectory } from 'tollgate/directory'
import { createGate } from 'tollgate/gate'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { expect, it } from 'vitest'
import { isProving } from '../../../../test/runs.ts'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import { noTokens } from '../fixtures/no-tokens.ts'
import { configJsonSchema, type FileInput } from './shape/file-shape.ts'
import { nexalayer } from './build/fixtures/nexalayer-config.ts'
import type { GatewayConfig } from './gateway-config.ts'
import { loadConfig } from './load-config.ts'
import { formatProblem, type Path } from './read/config-problem.ts'

const fits = new Ajv2020({ strict: true, logger: false }).compile(configJsonSchema())
const clock = createManualClock(0)
const store = createMemoryStore({ clock })
const directory = createDirectory({ store, clock, sha256Hex })

function buildGate({ apis, fallback }: GatewayConfig): void {
  createGate({ apis, fallback, handlers: noTokens, store, directory, clock, randomBytes, sha256Hex })
}

/** Every place of the configuration, from the whole APIs to single cells and factors. */
function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, Array.isArray(value) ? Number(name) : name]))]
}

const places = placesIn(nexalayer).filter((path) => path.length > 0)

function withChanges(changes: readonly (readonly [Path, unknown])[]): FileInput {
  const config = structuredClone(nexalayer) as unknown
  for (const [path, value] of changes) {
    const parent = path.slice(0, -1).reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined), config)
    const last = path.at(-1) ?? ''
    if (typeof parent !== 'object' || parent === null) continue
    if (value === undefined) delete (parent as Record<string | number, unknown>)[last]
    else (parent as Record<string | number, unknown>)[last] = value
  }
  return config as FileInput
}

/** What it is refused with; none when the gate has been built. */
function refusalsOf(config: FileInput): readonly string[] {
  const loaded = loadConfig(config, { environment: {}, baseDir: tmpdir() })
  if (!loaded.ok) return loaded.problems.map(formatProblem)
  buildGate(loaded.value)
  return []
}

/** A place and a sentence of our own, not one of the checker's. */
const inWords = (refusals: readonly string[]): boolean => refusals.every((text) => /^\S.*: .{5,}/s.test(text) && !text.includes('Invalid input'))

it('any place may be left out', () => {
  for (const path of places.filter((_, at) => isProving || at % 3 === 0)) expect(refusalsOf(withChanges([[path, undefined]]))).toSatisfy(inWords)
})

it('what stands in one place may stand in any other, and anything else too', () => {
  const pieces = places.map((path) => path.reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], nexalayer))
  const odd = constantFrom<unknown>(undefined, 0, -1, 1e300, 1e-9, '', '0', '1e5', true, null, [], {}, 'constructor', 'products', 'credit', 'stock', 'calls', 'price')
  const value = oneof(constantFrom(...pieces), odd, jsonValue({ maxDepth: 3 }), integer())
  assert(
    property(array(tuple(constantFrom(...places), value), { minLength: 1, maxLength: 3 }), (changes) => {
      const config = withChanges(structuredClone(changes))
      const refusals = refusalsOf(config)
      expect(refusals).toSatisfy(inWords)
      // Whatever check takes, an editor takes too.
      expect(refusals.length > 0 || fits(config) ? [] : fits.errors).toEqual([])
    }),
  )
})

it('what contains itself is refused with its place, however often it does', () => {
  const config = structuredClone(nexalayer) as { apis: { nexalayer: { routes: unknown[] } } }
  const { routes } = config.apis.nexalayer
  routes.push(config.apis, config)
  expect(refusalsOf(config as unknown as FileInput)).toEqual([`apis.nexalayer.routes[${routes.length - 2}]: contains itself, or is nested deeper than 200 levels; a configuration is plain data`])
})

it('the published JSON Schema knows all that it can say', () => {
  expect([fits(nexalayer), fits.errors]).toEqual([true, null])
  expect(fits(withChanges([[['apis', 'nexalayer', 'meters', 'credit', 'window'], '1s']]))).toBe(false)
})
