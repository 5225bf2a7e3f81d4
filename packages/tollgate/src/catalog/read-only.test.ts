/** Dialects that are only read are played by mocks: the example of each entry reads back to what the entry says. */
import { expect, it } from 'vitest'
import { readBack } from '../contract/read/read-back.ts'
import { catalog } from './index.ts'

/** What an answer cannot say, and where it is said instead. */
const elsewhere: ReadonlySet<string> = new Set([
  // At the end of a stream, by how it finishes.
  'cohere.contextExceeded', 'cohere.toxic',
  // In GraphQL, whose form is another.
  'shopify.shopInactive',
])

const readOnly = Object.values(catalog).filter(({ declaration }) => declaration.decodeOnly === true)

it.each(readOnly.map((contract) => [contract.name, contract] as const))('%s reads the example of each of its entries as what it says', (name, contract) => {
  const told = [...contract.entries.values()].filter(({ id }) => !elsewhere.has(`${name}.${id}`))
  expect(told.length).toBeGreaterThan(0)
  for (const entry of told) {
    const { id, reason, retry, action, status } = entry
    for (const { read } of readBack(contract, entry)) expect({ id, reason: read?.reason, retry: read?.retry, action: read?.action, status: read?.status }).toEqual({ id, reason, retry, action, status })
  }
})
