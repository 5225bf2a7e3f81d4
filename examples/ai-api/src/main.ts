/** Runs the service by itself: `PORT=9104 node dist/main.js`. */
import { createAiApiService } from './service.ts'

const port = Number(process.env['PORT'] ?? 9104)
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`PORT must be a number from 0 to 65535, not "${process.env['PORT']}".`)

const service = createAiApiService({
  onError: (error, where) => process.stderr.write(`${where} ${error instanceof Error ? error.stack : String(error)}\n`),
})

try {
  const { url } = await service.listen(port)
  process.stdout.write(`The AI-API listens on ${url}\n`)
} catch (error) {
  const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  fail(busy ? `Port ${port} is taken. Choose another: PORT=${port + 1}` : String(error))
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void service.close())

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
