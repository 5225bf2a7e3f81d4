/** In which contracts services refuse, and what they may say in them. */
import type { Contract } from 'tollgate/contract'
import { namesOfRefusals } from 'tollgate/gate'
import { findContract } from './contract-source.ts'
import type { Files } from '../read/files.ts'
import type { FileShape } from '../shape/file-shape.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { Report } from '../read/report.ts'

export type SpokenContracts = { readonly [upstream: string]: Contract }

/** One that is made for reading only will do. */
export function buildSpoken({ upstreams }: FileShape, files: Files, report: Report): SpokenContracts {
  return Object.fromEntries(
    Object.entries(upstreams).flatMap(([name, { speaks }]) => {
      const contract = speaks === undefined ? undefined : findContract(speaks, ['upstreams', name, 'speaks'], files, report, report.warn)
      return contract === undefined ? [] : [[name, contract]]
    }),
  )
}

/** Without those that speak the API's own contract: nothing is translated there, and their words are its words. */
export function spokenBeside(contract: Contract, spoken: SpokenContracts): SpokenContracts {
  const own = JSON.stringify({ ...contract.declaration, alwaysStatus: undefined })
  return Object.fromEntries(Object.entries(spoken).filter(([, { declaration }]) => JSON.stringify({ ...declaration, alwaysStatus: undefined }) !== own))
}

export function checkMay(may: readonly string[] | undefined, contract: Contract, path: Path, report: Report): void {
  const names = namesOfRefusals(contract)
  for (const [at, name] of (may ?? []).entries()) {
    if (!names.includes(name)) report([...path, at], `"${name}" is no entry of the contract ${contract.name} and no reason${suggestion(name, names)}`)
  }
}
