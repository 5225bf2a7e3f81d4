/** The playground as data: what `/playground` serves, the page shows and the terminal prints. Codes, statuses and messages come from the contracts. */
import { refuse } from 'tollgate/contract'
import type { Contract } from 'tollgate/contract'
import type { Api, TrafficItem } from './api.ts'
import { codePlaceOf, successCodeOf } from './code-place.ts'
import { toCurl } from './curl.ts'
import type { Recipe, RecipeRequest, Step } from './recipe.ts'

export interface Description {
  readonly url: string
  readonly adminUrl: string
  readonly apis: readonly DescribedApi[]
}

export interface DescribedApi {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly docs?: string | undefined
  /** What the original page lists, each once: codes, or statuses where it has no codes. */
  readonly codes: readonly (string | number)[]
  readonly counts: 'codes' | 'statuses'
  readonly recipes: readonly DescribedRecipe[]
  readonly traffic: readonly DescribedTraffic[]
}

/** What is sent, the call that is meant last. */
export interface DescribedCalls {
  readonly before: readonly Step[]
  readonly request: RecipeRequest
  readonly repeat: number
  readonly parallel: number
}

export interface DescribedRecipe extends DescribedCalls {
  readonly id: string
  readonly title: string
  readonly cause: string
  /** For a POSIX shell, as it stands. */
  readonly curl: string
  /** Whose key it uses. */
  readonly account?: { readonly id: string; readonly name: string } | undefined
  /** Which of the API's `codes` it shows; absent: none of them. */
  readonly shows?: string | number | undefined
  readonly expect: Expectation
}

export interface DescribedTraffic extends DescribedCalls {
  readonly weight: number
  /** The recipe that it is, if it is one. */
  readonly recipe?: string
  readonly codeAt?: string | undefined
}

interface Success {
  readonly outcome: 'success'
  readonly status: number
  /** Where an answer has its code, dotted. */
  readonly codeAt?: string | undefined
  readonly code?: string | number | undefined
}

interface Refused {
  readonly outcome: 'refusal'
  readonly status: number
  readonly codeAt?: string | undefined
  readonly code: string | number
  readonly entry: string
  readonly reason: string
  readonly message: string
  readonly retry: string
  readonly action: string
  readonly remedy?: string | undefined
}

export type Expectation = Success | Refused

/** Values that were captured before the start, by API. */
export type PastValues = { readonly [api: string]: { readonly [name: string]: string } }

export function describePlayground(url: string, adminUrl: string, apis: readonly Api[], past: PastValues = {}): Description {
  return { url, adminUrl, apis: apis.map((api) => describeApi(url, api, past[api.contract.name] ?? {})) }
}

function describeApi(url: string, api: Api, values: { readonly [name: string]: string }): DescribedApi {
  const { contract, about } = api
  const { title, docs } = contract.declaration
  const recipes = api.recipes.map((recipe) => describeRecipe(url, api, withValues(recipe, values)))
  const traffic = api.traffic.map((item) => describeTraffic(api, recipes, withValues(item, values)))
  return { name: contract.name, title, about, docs, codes: codesOf(api), counts: api.counts === 'status' ? 'statuses' : 'codes', recipes, traffic }
}

/** Each once, in the order of the contract; a code of successes comes first. */
export function codesOf({ contract, counts = 'code' }: Pick<Api, 'contract' | 'counts'>): readonly (string | number)[] {
  const success = counts === 'code' ? successCodeOf(contract) : undefined
  return [...new Set([...(success === undefined ? [] : [success]), ...[...contract.entries.values()].map((entry) => entry[counts])])]
}

function describeRecipe(url: string, api: Api, recipe: Recipe): DescribedRecipe {
  const { id, title, cause } = recipe
  const account = accountOf(api, recipe)
  const expect = expectationOf(api.contract, recipe)
  const shows = (api.counts ?? 'code') === 'code' ? expect.code : expect.outcome === 'refusal' ? expect.status : undefined
  return {
    id,
    title,
    cause,
    curl: toCurl(url, recipe),
    account,
    ...callsOf(recipe),
    shows,
    expect,
  }
}

/** The shell's own words are of no use to a program. */
function callsOf({ before = [], request, repeat = 1, parallel = 1 }: Pick<Recipe, 'before' | 'request' | 'repeat' | 'parallel'>): DescribedCalls {
  const bare = ({ bodyInShell: _inShell, ...rest }: RecipeRequest): RecipeRequest => rest
  return { before: before.map((step) => ({ ...step, request: bare(step.request) })), request: bare(request), repeat, parallel }
}

function describeTraffic({ contract }: Api, recipes: readonly DescribedRecipe[], item: TrafficItem): DescribedTraffic {
  const codeAt = codePlaceOf(contract)
  const rest = { weight: item.weight, codeAt }
  if (item.kind === 'request') return { ...rest, ...callsOf(item) }
  const recipe = recipes.find(({ id }) => id === item.recipe)
  if (recipe === undefined) throw new Error(`the traffic of ${contract.name} names the recipe "${item.recipe}", which is not there`)
  return { ...rest, recipe: recipe.id, ...callsOf(recipe) }
}

/** Found by the key in one of the headers. */
function accountOf({ samples }: Api, { request }: Recipe): DescribedRecipe['account'] {
  const sent = Object.values(request.headers)
  const sample = samples.find(({ keys }) => keys.some(({ secret }) => sent.some((value) => value.includes(secret))))
  return sample && { id: sample.account.id, name: sample.account.name }
}

export function expectationOf(contract: Contract, recipe: Recipe): Expectation {
  const codeAt = codePlaceOf(contract)
  if (recipe.entry === undefined) {
    return { outcome: 'success', status: recipe.status ?? 200, codeAt, code: successCodeOf(contract) }
  }
  const entry = contract.entries.get(recipe.entry)
  if (entry === undefined) throw new Error(`recipe ${recipe.id}: the contract ${contract.name} has no entry "${recipe.entry}"`)
  const { message } = contract.render(refuse(entry.reason, recipe.facts, { entry: entry.id }), { requestId: '', nowMs: 0 })
  const { code, reason, retry, action, remedy } = entry
  const status = recipe.midStream === true ? 200 : entry.sentAs
  return { outcome: 'refusal', status, codeAt, code, entry: entry.id, reason, message, retry, action, remedy }
}

/** What happened before the start is text by now; what a recipe captures itself stays `{{name}}`. */
function withValues<T>(value: T, values: { readonly [name: string]: string }): T {
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : placeholder)) as T
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown) => withValues(item, values)) as T
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withValues(inner as unknown, values)])) as T
}
