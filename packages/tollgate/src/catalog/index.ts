/** Shipped contracts: how known APIs refuse. */
import type { Contract } from '../contract/declare/contract.ts'
import * as contracts from './contracts.ts'

export * from './contracts.ts'
export { keptByCatalog } from './kept-by-catalog.ts'

/**
 * All of them by name. Look up with `Object.hasOwn`: a configuration may ask for `constructor`.
 *
 * @example
 * Object.hasOwn(catalog, 'openai') ? catalog['openai']?.name : undefined // => 'openai'
 */
export const catalog: { readonly [name: string]: Contract } = Object.fromEntries(Object.values(contracts).map((contract) => [contract.name, contract]))
