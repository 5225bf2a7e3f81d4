/** `tollgate lint`: contracts held against the rules, also those that are none yet. */
import { writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { Option, type Command } from 'commander'
import { nearestName } from 'tollgate/contract'
import type { LintCounts, LintedFile, Rule, Severity } from 'tollgate/review'
import { programVersion } from '../platform/version.ts'
import { addCommand, collectOption } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours, printable, type Colours } from './colours.ts'
import { formatTable, type Column } from './table.ts'

const formats = ['text', 'json', 'sarif', 'markdown'] as const
const failOns = ['error', 'warning', 'note', 'never'] as const

interface LintFlags {
  readonly format: (typeof formats)[number]
  readonly failOn?: (typeof failOns)[number]
  readonly maxSeverity?: Severity | 'none'
  readonly ignore: readonly string[]
  readonly output?: string
  readonly rules?: boolean
  readonly explain?: string
}

export function addLintCommand(program: Command, io: CliIo): void {
  addCommand(program, 'lint', {
    description: 'hold contracts against the rules: standards, contradictions, what callers need',
    examples: ['tollgate lint ./my-contract.yaml', 'tollgate lint contracts/*.yaml --format sarif --output lint.sarif --fail-on warning', 'tollgate lint --explain limit-kind-unsaid'],
  })
    .argument('[contracts...]', 'files, or shipped contracts; a file need not be a valid contract')
    .addOption(new Option('--format <format>', 'how it is printed').choices(formats).default('text'))
    .addOption(new Option('--fail-on <severity>', 'exit with 1 where there is one as bad as this (default: error)').choices(failOns))
    .addOption(new Option('--max-severity <severity>', 'the worst that may stay: exit with 1 where there is a worse one').choices(['warning', 'note', 'none']))
    .option('--ignore <rule>', 'a rule that is not to be heard, alone or as rule:path; may be given several times', collectOption, [])
    .option('--output <file>', 'write it into a file')
    .option('--rules', 'list the rules')
    .option('--explain <rule>', 'say what a rule is about: why, whence, how to mend it')
    .addHelpText('after', '\nExit codes: 0 nothing that bad, 1 something that bad, 2 the command is wrong or a file cannot be read. All rules: docs/lint.md.')
    .action(async (refs: readonly string[], flags: LintFlags) => {
      const review = await import('tollgate/review')
      const colours = createColours(io)
      if (flags.rules === true) return io.stdout(flags.format === 'json' ? `${JSON.stringify(review.lintRules.map(({ id, severity, topic, title, why, source, fix }) => ({ id, severity, topic, title, why, source, fix })), null, 2)}\n` : formatTable(ruleColumns, review.lintRules, colours))
      if (flags.explain !== undefined) return io.stdout(await explanationOf(flags.explain, review.lintRules))
      if (refs.length === 0) throw new CliFailure(2, 'which contract? write: tollgate lint CONTRACT, a file or a shipped one such as openai; or --rules, or --explain RULE')
      const failOn = failOnOf(flags)
      const ignore = flags.ignore.map((text) => toIgnore(text, review.lintRules))
      const files = []
      for (const ref of refs) files.push(await lintOne(ref, ignore, io))
      const text = printed(files, flags.format, review, colours)
      if (flags.output === undefined) io.stdout(text)
      else write(flags.output, text, io)
      const counts = review.countFindings(files)
      const bad = badOnes(counts, failOn)
      if (bad.length > 0) throw new CliFailure(1, `${bad.join(' and ')}; ${failOn === 'error' ? '"tollgate lint --explain RULE" says more' : `--fail-on ${failOn}`}`)
    })
}

const ruleColumns: readonly Column<Rule>[] = [
  { title: 'RULE', value: ({ id }) => id },
  { title: 'SEVERITY', value: ({ severity }) => severity },
  { title: 'ABOUT', value: ({ topic }) => topic },
  { title: 'TITLE', value: ({ title }) => title },
]

