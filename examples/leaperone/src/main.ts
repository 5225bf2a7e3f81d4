/** Runs the service by itself: `PORT=9105 node dist/main.js`. */
import { createLeaperoneService } from './service.ts'

const port = Number(process.env['PORT'] ?? 9105)
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`PORT must be a number from 0 to 65535, not "${process.env['PORT']}".`)

const service = createLeaperoneService({
  onError: (error, where) => process.stderr.write(`${where} ${error instanceof Error ? error.stack : String(error)}\n`),
})

try {
  const { url } = await service.listen(port)
  process.stdout.write(`LEAPERone listens on ${url}\n`)
} catch (error) {
  const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  fail(busy ? `Port ${port} is taken. Choose another: PORT=${port + 1}` : String(error))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void service.close())

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
