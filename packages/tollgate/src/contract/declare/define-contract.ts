import type { CheckedDeclaration } from './checked-declaration.ts'
import { checkContract } from '../check/check-contract.ts'
import { checkReadBack } from '../check/check-read-back.ts'
import { compileContract } from './compile-contract.ts'
import { ContractError, type ContractProblem } from '../check/contract-error.ts'
import type { Contract } from './contract.ts'
import type { ContractDeclaration } from './declaration.ts'
import type { ReadErrorOf } from './inferred.ts'
import type { Reader } from '../read/reader.ts'
import type { XmlParser } from '../read/xml-tree.ts'
import { bodyFormatOf } from '../write/body-format.ts'

/** What a contract needs beside its declaration. */
export interface ContractOptions {
  /** Reads the wire forms that no template describes; see `reader.ts`. */
  readonly reader?: Reader | undefined
  /** Parses bodies of XML, which a contract without it writes and does not read; see `xml-tree.ts`. The gateway brings its own. */
  readonly parseXml?: XmlParser | undefined
}

/**
 * Compiles a contract; ids, codes and details are inferred from the declaration. Throws one `ContractError` that lists all problems.
 *
 * @example
 * const owlmail = defineContract({
 *   name: 'owlmail',
 *   title: 'Owlmail',
 *   envelope: { error: { sent: false, code: '$code', say: '$message', details: '$details' } },
 *   entries: {
 *     coinsShort: {
 *       code: 'COINS_SHORT', status: 402, reason: 'credit.insufficient',
 *       message: 'This costs {price:money} coins.', details: { price: 'money from required' },
 *       description: 'The letter costs more than the account has.',
 *     },
 *     lost: {
 *       code: 'OWL_LOST', status: 500, reason: 'internal', message: 'We have lost sight of your owl.',
 *       alsoFor: serverReasons.filter((reason) => reason !== 'internal' && reason !== 'credit.insufficient'),
 *       description: 'Something failed that should not have.',
 *     },
 *   },
 * })
 * const refusal = owlmail.refuse('coinsShort', { required: { units: 50, scale: 2 } })
 * owlmail.answer(refusal, { requestId: 'r1', nowMs: 0 }).body // => '{"sent":false,"code":"COINS_SHORT","say":"This costs 0.50 coins.","details":{"price":0.5}}'
 */
export function defineContract<const D extends ContractDeclaration>(declaration: D & CheckedDeclaration<D>, options: ContractOptions = {}): Contract<D, ReadErrorOf<D>> {
  const { problems, contract } = examine(declaration, options)
  if (contract === undefined) throw new ContractError(String(declaration?.name), problems)
  // What is compiled is the declaration that was given.
  return contract as unknown as Contract<D, ReadErrorOf<D>>
}

/** A contract, or all that is wrong with what was to be one: path, value and mend of each problem. */
export type ParsedContract = { readonly ok: true; readonly contract: Contract } | { readonly ok: false; readonly problems: readonly ContractProblem[] }

/**
 * The same for plain data of unknown shape: a parsed YAML or JSON file. A changed declaration of a contract needs that contract's reader.
 *
 * @example
 * const parsed = parseContract(JSON.parse('{"name":"shop"}'))
 * parsed.ok ? [] : parsed.problems.map(formatContractProblem).slice(0, 1) // => ['title: is missing; expected: For people.']
 */
export function parseContract(value: unknown, options: ContractOptions = {}): ParsedContract {
  const { problems, contract } = examine(value, options)
  return contract === undefined ? { ok: false, problems } : { ok: true, contract }
}

/** Checked as it is written, compiled, and then held against what it answers. What a reader understands, and no template, is not asked for itself. */
function examine(value: unknown, { reader, parseXml }: ContractOptions): { readonly problems: readonly ContractProblem[]; readonly contract?: Contract } {
  const { problems, warnings } = checkContract(value)
  if (problems.length > 0) return { problems }
  // What has no problems has the shape of a declaration: that is what was checked.
  const contract = compileContract(value as ContractDeclaration, { reader, parseXml, warnings })
  const found: ContractProblem[] = []
  const isRead = parseXml !== undefined || bodyFormatOf(contract.declaration.envelope.contentType) !== 'xml'
  if (isRead && (reader === undefined || contract.declaration.decodeOnly !== true)) checkReadBack(contract, (problem) => void found.push(problem))
  return found.length > 0 ? { problems: found } : { problems, contract }
}