function failOnOf({ failOn, maxSeverity }: LintFlags): (typeof failOns)[number] {
  if (failOn !== undefined && maxSeverity !== undefined) throw new CliFailure(2, '--fail-on and --max-severity say the same in two ways; leave one out')
  if (maxSeverity === undefined) return failOn ?? 'error'
  return maxSeverity === 'warning' ? 'error' : maxSeverity === 'note' ? 'warning' : 'note'
}

function toIgnore(text: string, rules: readonly Rule[]): { readonly rule: string; readonly path?: string; readonly reason: string } {
  const [, rule = '', path] = /^([^:]*)(?::(.+))?$/s.exec(text) ?? []
  ruleOf(rule, rules)
  return path === undefined ? { rule, reason: 'asked for (--ignore)' } : { rule, path, reason: 'asked for (--ignore)' }
}

function ruleOf(id: string, rules: readonly Rule[]): Rule {
  const rule = rules.find((each) => each.id === id)
  const nearest = nearestName(id, rules.map((each) => each.id))
  if (rule === undefined) throw new CliFailure(2, printable(`there is no rule "${id}"${nearest === undefined ? '; tollgate lint --rules lists them' : `; did you mean "${nearest}"?`}`))
  return rule
}

async function explanationOf(id: string, rules: readonly Rule[]): Promise<string> {
  const { stringify } = await import('yaml')
  const { severity, topic, title, why, source, fix, bad, good } = ruleOf(id, rules)
  const example = (declaration: unknown): string => stringify(declaration, { flowCollectionPadding: true, lineWidth: 100 }).replaceAll(/^/gm, '    ').trimEnd()
  return `${title}\n${id}, ${severity}, ${topic}\n\n${why}\n\nMend: ${fix}\nSource: ${source}\n\nFound (${(bad.paths ?? []).join(', ')}):\n${example(bad.declaration)}\n\nNot found:\n${example(good.declaration)}\n`
}

/** A file is read as plain data; a shipped contract is looked at with the reasons that the catalog has for what it keeps. */
async function lintOne(ref: string, ignore: readonly ReturnType<typeof toIgnore>[], io: CliIo): Promise<LintedFile> {
  const [{ lintReport }, { readContractData }] = await Promise.all([import('tollgate/review'), import('../config/build/contract-source.ts')])
  const read = readContractData(ref, io.cwd)
  if (!read.ok) throw new CliFailure(2, read.message)
  return { name: ref, isFile: read.isFile, report: lintReport(read.data, { ...read.options, ignore: [...read.ignore, ...ignore] }), locate: read.locate }
}

function printed(files: readonly LintedFile[], format: LintFlags['format'], review: typeof import('tollgate/review'), colours: Colours): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(review.toLintJson(files), null, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(review.toSarif(files, { version: programVersion() }), null, 2)}\n`
    case 'markdown':
      return review.formatLintMarkdown(files)
    case 'text':
      return printable(review.formatLintText(files, (text) => text)).replaceAll(/^( *[\d: ]*)(error|warning)\b/gm, (_, before: string, severity: string) => `${before}${severity === 'error' ? colours.red(severity) : colours.yellow(severity)}`)
  }
}

function write(file: string, text: string, io: CliIo): void {
  try {
    writeFileSync(isAbsolute(file) ? file : join(io.cwd, file), text)
  } catch (error) {
    throw new CliFailure(1, `cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Those that fail, in words. */
function badOnes(counts: LintCounts, failOn: (typeof failOns)[number]): readonly string[] {
  const levels: readonly Severity[] = failOn === 'never' ? [] : failOn === 'error' ? ['error'] : failOn === 'warning' ? ['error', 'warning'] : ['error', 'warning', 'note']
  return levels.flatMap((level) => (counts[level] === 0 ? [] : [`${counts[level]} ${level}${counts[level] === 1 ? '' : 's'}`]))
}
