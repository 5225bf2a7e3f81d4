import { catalog } from 'tollgate/catalog'
import { describe, expect, it } from 'vitest'
import { formatContractTable } from './contract-table.ts'
import { formatDialectsPage } from './dialects-page.ts'
import { toldWaits } from './told-waits.ts'

const written = Object.entries(catalog).filter(([, contract]) => contract.declaration.decodeOnly !== true)

describe('docs/contracts', () => {
  it.each(written)('%s.md is the contract as it stands', async (name, contract) => {
    await expect(formatContractTable(contract)).toMatchFileSnapshot(`../../docs/contracts/${name}.md`)
  })
})

describe('docs/dialects.md', () => {
  it('is the catalog as it stands', async () => {
    await expect(formatDialectsPage(Object.values(catalog).toSorted((one, other) => one.name.localeCompare(other.name)))).toMatchFileSnapshot('../../docs/dialects.md')
  })

  it.each(Object.entries(toldWaits).flatMap(([name, waits]) => waits.map((wait) => [name, wait] as const)))('%s reads the wait that $where tells', (name, { answer, seconds }) => {
    expect(catalog[name]?.read(answer)?.retryAfterSeconds).toBe(seconds)
  })
})
