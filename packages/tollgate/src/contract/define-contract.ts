import type { CheckedDeclaration } from './checked-declaration.ts'
import { checkContract } from './check-contract.ts'
import { compileContract } from './compile-contract.ts'
import { ContractError, type ContractProblem } from './contract-error.ts'
import type { Contract } from './contract.ts'
import type { ContractDeclaration } from './declaration.ts'
import type { ReadErrorOf } from './inferred.ts'
import type { Reader } from './reader.ts'

export interface ContractOptions {
  /** Reads the wire forms that no template describes; see `reader.ts`. */
  readonly reader?: Reader | undefined
}

/** Compiles a contract; ids, codes and details are inferred from the declaration. Throws one `ContractError` that lists all problems. */
export function defineContract<const D extends ContractDeclaration>(declaration: D & CheckedDeclaration<D>, options: ContractOptions = {}): Contract<D, ReadErrorOf<D>> {
  const problems = checkContract(declaration)
  if (problems.length > 0) throw new ContractError(String(declaration?.name), problems)
  return compileContract<D>(declaration, options.reader)
}

export type ParsedContract = { readonly ok: true; readonly contract: Contract } | { readonly ok: false; readonly problems: readonly ContractProblem[] }

/** The same for plain data of unknown shape: a parsed YAML or JSON file. A changed declaration of a contract needs that contract's reader. */
export function parseContract(value: unknown, options: ContractOptions = {}): ParsedContract {
  const problems = checkContract(value)
  // What has no problems has the shape of a declaration: that is what was checked.
  return problems.length > 0 ? { ok: false, problems } : { ok: true, contract: compileContract(value as ContractDeclaration, options.reader) }
}
