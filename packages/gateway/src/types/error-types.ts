/** What all languages are told of a contract: its errors with their names, as `declared-errors.ts` has them, and the names that stand for all of them. */
import type { Contract, JsonValue } from 'tollgate/contract'
import type { DescribedContract, DescribedFact } from '../docs/model/described-contract.ts'
import { declaredErrors, type DeclaredError } from '../openapi/declared-errors.ts'
import { capitalised, wordsIn } from '../openapi/error-names.ts'
import { readBody } from '../openapi/read-body.ts'

export interface ErrorType extends DeclaredError {
  /** Of the interface of its details: `DailyQuotaExceededDetails`. */
  readonly detailsName: string
  /** What it means, what a program may do, what a person should do. */
  readonly words: readonly string[]
  readonly facts: readonly DescribedFact[]
  /** The body of its example, as the value that its schema describes. */
  readonly example: JsonValue
}

export interface ErrorTypes {
  readonly contract: Contract
  readonly title: string
  readonly errors: readonly ErrorType[]
  /** Of all of them: `ChatadsError`. No error is called so. */
  readonly allName: string
  /** `Chatads`. */
  readonly stem: string
}

export function errorTypes(contract: Contract, described: DescribedContract): ErrorTypes {
  const entries = new Map(described.entries.map((entry) => [entry.id, entry]))
  const errors = declaredErrors(contract).flatMap((error): readonly ErrorType[] => {
    const entry = entries.get(error.entry.id)
    if (entry === undefined) return []
    const steps = entry.remedy === undefined ? entry.action.words : entry.remedy
    const { body } = entry.example.answer
    const words = [entry.description, `Retry: ${entry.retry.rule}. ${entry.retry.words}`, `What to do: ${steps}`]
    return [{ ...error, detailsName: `${error.name.slice(0, -'Error'.length)}Details`, words, facts: entry.facts, example: readBody(body, contract.declaration.envelope.contentType, error.schema) ?? body }]
  })
  const name = wordsIn(contract.name).map(capitalised).join('')
  const stem = /^\d/.test(name) || name === '' ? `Api${name}` : name
  const taken = new Set(errors.map((error) => error.name.toLowerCase()))
  const free = [`${stem}Error`, `${stem}ApiError`].find((each) => !taken.has(each.toLowerCase()))
  return { contract, title: described.title, errors, allName: free ?? `Any${stem}Error`, stem }
}

/** A detail in words: what it means, and its unit. */
export function wordsOfDetail({ meaning, unit }: DescribedFact): string {
  const inUnit = unit === undefined || unit === '' ? '' : `In ${unit}.`
  return [meaning, inUnit].filter((text) => text !== '').join(' ')
}
