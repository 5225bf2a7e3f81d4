/** `tollgate diff`: what a change of a contract does to who calls. */
import { Option, type Command } from 'commander'
import { formatContractProblem, parseContract, type Contract } from 'tollgate/contract'
import type { ChangeClass, ContractDiff } from 'tollgate/review'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours, printable } from './colours.ts'

interface DiffFlags {
  readonly format: 'text' | 'json' | 'markdown'
  readonly failOn: 'breaking' | 'risky' | 'never'
  readonly current?: string
}

export function addDiffCommand(program: Command, io: CliIo): void {
  addCommand(program, 'diff <old> <new>', {
    description: 'say what a change of a contract does to who calls, and which version follows',
    examples: ['tollgate diff old.yaml new.yaml', 'tollgate diff git:origin/main:contract.yaml contract.yaml --current 1.4.2', 'tollgate diff git:HEAD~1:contract.yaml contract.yaml --format markdown > comment.md'],
  })
    .addOption(new Option('--format <format>', 'how it is printed').choices(['text', 'json', 'markdown']).default('text'))
    .addOption(new Option('--fail-on <class>', 'exit with 1 where a change is as bad as this').choices(['breaking', 'risky', 'never']).default('breaking'))
    .option('--current <version>', 'the version of the old one: 1.4.2')
    .addHelpText('after', '\nOLD and NEW are files, shipped contracts, or files as they were: git:REF:PATH. Exit codes: 0 nothing that bad, 1 something that bad, 2 the command is wrong or a contract cannot be read. All kinds of changes: docs/diff.md.')
    .action(async (before: string, after: string, { format, failOn, current }: DiffFlags) => {
      const { diffContracts, formatDiffMarkdown, formatDiffText, nextVersion, toDiffJson } = await import('tollgate/review')
      if (current !== undefined && nextVersion(current, 'patch') === undefined) throw new CliFailure(2, printable(`--current: "${current}" is no version; write 1.4.2`))
      const [one, other] = [await contractOf(before, io), await contractOf(after, io)]
      const diff: ContractDiff = { before, after, current, changes: diffContracts(one.declaration, other.declaration, { before: optionsOf(one), after: optionsOf(other) }) }
      const { red, yellow } = createColours(io)
      // What an author wrote may hold control characters; the colours are ours.
      const paint = (text: string, how: ChangeClass): string => (how === 'breaking' ? red(text) : how === 'risky' ? yellow(text) : text)
      io.stdout(format === 'json' ? `${JSON.stringify(toDiffJson(diff), null, 2)}\n` : format === 'markdown' ? formatDiffMarkdown(diff) : formatDiffText({ ...diff, changes: diff.changes.map((change) => ({ ...change, path: printable(change.path), says: printable(change.says) })) }, paint))
      const bad = diff.changes.filter((change) => failOn !== 'never' && (change.class === 'breaking' || (failOn === 'risky' && change.class === 'risky'))).length
      if (bad > 0) throw new CliFailure(1, `${bad} ${bad === 1 ? 'change' : 'changes'} of ${failOn === 'risky' ? 'class risky or worse' : 'class breaking'} (--fail-on)`)
    })
}

function optionsOf({ reader, parseXml }: Contract): Pick<Contract, 'reader' | 'parseXml'> {
  return { reader, parseXml }
}

/** Only what is a contract can be compared: of what is none, "tollgate lint" says more. */
async function contractOf(ref: string, io: CliIo): Promise<Contract> {
  const { readContractData } = await import('../config/build/contract-source.ts')
  const read = readContractData(ref, io.cwd)
  if (!read.ok) throw new CliFailure(2, read.message)
  const parsed = parseContract(read.data, read.options)
  if (parsed.ok) return parsed.contract
  throw new CliFailure(2, printable(parsed.problems.map((problem) => `${ref}${placeOf(read.locate?.(problem.path))}: ${formatContractProblem(problem)}`).join('\n')))
}

function placeOf(at: { readonly line: number; readonly column: number } | undefined): string {
  return at === undefined ? '' : `:${at.line}:${at.column}`
}
