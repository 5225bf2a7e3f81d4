import { readFileSync } from 'node:fs'
import { apis, codesOf, formatCodeTable, testNameOf } from '@tollgate/example-playground'
import type { ContractSource } from '@tollgate/example-playground'
import type { Contract } from 'tollgate/contract'
import { expect, test } from 'vitest'

const list = Object.values(apis)

/** As `docs/codes.md` links to it. */
function sourceOf({ name }: Contract): ContractSource {
  const path = `../packages/tollgate/src/catalog/${name}.ts`
  return { path, text: readFileSync(new URL(`../${path}`, import.meta.url), 'utf8') }
}

test('docs/codes.md is the table that contracts and recipes give', async () => {
  await expect(formatCodeTable(list, sourceOf)).toMatchFileSnapshot('../../docs/codes.md')
})

test('each API stands under the name of its contract', () => {
  expect(Object.keys(apis)).toEqual(list.map(({ contract }) => contract.name))
})

test.each(list)('each entry of $contract.name has a recipe, and so a test that provokes it', ({ contract, recipes }) => {
  const provoked = new Set(recipes.map(({ entry }) => entry))
  expect([...contract.entries.keys()].filter((id) => !provoked.has(id))).toEqual([])
})

test.each(list)('no two recipes of $contract.name have the same id, and no two tests the same name', (api) => {
  const names = api.recipes.flatMap((recipe) => [recipe.id, testNameOf(api, recipe)])
  expect(new Set(names).size).toBe(names.length)
})

/** What the original pages list; the contracts may have more entries, never fewer codes. */
const listed: { readonly [api: string]: number } = { chatads: 9, nexalayer: 16, jogg: 8, 'ai-api': 29, leaperone: 7 }

test.each(list)('$contract.name has as many codes as its original page lists', (api) => {
  expect(codesOf(api)).toHaveLength(listed[api.contract.name] ?? Number.NaN)
})

test('a contract that does not open an entry where it is looked for is an error, not a link to nowhere', () => {
  expect(() => formatCodeTable(list, () => ({ path: 'empty.ts', text: '' }))).toThrow(/^empty\.ts has no line that opens the entry/)
})
