/** `tollgate init`: from a few answers to a contract, a configuration and a first test that work as they are. */
import { basename, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { formatProblem } from '../config/read/config-problem.ts'
import { programVersion } from '../platform/version.ts'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours } from './colours.ts'

interface InitOptions {
  readonly name?: string
  readonly dialect?: string
  readonly charge?: string
  readonly price?: string
  readonly codes?: string
  readonly upstream?: string
  readonly yes?: boolean
  readonly force?: boolean
  readonly dryRun?: boolean
}

export function addInitCommand(program: Command, io: CliIo): void {
  addCommand(program, 'init', {
    description: 'begin: write a contract, a configuration and a first test into a folder',
    examples: ['tollgate init my-api', 'tollgate init my-api --yes', 'tollgate init images --dialect openai --charge credits --price 0.04 --upstream http://127.0.0.1:9000', 'tollgate init my-api --yes --codes rate.limited,credit,session --dry-run'],
  })
    .argument('[folder]', 'where; it is made if it is not there', '.')
    .option('--name <name>', 'what the API is called (default: as the folder)')
    .option('--dialect <name>', 'how its errors look: plain, problem, openai, anthropic, json-api, graphql, aspnet, fastapi')
    .option('--charge <how>', 'how you charge: free, quota, credits, usage')
    .option('--price <amount>', 'of a call, or with usage of a thousand')
    .option('--codes <reasons>', 'refusals that have a code of their own: reasons, families of them, or all')
    .option('--upstream <url>', 'where your service is (default: a small one is written)')
    .option('-y, --yes', 'ask nothing: what no option says is as usual')
    .option('--force', 'write over files that are there')
    .option('--dry-run', 'print the files instead')
    .addHelpText('after', '\nOn a terminal it asks what no option says; elsewhere nothing is asked.')
    .action((folder: string, options: InitOptions) => init(folder, options, io))
}

async function init(folder: string, { yes, force, dryRun, name, ...given }: InitOptions, io: CliIo): Promise<void> {
  // Loaded here: it compiles the dialects, which no other command needs.
  const [{ askAnswers }, { readAnswers }, { draftFiles }, { writeDraft }] = await Promise.all([import('../init/ask-answers.ts'), import('../init/init-answers.ts'), import('../init/draft-files.ts'), import('../init/write-draft.ts')])
  const place = resolve(io.cwd, folder)
  const typed = { ...given, name: name ?? nameLike(basename(place)) }
  const ask = yes === true ? undefined : io.ask
  const read = readAnswers(ask === undefined ? typed : await askAnswers({ ...typed, isNamed: name !== undefined }, { ask, say: io.stdout }))
  if (!read.ok) throw new CliFailure(2, read.faults.join('\n'))
  const files = draftFiles(read.answers, programVersion())
  if (dryRun === true) return io.stdout(files.map(({ path, text }) => `--- ${join(folder, path)}\n${text}`).join('\n'))

  const outcome = writeDraft(place, files, { force: force === true })
  if (!outcome.ok) throw new CliFailure(1, outcome.fault)
  const { loadConfig } = await import('../config/load-config.ts')
  const loaded = loadConfig(join(place, 'tollgate.yaml'), { environment: {} })
  // Nothing that was answered should lead here; if it does, it must be seen.
  if (!loaded.ok) throw new CliFailure(1, loaded.problems.map(formatProblem).join('\n'))

  const { green } = createColours(io)
  const there = relative(io.cwd, place)
  const steps = [...(there === '' ? [] : [`cd ${there}`]), 'npm install', 'npm test', 'npm start']
  io.stdout(`${green('Written:')} ${outcome.written.join(', ')}\n${outcome.kept.length === 0 ? '' : `Left as they were: ${outcome.kept.join(', ')}\n`}The configuration is fine. Next:\n${steps.map((step) => `  ${step}\n`).join('')}README.md has the lines that make an account, a key and a first call.\n`)
}

/** A folder may have any name, an API not. */
function nameLike(folder: string): string {
  const name = folder.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^[^a-z]+|-+$/g, '').slice(0, 40)
  return name === '' ? 'my-api' : name
}
