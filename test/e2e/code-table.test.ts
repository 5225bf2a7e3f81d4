import { formatCodeTable, recipeBooks, testNameOf } from '@tollgate/example-playground'
import { expect, test } from 'vitest'

test('docs/codes.md is the table that contracts and recipes give', async () => {
  await expect(formatCodeTable(recipeBooks)).toMatchFileSnapshot('../../docs/codes.md')
})

test.each(recipeBooks)('each entry of $contract.name has a recipe, and so a test that provokes it', ({ contract, recipes }) => {
  const provoked = new Set(recipes.map(({ entry }) => entry))
  expect([...contract.entries.keys()].filter((id) => !provoked.has(id))).toEqual([])
})

test('no two recipes have the same id, and no two tests the same name', () => {
  const ids = recipeBooks.flatMap((book) => book.recipes.flatMap((recipe) => [recipe.id, testNameOf(book, recipe)]))
  expect(new Set(ids).size).toBe(ids.length)
})
