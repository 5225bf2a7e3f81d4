/** What is read by the reading half alone is what the whole contract reads. */
import { expect, it } from 'vitest'
import { refuse } from '../contract/declare/refusal.ts'
import { toReceivedHeaders } from '../contract/read/received-headers.ts'
import { catalog } from './index.ts'
import * as dialects from './dialects.ts'

const all = Object.values(dialects)

it('each dialect stands in the catalog as a contract of the same declaration, but for the prose of its docs', () => {
  expect(all.map(({ name }) => name).toSorted()).toEqual(Object.keys(catalog).toSorted())
  for (const { name, declaration } of all) {
    const guides = catalog[name]?.declaration.guides
    expect(catalog[name]?.declaration).toStrictEqual(guides === undefined ? declaration : { ...declaration, guides })
    expect(declaration).not.toHaveProperty('guides')
  }
})

it.each(all.map((dialect) => [dialect.name, dialect] as const))('%s reads what its contract writes as the contract reads it', (name, dialect) => {
  const contract = catalog[name]
  if (contract === undefined) throw new Error(`${name} is not in the catalog`)
  for (const entry of contract.entries.values()) {
    const refusal = refuse(entry.reason, { limit: 5, used: 5, remaining: 0, retryAfterMs: 2_000, resetAtMs: 2_000, field: 'a', issue: 'is wrong' }, { entry: entry.id })
    const context = { requestId: 'r1', nowMs: 0 }
    const { status, headers, body } = contract.answer(refusal, context)
    const answer = { status, headers: toReceivedHeaders(headers), body }
    expect(dialect.read(answer)).toEqual(contract.read(answer))
    const data = contract.streamFrame(refusal, context)?.split('\n').find((line) => line.startsWith('data: '))?.slice('data: '.length)
    expect(dialect.readStreamEvent({ data: data ?? '' })).toEqual(contract.readStreamEvent({ data: data ?? '' }))
  }
})
