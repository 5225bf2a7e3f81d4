/** `tollgate credits export`: the ledger for bookkeeping. */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import type { ShownRow } from '../admin/ledger.ts'
import { fileFault } from '../config/files.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { formatCsvLine } from './csv.ts'
import { ledgerPages } from './ledger-pages.ts'

interface ExportOptions {
  readonly format: Format
  readonly output?: string
  readonly meter?: string
  readonly after?: string
}

const formats = ['csv', 'jsonl'] as const
type Format = (typeof formats)[number]

/** So many rows between two lines about the progress. */
const PROGRESS_ROWS = 10_000

export function addCreditExport(credits: Command, io: CliIo): void {
  addAdminCommand(credits, 'export [account]', {
    description: 'write the ledger, the oldest row first, as CSV or JSON lines',
    examples: ['tollgate credits export --output ledger.csv', 'tollgate credits export acme --format jsonl | gzip > acme.jsonl.gz', 'tollgate credits export --after 120000 --output since.csv'],
  })
    .option('--format <format>', 'csv or jsonl', toFormat, 'csv' satisfies Format)
    .option('--output <file>', 'a new file (default: stdout)')
    .option('--meter <meter>', 'only this balance')
    .option('--after <number>', 'only rows after this one')
    .action(async (account: string | undefined, { format, output, meter, after }: ExportOptions, command: Command) => {
      const session = openSession(command, io)
      const target = output === undefined ? toStdout(io) : toFile(resolve(io.cwd, output))
      let rows = 0
      try {
        if (format === 'csv') await target.write(csvHead)
        for await (const page of ledgerPages(session, { account, meter }, after)) {
          await target.write(page.map(format === 'csv' ? csvLine : jsonLine).join(''))
          if (Math.floor((rows + page.length) / PROGRESS_ROWS) > Math.floor(rows / PROGRESS_ROWS)) io.stderr(`${rows + page.length} rows …\n`)
          rows += page.length
        }
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
  if (format === undefined) throw new InvalidArgumentError(`Write ${formats.join(' or ')}.`)
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
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
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

const csvHead = formatCsvLine(['row', 'at', 'of', 'balance', 'kind', 'amount', 'available', 'held', 'reason', 'request', 'key', 'grant', 'debit'])

function csvLine({ seq, at, subject, meter, kind, amount, available, held, reason, callId, keyId, grantId, debitId }: ShownRow): string {
  return formatCsvLine([seq, at, subject, meter, kind, amount, available, held, reason, callId, keyId, grantId, debitId])
}

function jsonLine(row: ShownRow): string {
  return `${JSON.stringify(row)}\n`
}
