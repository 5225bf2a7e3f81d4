/** `tollgate credits export`: the ledger for bookkeeping. */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { codeOf } from '../platform/error-code.ts'
import { fileFault } from '../config/read/files.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { formatCsvLine } from './csv.ts'
import { ledgerPages, type ShownMovement } from './ledger-pages.ts'

interface ExportOptions {
  readonly format?: Format
  readonly json?: boolean
  readonly output?: string
  readonly meter?: string
  readonly after?: string
}

const formats = ['csv', 'jsonl', 'json'] as const
type Format = (typeof formats)[number]

/** So many rows between two lines about the progress. */
const PROGRESS_ROWS = 10_000

export function addCreditExport(credits: Command, io: CliIo): void {
  addAdminCommand(credits, 'export [account]', {
    description: 'write the ledger, the oldest row first, as CSV or JSON lines',
    examples: ['tollgate credits export --output ledger.csv', 'tollgate credits export acme --format jsonl | gzip > acme.jsonl.gz', 'tollgate credits export --after 120000 --output since.csv'],
  })
    .option('--format <format>', 'csv, jsonl (a row a line) or json (default: csv; with --json: json)', toFormat)
    .option('--output <file>', 'a new file (default: stdout)')
    .option('--meter <meter>', 'only this balance')
    .option('--after <cursor>', 'only what was committed after the row with this cursor, such as the last one of the export before')
    .action(async (account: string | undefined, { format: asked, json, output, meter, after }: ExportOptions, command: Command) => {
      const session = openSession(command, io)
      if (json === true && asked === 'csv') throw new CliFailure(2, '--json and --format csv exclude each other; take one of them away')
      const format: Format = asked ?? (json === true ? 'json' : 'csv')
      const pages = ledgerPages(session, { account, meter }, after)
      // Nothing is written before the gateway has answered: a file with a head and no rows would be taken for an empty ledger.
      const first = await pages.next()
      const target = output === undefined ? toStdout(io) : toFile(resolve(io.cwd, output))
      let rows = 0
      try {
        await target.write(heads[format])
        for (let page: readonly ShownMovement[] | void = first.value; page !== undefined; page = (await pages.next()).value) {
          await target.write(page.map((row, at) => lines[format](row, rows + at === 0)).join(''))
          if (Math.floor((rows + page.length) / PROGRESS_ROWS) > Math.floor(rows / PROGRESS_ROWS)) io.stderr(`${rows + page.length} rows …\n`)
          rows += page.length
        }
        await target.write(feet[format])
      } catch (error) {
        target.discard()
        throw error
      }
      target.close()
      io.stderr(`${rows} rows${output === undefined ? '' : ` in ${output}`}.\n`)
    })
}

function toFormat(text: string): Format {
  const format = formats.find((each) => each === text)
  if (format === undefined) throw new InvalidArgumentError(`Write ${formats.join(', ')}.`)
  return format
}

interface Target {
  write(text: string): Promise<void>
  close(): void
  /** Half an export must not be taken for a whole one. */
  discard(): void
}

function toStdout(io: CliIo): Target {
  return {
    async write(text) {
      io.stdout(text)
      await io.stdoutDrained?.()
    },
    close: () => undefined,
    discard: () => undefined,
  }
}

/** Readable to its owner only, since it says who paid what. */
function toFile(file: string): Target {
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', 0o600)
  } catch (error) {
    const exists = codeOf(error) === 'EEXIST'
    throw new CliFailure(1, exists ? `${file} exists already; name a new file` : `${file} cannot be written: ${fileFault(error)}`)
  }
  return {
    async write(text) {
      try {
        const bytes = Buffer.from(text)
        for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
      } catch (error) {
        throw new CliFailure(1, `${file} cannot be written: ${fileFault(error)}`)
      }
    },
    close: () => closeSync(descriptor),
    discard() {
      closeSync(descriptor)
      unlinkSync(file)
    },
  }
}

const csvHead = formatCsvLine(['cursor', 'row', 'at', 'of', 'balance', 'kind', 'amount', 'available', 'held', 'reason', 'request', 'key', 'grant', 'debit'])

function csvLine({ cursor, number, at, subject, meter, kind, amount, available, held, reason, callId, keyId, grantId, debitId }: ShownMovement): string {
  return formatCsvLine([cursor, number, at, subject, meter, kind, amount, available, held, reason, callId, keyId, grantId, debitId])
}

const heads: { readonly [format in Format]: string } = { csv: csvHead, jsonl: '', json: '[' }
const feet: { readonly [format in Format]: string } = { csv: '', jsonl: '', json: '\n]\n' }
const lines: { readonly [format in Format]: (row: ShownMovement, isFirst: boolean) => string } = {
  csv: csvLine,
  jsonl: jsonLine,
  json: (row, isFirst) => `${isFirst ? '' : ','}\n  ${JSON.stringify(row)}`,
}

function jsonLine(row: ShownMovement): string {
  return `${JSON.stringify(row)}\n`
}
