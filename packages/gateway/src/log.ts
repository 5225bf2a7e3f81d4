/** What the program tells its operator: one JSON object a line. Never a secret. */

export type LogFields = { readonly [name: string]: unknown }

export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export function createJsonLog(writeLine: (line: string) => void, now: () => Date = () => new Date()): Log {
  const at = (level: string) => (message: string, fields: LogFields = {}) => {
    writeLine(`${JSON.stringify({ time: now().toISOString(), level, message, ...fields })}\n`)
  }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

export const silentLog: Log = { info() {}, warn() {}, error() {} }
