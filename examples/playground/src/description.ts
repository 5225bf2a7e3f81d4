/** The playground as data: what `/playground` serves, the page shows and the terminal prints. Codes, statuses and messages come from the contracts. */
import { refuse } from 'tollgate/contract'
import type { Contract } from 'tollgate/contract'
import { toCurl } from './curl.ts'
import type { Recipe, RecipeBook } from './recipe.ts'

export interface Description {
  readonly url: string
  readonly adminUrl: string
  readonly apis: readonly DescribedApi[]
}

export interface DescribedApi {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly docs?: string
  readonly recipes: readonly DescribedRecipe[]
}

export interface DescribedRecipe {
  readonly id: string
  readonly title: string
  readonly cause: string
  readonly curl: string
  readonly request: { readonly method: string; readonly path: string; readonly headers: { readonly [name: string]: string }; readonly body?: string }
  readonly repeat: number
  readonly expect: Expectation
}

export type Expectation =
  | { readonly outcome: 'success'; readonly status: 200 }
  | {
      readonly outcome: 'refusal'
      readonly status: number
      readonly code: string | number
      readonly entry: string
      readonly reason: string
      readonly message: string
      readonly retry: string
      readonly action: string
      readonly remedy?: string
    }

export function describePlayground(url: string, adminUrl: string, books: readonly RecipeBook[]): Description {
  return {
    url,
    adminUrl,
    apis: books.map(({ contract, about, recipes }) => ({
      name: contract.name,
      title: contract.declaration.title,
      about,
      ...(contract.declaration.docs !== undefined && { docs: contract.declaration.docs }),
      recipes: recipes.map((recipe) => describeRecipe(url, contract, recipe)),
    })),
  }
}

function describeRecipe(url: string, contract: Contract, recipe: Recipe): DescribedRecipe {
  const { id, title, cause, repeat = 1 } = recipe
  const { bodyInShell: _, ...request } = recipe.request
  return { id, title, cause, curl: toCurl(url, recipe), request, repeat, expect: expectationOf(contract, recipe) }
}

export function expectationOf(contract: Contract, recipe: Recipe): Expectation {
  if (recipe.entry === undefined) return { outcome: 'success', status: 200 }
  const entry = contract.entries.get(recipe.entry)
  if (entry === undefined) throw new Error(`recipe ${recipe.id}: the contract ${contract.name} has no entry "${recipe.entry}"`)
  const { message } = contract.render(refuse(entry.reason, recipe.facts, { entry: entry.id }), { requestId: '', nowMs: 0 })
  const { code, status, reason, retry, action, remedy } = entry
  return { outcome: 'refusal', status, code, entry: entry.id, reason, message, retry, action, ...(remedy !== undefined && { remedy }) }
}
