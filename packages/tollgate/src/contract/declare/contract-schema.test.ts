import { readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../catalog/index.ts'
import { sampleDeclaration } from '../../testing/sample-contract.ts'
import { checkContract } from '../check/check-contract.ts'
import { checkShape } from '../check/check-shape.ts'
import { contractSchema } from './contract-schema.ts'

const published: unknown = JSON.parse(readFileSync(new URL('contract.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(contractSchema)

function errorsOf(value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? [])
}

it('the published schema is the one that the checker uses', () => {
  // To publish a change: write `JSON.stringify(contractSchema, null, 2)` to the file.
  expect(published).toEqual(JSON.parse(JSON.stringify(contractSchema)))
})

describe('every shipped contract fits the schema', () => {
  it.each(Object.entries(catalog))('%s', (_, contract) => {
    const plain: unknown = JSON.parse(JSON.stringify(contract.declaration))
    expect(errorsOf(plain)).toEqual([])
    expect(checkContract(plain)).toEqual({ problems: [], warnings: [] })
  })
})

it('the checker finds a problem exactly where any validator of the schema does', () => {
  const sample = JSON.parse(JSON.stringify({ ...sampleDeclaration(), rateLimitHeaders: { limit: 'a', remaining: 'b', reset: 'c', resetUnit: 'unix' }, requestId: { format: 'uuid' } })) as object
  const paths = [...pathsOf(sample)]
  const spoiled = fc.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('delete', 'unix', 'internal', 429, '')))
  fc.assert(
    fc.property(spoiled, ([path, value]) => {
      const declaration = structuredClone(sample)
      set(declaration, path, value)
      // Grammars are beyond the shape: `checkContract` reports what the pattern does.
      const byValidator = errorsOf(declaration).filter(({ keyword }) => keyword !== 'pattern')
      expect(checkShape(declaration).length > 0).toBe(byValidator.length > 0)
    }),
  )
})

it('hostile data is refused and never crashes the checker', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(checkContract(value).problems.length).toBeGreaterThan(0)
    }),
  )
  for (const value of [undefined, null, Number.NaN, () => 1, Symbol('x'), 10n, new Map(), JSON.parse('{"__proto__":{},"entries":{"__proto__":{}}}')]) expect(checkContract(value).problems.length).toBeGreaterThan(0)
})

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path
  if (typeof value === 'object' && value !== null && !path.includes('error')) for (const [key, member] of Object.entries(value)) yield* pathsOf(member, [...path, key])
}

function set(target: object, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce<object>((current, key) => (current as { [key: string]: object })[key] ?? {}, target) as { [key: string]: unknown }
  const key = path.at(-1) ?? ''
  if (value === 'delete' && !Array.isArray(parent)) delete parent[key]
  else parent[key] = value
}
