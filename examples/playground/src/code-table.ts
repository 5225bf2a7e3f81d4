/** `docs/codes.md`: each code of each API, what causes it, the test that provokes it, the line that declares it. Written by that test's suite. */
import type { Contract } from 'tollgate/contract'
import type { Api } from './api.ts'
import { codesOf, expectationOf } from './description.ts'
import { successCodeOf } from './code-place.ts'
import type { Recipe } from './recipe.ts'

type Book = Pick<Api, 'contract' | 'counts' | 'recipes'>

/** Where a contract is written down. */
export interface ContractSource {
  /** As the table links to it. */
  readonly path: string
  readonly text: string
}

/** The name of the end-to-end test that follows a recipe. */
export function testNameOf({ contract }: Pick<Api, 'contract'>, recipe: Recipe): string {
  const { status, code } = expectationOf(contract, recipe)
  const answer = recipe.entry === undefined || code === undefined ? status : `${status} ${code}`
  return `${contract.name} answers ${answer}: ${recipe.title.charAt(0).toLowerCase()}${recipe.title.slice(1)}`
}

export function formatCodeTable(books: readonly Book[], sourceOf: (contract: Contract) => ContractSource): string {
  const total = books.reduce((sum, book) => sum + codesOf(book).length, 0)
  return [
    '# Codes',
    '',
    `All ${total} codes of the playground: the real condition behind each, the end-to-end test that provokes it, and the line of the contract that`,
    'declares it. Generated from the contracts and the recipes; `npx vitest run test/e2e -u` writes it anew.',
    '',
    ...(books.length > 1 ? [...books.map(formatContents), ''] : []),
    ...books.flatMap((book) => formatBook(book, sourceOf(book.contract))),
  ].join('\n')
}

function formatContents(book: Book): string {
  const { title } = book.contract.declaration
  return `- [${title}](#${title.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-')}): ${countOf(book)}`
}

function countOf(book: Book): string {
  return `${codesOf(book).length} ${book.counts === 'status' ? 'statuses' : 'codes'}`
}

function formatBook(book: Book, source: ContractSource): readonly string[] {
  const { contract, recipes } = book
  const testsOf = (id: string | undefined) => recipes.filter(({ entry }) => entry === id).map((recipe) => cell(testNameOf(book, recipe))).join('<br>')
  const success = successCodeOf(contract)
  const rows = [...contract.entries.values()].map(
    ({ id, code, status, description }) => `| \`${code}\` | ${status} | ${id} | ${cell(description)} | ${testsOf(id)} | ${contractLine(source, id)} |`,
  )
  return [
    `## ${contract.declaration.title}`,
    '',
    `${countOf(book)}, as [the original page](${contract.declaration.docs}) lists them.`,
    '',
    '| Code | Status | Entry | Cause | Tests | Contract |',
    '|---|---|---|---|---|---|',
    ...(success === undefined ? [] : [`| \`${success}\` | 200 | | The call succeeded. | ${testsOf(undefined)} | |`]),
    ...rows,
    '',
  ]
}

/** The line that opens the entry. Throws where there is none: then the table would lead nowhere. */
function contractLine({ path, text }: ContractSource, entry: string): string {
  const line = text.split('\n').findIndex((content) => content.trim() === `${entry}: {`) + 1
  if (line === 0) throw new Error(`${path} has no line that opens the entry ${entry}`)
  return `[line ${line}](${path}#L${line})`
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
