/** A contract that a command is told: a shipped one, or a file. */
import type { Contract } from 'tollgate/contract'
import { formatProblem, type ConfigProblem, type Path } from '../config/read/config-problem.ts'
import { createFiles } from '../config/read/files.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

type Place = Pick<ConfigProblem, 'file' | 'line' | 'column'>

/** What is no problem is told where somebody asks for it. */
export async function openContract(ref: string, io: CliIo, warnings: string[] = []): Promise<Contract> {
  // Loaded here: it compiles all shipped contracts, which no other command needs.
  const { findContract } = await import('../config/build/contract-source.ts')
  const problems: string[] = []
  const into = (found: string[]) => (path: Path, message: string, place?: Place) => void found.push(formatProblem({ path, message, ...place }))
  const contract = findContract(ref, [], createFiles(io.cwd), into(problems), into(warnings))
  if (contract === undefined) throw new CliFailure(2, problems.join('\n'))
  return contract
}
