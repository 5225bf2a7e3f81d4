/** A service as a program of its own: `PORT=9104 node dist/main.js`. Ends with the first signal, when its last answer has gone out. */
import { codeOf } from './error-code.ts'
import type { Bound } from './listening.ts'

export interface Service {
  listen(port: number): Promise<Bound>
  close(): Promise<void>
}

export interface RunOptions {
  /** As its users say it: `ChatAds`. */
  readonly name: string
  /** Where `PORT` does not say. */
  readonly port: number
  readonly create: (onError: (error: unknown, where: string) => void) => Service
}

export async function runService({ name, port: usual, create }: RunOptions): Promise<void> {
  const { PORT = String(usual) } = process.env
  const port = Number(PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`PORT must be a number from 0 to 65535, not "${PORT}".`)

  const service = create((error, where) => process.stderr.write(`${where} ${error instanceof Error ? error.stack : String(error)}\n`))
  try {
    const { url } = await service.listen(port)
    process.stdout.write(`${name} listens on ${url}\n`)
  } catch (error) {
    fail(codeOf(error) === 'EADDRINUSE' ? `Port ${port} is taken. Choose another: PORT=${port + 1}` : String(error))
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void service.close())
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
