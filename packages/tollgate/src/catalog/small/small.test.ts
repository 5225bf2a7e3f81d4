/** Small dialects stand beside the ones that they are made of (run with UPDATE=1 to write them), and read what their contracts read, whatever comes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { propertyRuns } from '../../../../../test/runs.ts'
import { refuse } from '../../contract/declare/refusal.ts'
import type { Dialect } from '../../contract/read/dialect.ts'
import { readingTableOf } from '../../contract/read/reading-table.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import * as dialects from '../dialects.ts'
import { catalog } from '../index.ts'

/** As a person would write it. */
function written(value: unknown, indent: string): string {
  if (typeof value === 'string') return value.includes("'") ? JSON.stringify(value) : `'${value.replaceAll('\\', '\\\\')}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}  `
  const members = Array.isArray(value) ? value.map((each) => written(each, inner)) : Object.entries(value).filter(([, each]) => each !== undefined).map(([name, each]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`}: ${written(each, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }']
  const line = `${open}${members.join(', ')}${close}`
  if (members.length === 0) return Array.isArray(value) ? '[]' : '{}'
  return line.length + indent.length < 180 ? line : `${open.trim()}\n${members.map((each) => `${inner}${each},\n`).join('')}${indent}${close.trim()}`
}

const tables = Object.entries(dialects).flatMap(([name, dialect]) => {
  const table = readingTableOf(dialect)
  return table === undefined ? [] : [{ name, dialect, table, id: name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) }]
})

const files = tables.map(({ name, id, dialect, table }) => {
  const text = `// Made of ../${id}.ts: UPDATE=1 npx vitest run packages/tollgate/src/catalog/small
import { tableDialect, type ReadBy } from '../../contract/read/table-dialect.ts'
import type { ${name} as whole } from '../${id}.ts'

/** ${dialect.declaration.title}, read alone, for pages that count their bytes. */
export const ${name} = tableDialect<ReadBy<typeof whole>>(${written(table, '')})
`
  return { id, text, path: join(import.meta.dirname, `small-${id}.ts`) }
})
if (process.env['UPDATE'] !== undefined) for (const { path, text } of files) writeFileSync(path, text)
const small = await import('../small.ts')

it.each(files)('$id is the table of its dialect', ({ path, text }) => expect(readFileSync(path, 'utf8')).toBe(text))

it('each that has a table is there', () => {
  expect(Object.keys(small).toSorted()).toEqual(tables.map(({ name }) => name).toSorted())
  expect(tables.length).toBeGreaterThanOrEqual(4)
  expectTypeOf(small.chatads.read).toEqualTypeOf(dialects.chatads.read)
})

describe.each(Object.values(small).map((dialect) => [dialect.name, dialect] as const))('%s', (id, dialect) => {
  const contract = catalog[id]
  if (contract === undefined) throw new Error(`${id} is not in the catalog`)
  const answers = [...contract.entries.values()].flatMap((entry) => {
    const context = { requestId: 'r1', nowMs: 0 }
    const refusal = refuse(entry.reason, { limit: 5, used: 5, remaining: 0, retryAfterMs: 2_000, resetAtMs: 2_000, field: 'a', issue: 'is wrong' }, { entry: entry.id })
    const { status, headers, body } = contract.answer(refusal, context)
    return [{ status, headers: toReceivedHeaders(headers), body }]
  })
  const success = { status: 200, headers: {}, body: contract.success({ x: 1 }, { requestId: 'r1', nowMs: 0 })?.body ?? '{}' }

  const readings = ({ read, readStreamEvent }: Dialect<unknown>, answer: (typeof answers)[number]) => [read(answer), readStreamEvent({ data: answer.body })]
  function expectSame(answer: (typeof answers)[number]): void {
    expect(readings(dialect, answer)).toEqual(readings(contract as Dialect, answer))
  }

  it('reads each answer of its contract', () => {
    for (const answer of answers) {
      expect(dialect.read(answer)?.entry).toBeDefined()
      for (const status of [answer.status, 200, 404, 503]) expectSame({ ...answer, status })
    }
    expectSame(success)
  })

  it('reads whatever becomes of them', () => {
    expect.hasAssertions()
    const seeds = [...answers, success].map(({ body }) => JSON.parse(body) as unknown)
    const strange = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(null, '', 0, true, false, 1e308, '200', 404, '2026-01-01T00:00:00Z', {}, []))
    // One place of a body after another is taken out, or has something else.
    const changed = (value: unknown, path: readonly number[], by: unknown): unknown => {
      const [first, ...rest] = path
      if (first === undefined || typeof value !== 'object' || value === null || Object.keys(value).length === 0) return by
      const names = Object.keys(value)
      const at = names[first % names.length]
      return Object.fromEntries(Object.entries(value).flatMap(([name, each]) => (name === at ? (rest.length === 0 && by === undefined ? [] : [[name, changed(each, rest, by)]]) : [[name, each]])))
    }
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), fc.option(strange, { nil: undefined }), fc.constantFrom(200, 204, 400, 401, 403, 404, 429, 500, 503, 418), fc.constantFrom({}, { more: 1 }), (seed, paths, by, status, beside) => {
        expectSame({ status, headers: { 'retry-after': '7', 'x-request-id': 'h1', allow: 'GET' }, body: JSON.stringify(paths.reduce<unknown>((body, path) => changed(body, path, by), { ...(seed as object), ...beside })) })
      }),
      { numRuns: 5 * propertyRuns },
    )
    fc.assert(fc.property(fc.oneof(fc.string(), fc.jsonValue().map((value) => JSON.stringify(value))), fc.constantFrom(200, 404, 500, Number.NaN), (body, status) => expectSame({ status, headers: {}, body })))
  })
})
