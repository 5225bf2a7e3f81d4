/** `docs/codes.md`: each code of each API, what causes it, and the test that provokes it. Written by that test's suite; nobody edits it by hand. */
import { expectationOf } from './description.ts'
import type { Recipe, RecipeBook } from './recipe.ts'

/** The name of the end-to-end test that follows a recipe. */
export function testNameOf({ contract }: RecipeBook, recipe: Recipe): string {
  const { status, ...expected } = expectationOf(contract, recipe)
  const answer = 'code' in expected ? `${status} ${expected.code}` : status
  return `${contract.name} answers ${answer}: ${recipe.title.charAt(0).toLowerCase()}${recipe.title.slice(1)}`
}

export function formatCodeTable(books: readonly RecipeBook[]): string {
  return [
    '# Codes',
    '',
    'Each code of each API in the playground, the real condition behind it, and the end-to-end test that provokes it.',
    'Generated from the contracts and the recipes; `npx vitest run test/e2e -u` writes it anew.',
    '',
    ...books.flatMap(formatBook),
  ].join('\n')
}

function formatBook(book: RecipeBook): readonly string[] {
  const { contract, recipes } = book
  const rows = [...contract.entries.values()].map(({ id, code, status, description }) => {
    const tests = recipes.filter(({ entry }) => entry === id).map((recipe) => testNameOf(book, recipe))
    return `| \`${code}\` | ${status} | ${id} | ${cell(description)} | ${tests.map(cell).join('<br>')} |`
  })
  return [`## ${contract.declaration.title}`, '', '| Code | Status | Entry | Cause | Tests |', '|---|---|---|---|---|', ...rows, '']
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
