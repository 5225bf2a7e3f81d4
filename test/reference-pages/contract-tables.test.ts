import { catalog } from 'tollgate/catalog'
import { describe, expect, it } from 'vitest'
import { formatContractTable } from './contract-table.ts'

const written = Object.entries(catalog).filter(([, contract]) => contract.declaration.decodeOnly !== true)

describe('docs/contracts', () => {
  it.each(written)('%s.md is the contract as it stands', async (name, contract) => {
    await expect(formatContractTable(contract)).toMatchFileSnapshot(`../../docs/contracts/${name}.md`)
  })
})
