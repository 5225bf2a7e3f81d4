/** `tollgate import`: an error page, an OpenAPI document or TypeScript becomes a draft of a contract, with questions where something was guessed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { formatContractProblem, parseContract } from 'tollgate/contract'
import type { OpenQuestion } from '../import/draft-imported.ts'
import type { SourceKind } from '../import/import-source.ts'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours, printable } from './colours.ts'

interface ImportOptions {
  readonly name?: string
  readonly title?: string
  readonly from?: string
  readonly out?: string
  readonly force?: boolean
  readonly json?: boolean
}

/** A page is never as large. */
const BYTES_MAX = 16 * 1_048_576

export function addImportCommand(program: Command, io: CliIo): void {
  addCommand(program, 'import <source>', {
    description: 'make a draft of a contract from an error page, an OpenAPI document or TypeScript',
    examples: ['tollgate import errors.md --out contract.yaml', 'tollgate import errors.html --name pictures', 'tollgate import openapi.yaml --out contract.yaml', 'pbpaste | tollgate import - --name pictures', 'tollgate import src/errors.ts'],
  })
    .option('--name <name>', 'what the API is called (default: as the file)')
    .option('--title <title>', 'its title (default: made from the name)')
    .option('--from <kind>', 'what it is written in: markdown (also text copied from a page), html, openapi, typescript (default: by its looks)')
    .option('--out <file>', 'where the draft goes (default: stdout)')
    .option('--force', 'write over a file that is there')
    .option('--json', 'print the draft and its questions as JSON')
    .addHelpText('after', '\n"-" is stdin. Lines of the draft that begin with "#?" are questions: what the source does not say was guessed.')
    .action((source: string, options: ImportOptions) => importInto(source, options, io))
}

async function importInto(source: string, { name, title, from, out, force, json }: ImportOptions, io: CliIo): Promise<void> {
  // Loaded here: it brings parsers that no other command needs.
  const [{ importSource, sourceKinds }, { importedYaml }] = await Promise.all([import('../import/import-source.ts'), import('../import/imported-yaml.ts')])
  if (from !== undefined && !sourceKinds.some((kind) => kind === from)) throw new CliFailure(2, `--from: "${from}" is not known; there are ${sourceKinds.join(', ')}`)
  if (name !== undefined && !/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new CliFailure(2, `--name: "${name}" is no name of an API; begin with a letter, then small letters, digits and -: my-api`)
  const text = source === '-' ? await io.readStdin() : textOf(resolve(io.cwd, source), source)
  const imported = importSource(text, { name: name ?? nameLike(source), title }, from as SourceKind | undefined)
  if (!imported.ok) throw new CliFailure(1, `${source}: ${printable(imported.fault)}`)
  const { draft, found, kind } = imported
  const parsed = parseContract(draft.declaration)
  const questions: readonly OpenQuestion[] = [...draft.questions, ...(parsed.ok ? [] : parsed.problems.map((problem) => ({ entry: undefined, question: `To mend: ${formatContractProblem(problem)}` })))]
  if (json === true) return io.stdout(`${JSON.stringify({ kind, found, whole: parsed.ok, declaration: draft.declaration, questions }, null, 2)}\n`)
  const yaml = importedYaml({ declaration: draft.declaration, questions }, source === '-' ? 'stdin' : basename(source))
  const { green, yellow } = createColours(io)
  const said = `${green('Read')} ${found} errors from ${kind}: ${Object.keys(draft.declaration.entries).length} entries, ${questions.length} questions${parsed.ok ? '' : `; ${yellow('it is no whole contract yet')}`}.\n`
  if (out === undefined) {
    io.stdout(yaml)
    return io.stderr(said)
  }
  try {
    writeFileSync(resolve(io.cwd, out), yaml, { flag: force === true ? 'w' : 'wx' })
  } catch (error) {
    throw new CliFailure(1, (error as NodeJS.ErrnoException).code === 'EEXIST' ? `there is already ${out}; choose another file, or write over with --force` : `cannot write ${out}: ${error instanceof Error ? error.message : String(error)}`)
  }
  io.stdout(`${said}Written: ${out}. Next: answer the lines that begin with "#?", then tollgate contract check ${out}\n`)
}

function textOf(path: string, shown: string): string {
  try {
    const bytes = readFileSync(path)
    if (bytes.byteLength > BYTES_MAX) throw new CliFailure(2, `${shown} has ${bytes.byteLength} bytes, more than any page; at most ${BYTES_MAX} are read`)
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof CliFailure) throw error
    throw new CliFailure(2, `cannot read ${shown}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function nameLike(source: string): string {
  const name = basename(source).replace(/\.\w+$/, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^[^a-z]+|-+$/g, '').slice(0, 40)
  return name === '' || name === '-' ? 'my-api' : name
}
