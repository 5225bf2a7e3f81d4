/** What pages, samples and SDKs say of a contract, and of which entries they say it. */
import type { DocumentedDeclaration } from '../../contract/declare/declaration.ts'
import type { LiteralContract, LiteralEntry } from './literal-contract.ts'

/** One thing that one of them says. */
export interface Statement {
  readonly path: string
  readonly where: string
  readonly name: string
  readonly value: string | number | boolean
  /** Undefined: of the API as a whole. */
  readonly of: readonly LiteralEntry[] | undefined
  /** As it is written. */
  readonly selectors: readonly (string | number)[]
}

export function statementsOf({ documented, entries }: LiteralContract): readonly Statement[] {
  return documented.flatMap(({ where, of, says = {} }: DocumentedDeclaration, at) => {
    const selectors = of === undefined ? [] : [of].flat()
    const meant = of === undefined ? undefined : entries.filter((entry) => selectors.some((selector) => isMeant(entry, selector)))
    return Object.entries(says).map(([name, value]) => ({ path: `documented[${at}].says.${name}`, where, name, value, of: meant, selectors }))
  })
}

function isMeant({ id, code, status }: LiteralEntry, selector: string | number): boolean {
  return id === selector || (code !== undefined && String(code) === String(selector)) || String(status) === String(selector) || isInRange(status, selector)
}

/** `4xx`: 400 to 499. */
export function isInRange(status: number | undefined, selector: string | number): boolean {
  return status !== undefined && isRange(selector) && Math.floor(status / 100) === Number(String(selector)[0])
}

export function isRange(selector: string | number): boolean {
  return /^[2-5]xx$/.test(String(selector))
}
