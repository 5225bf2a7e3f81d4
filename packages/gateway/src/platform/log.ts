/** What the program tells its operator: one line for each thing that happens, by pino. Never a secret. */
import { pino, type LoggerOptions } from 'pino'
import type { LogSettings } from './log-settings.ts'
import { formatTextLine } from './log-text.ts'
import { redactedFields, redactedText, scrubbed, scrubbedText } from './redaction.ts'

/** What a line of the log says beside its message. Fields whose names speak of secrets are masked. */
export type LogFields = { readonly [name: string]: unknown }

/** Where a gateway says what happens. */
export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A request that has ended: ids and figures, and nothing that may hold a secret. */
  access?(line: LogFields): void
  /** As the configuration says, which is read later than the first line may be due. */
  configure?(settings: LogSettings): void
}

/**
 * A log of one JSON object a line.
 *
 * @example
 * const lines: string[] = []
 * createJsonLog((line) => lines.push(line), () => new Date(0)).info('started', { port: 8080 })
 * JSON.parse(lines[0] ?? '') // => { level: 'info', time: '1970-01-01T00:00:00.000Z', port: 8080, message: 'started' }
 */
export function createJsonLog(writeLine: (line: string) => void, now: () => Date = () => new Date()): Required<Log> {
  let format: LogSettings['format'] = 'json'
  const lines = { write: (line: string) => writeLine(format === 'json' ? line : formatTextLine(line)) }
  const formatters = { level: (level: string) => ({ level }) }
  const options: LoggerOptions = { base: null, messageKey: 'message', timestamp: () => `,"time":"${now().toISOString()}"`, formatters }
  const logger = pino({ ...options, formatters: { ...formatters, log: scrubbed }, redact: { paths: redactedFields, censor: redactedText } }, lines)
  // One of its own, since a child shares the level; and without all that looks for secrets, which costs more than the rest of the line.
  const access = pino(options, lines)
  const at = (level: 'info' | 'warn' | 'error') => (message: string, fields: LogFields = {}) => logger[level](fields, scrubbedText(message))
  return {
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    access: (line) => access.info(line, 'request'),
    configure(settings) {
      logger.level = settings.level
      format = settings.format
    },
  }
}

/** Says nothing. */
export const silentLog: Log = { info() {}, warn() {}, error() {} }
