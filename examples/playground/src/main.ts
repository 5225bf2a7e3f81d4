/** `npm start`: the playground on port 8080, or on `PORT`. */
import { createJsonLog } from '@tollgate/gateway'
import { createPlayground } from './playground.ts'
import { formatPlayground } from './terminal.ts'

const port = portFrom('PORT', 8080)
// On another port there may be another playground beside this one: then the admin API takes any free port.
const adminPort = portFrom('ADMIN_PORT', port === 8080 ? 9090 : 0)

const playground = await createPlayground({ port, adminPort, log: createJsonLog((line) => process.stderr.write(line)) }).catch((error: unknown) =>
  fail(startFault(error)),
)

const { description, adminToken } = playground
const colours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
process.stdout.write(formatPlayground(description, { colours, adminToken }))

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) process.exit(1)
    stopping = true
    void playground.close().then(() => process.exit(0))
  })
}

function portFrom(name: string, otherwise: number): number {
  const text = process.env[name] ?? ''
  const value = text === '' ? otherwise : Number(text)
  return Number.isInteger(value) && value >= 0 && value <= 65_535 ? value : fail(`${name} must be a number from 0 to 65535, not "${text}".`)
}

function startFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const busy = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE'
  return busy ? `${error.message}: PORT (or ADMIN_PORT) says which` : error.message
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
