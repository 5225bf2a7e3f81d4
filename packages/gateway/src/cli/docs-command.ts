/** `tollgate docs`: the error reference of a contract, as files for any server of files. */
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours } from './colours.ts'
import { openContract } from './open-contract.ts'

interface DocsFlags {
  readonly out: string
  readonly title?: string
  readonly url?: string
  readonly apiUrl?: string
  readonly check?: boolean
  readonly json?: boolean
}

export function addDocsCommand(program: Command, io: CliIo): void {
  addCommand(program, 'docs <contract>', {
    description: 'write the error reference of an API, as HTML and Markdown',
    examples: ['tollgate docs ./my-contract.yaml --out site', 'tollgate docs ./my-contract.yaml --out site --url https://errors.example.com --api-url https://api.example.com/v1', 'tollgate docs ./my-contract.yaml --out site --check'],
  })
    .requiredOption('--out <folder>', 'where the files go; what else lies there stays')
    .option('--title <title>', 'of the reference (default: the title of the contract, and "errors")')
    .option('--url <url>', 'where it will be published (default: what the contract says in `docs`)', toUrl)
    .option('--api-url <url>', 'the address of the API in its examples', toUrl)
    .option('--check', 'write nothing; exit code 1 if the folder is not as it would be written')
    .option('--json', 'print what was done as JSON')
    .action(async (ref: string, flags: DocsFlags) => {
      const contract = await openContract(ref, io)
      // Loaded here: what writes pages takes as long to load as all the rest.
      const [{ describeContract, EXAMPLE_NOW_MS }, { siteOf }, { writeSite }] = await Promise.all([import('../docs/model/describe-contract.ts'), import('../docs/site/site.ts'), import('../docs/site/site-folder.ts')])
      const files = siteOf(describeContract(contract, { nowMs: EXAMPLE_NOW_MS, docsUrl: flags.url }), { title: flags.title, apiUrl: flags.apiUrl })
      const done = writeSite(files, resolve(io.cwd, flags.out), { dryRun: flags.check === true })
      if (done.kind === 'fault') throw new CliFailure(1, done.words)
      const { written, removed, same } = done.changes
      if (flags.json === true) io.stdout(`${JSON.stringify({ folder: flags.out, written, removed, same }, null, 2)}\n`)
      else if (flags.check !== true) io.stdout(`${createColours(io).green(`${files.length} files in ${flags.out}`)}: ${written.length} written, ${same} the same as before, ${removed.length} removed.\n`)
      const changed = [...written, ...removed]
      if (flags.check !== true) return
      if (changed.length > 0) throw new CliFailure(1, `${flags.out} is not what the contract says: ${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ` and ${changed.length - 5} more` : ''}; write it anew without --check`)
      if (flags.json !== true) io.stdout(`${createColours(io).green(`${flags.out} is what the contract says.`)}\n`)
    })
}

function toUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') throw new InvalidArgumentError('Write a whole address: https://errors.example.com')
  return text
}
