import { describe, expect, it } from 'vitest'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { defineDialect } from './dialect.ts'
import { listsPart } from './parts/lists-part.ts'
import { successesPart } from './parts/successes-part.ts'
import { readingTableOf } from './reading-table.ts'
import { tableDialect } from './table-dialect.ts'

const entries = {
  full: { code: 'FULL', status: 429, reason: 'rate.limited', message: 'Full.', description: 'No room.', details: { wait: 'seconds? from retryAfterMs', left: 'integer? from remaining' } },
  broken: { code: 'BROKEN', status: 500, sentAs: 200, reason: 'internal', message: 'Broken.', description: 'x' },
} as const
const shop = (envelope: ContractDeclaration['envelope']): ContractDeclaration => ({ name: 'shop', title: 'Shop', envelope, entries })
const nested = { error: { error: { code: '$code', message: '$message', details: '$details' } } }

describe.each([
  ['without a form of successes', shop(nested)],
  ['whose successes have one', shop({ ...nested, success: { data: '$data', error: null } })],
  ['whose code may be missing', shop({ error: { error: { code: '$code?', message: '$message', wait: '$details.wait' } } })],
  ['without codes', { ...shop({ error: { message: '$message', '...': '$details' } }), entries: { full: { ...entries.full, code: '' } } }],
] as readonly (readonly [string, ContractDeclaration])[])('a dialect %s', (_, declaration) => {
  const dialect = defineDialect(declaration, { parts: [successesPart] })
  const table = readingTableOf(dialect)
  if (table === undefined) throw new Error('it has a table')
  // It is shipped as text.
  const small = tableDialect(JSON.parse(JSON.stringify(table)) as typeof table)

  it.each([
    { error: { code: 'FULL', message: 'x', details: { wait: 3, left: '4' } } },
    { error: { code: 'FULL', message: 'x' }, id: 7 },
    { error: { code: 'BROKEN', message: 'x' }, id: 7 },
    { error: { code: 'NEW', message: 'x' } },
    { error: { message: 'x', wait: 3 } },
    { error: { code: 5 } },
    { error: 'x' },
    { message: 'x', wait: 3 },
    { data: 1, error: null },
    {},
    [],
    null,
    'x',
  ])('reads %j by its table as without', (body) => {
    for (const status of [200, 302, 404, 429, 500]) {
      const answer = { status, headers: { 'retry-after': '9' }, body: JSON.stringify(body) }
      expect(small.read(answer)).toEqual(dialect.read(answer))
    }
    expect(small.readStreamEvent({ data: JSON.stringify(body) })).toEqual(dialect.readStreamEvent({ data: JSON.stringify(body) }))
  })

  it('has lost its words', () => expect(JSON.stringify(table)).not.toMatch(/Full\.|No room\./))
})

it('what has more than a table says has none', () => {
  expect(readingTableOf(defineDialect(shop({ error: { errors: { $each: '$errors', as: { code: '$code', message: '$message' } } } }), { parts: [listsPart] }))).toBeUndefined()
  expect(readingTableOf(defineDialect(shop({ ...nested, stream: { end: { data: '[DONE]' } } })))).toBeUndefined()
})
