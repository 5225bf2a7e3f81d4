/** `npm run start:cluster`: the playground behind two gateways on one database, on port 8080 or on `PORT`. Keys kill and start its parts; without a terminal it runs until it is told to stop. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatewayProcess } from './gateways.ts'
import { createCluster, type Cluster } from './cluster.ts'
import { closeBooks, formatCluster, formatFigures, type ClusterFigures } from './cluster-terminal.ts'

const DATABASE_GONE_MS = 3_000
const isTerminal = process.stdin.isTTY && process.stdout.isTTY
const lookEveryMs = isTerminal ? 500 : 5_000
const port = Number(process.env['PORT'] ?? 8080)
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail('PORT must be a number from 0 to 65535.')

const folder = mkdtempSync(join(tmpdir(), 'tollgate-cluster-log-'))
process.stdout.write('Starting a Postgres of its own, the services and three gateways …\n')
const cluster = await createCluster({ port, heard: (name, line) => appendFileSync(join(folder, `${name}.log`), `${line}\n`) }).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
const { gateways, adminToken, url } = cluster
const places = { url, adminUrls: gateways.map((gateway) => gateway.adminUrl), adminToken, engines: ['Postgres', ...(cluster.valkey === undefined ? [] : ['Valkey or Redis'])] }
process.stdout.write(formatCluster(places, isTerminal && (process.env['NO_COLOR'] ?? '') === ''))
process.stdout.write(`  The gateways' logs: ${folder}\n\n`)

const timer = setInterval(() => void show(), lookEveryMs)
let isShowing = false
let isStopping = false

async function figuresOf({ payer, coins, balancer }: Cluster): Promise<ClusterFigures> {
  const books = await cluster.books().catch(() => undefined)
  const states = balancer.states().map((state, at) => ({ ...state, isRunning: gateways[at]?.isRunning() === true }))
  return { gateways: states, books, paid: payer.paid(), open: payer.open(), made: coins.made(), refusals: payer.refusals() }
}

async function show(): Promise<void> {
  if (isShowing || isStopping) return
  isShowing = true
  const line = formatFigures(await figuresOf(cluster))
  process.stdout.write(isTerminal ? `\r\u001B[2K  ${line.slice(0, (process.stdout.columns ?? 200) - 3)}` : `${line}\n`)
  isShowing = false
}

function say(text: string): void {
  process.stdout.write(isTerminal ? `\r\u001B[2K  ${text}\n` : `${text}\n`)
}

async function turn(gateway: GatewayProcess): Promise<void> {
  if (gateway.isRunning()) {
    await gateway.kill()
    say(`${gateway.name} was killed (SIGKILL)`)
  } else {
    const beganMs = performance.now()
    await gateway.restart()
    say(`${gateway.name} takes calls again, ${Math.round(performance.now() - beganMs)} ms after it was started`)
  }
}

async function crashDatabase(): Promise<void> {
  await cluster.postgres.kill('SIGKILL')
  say('the database was killed (SIGKILL)')
  await new Promise((resolve) => setTimeout(resolve, DATABASE_GONE_MS))
  await cluster.postgres.restart()
  say('the database is there again')
}

const keys: { readonly [key: string]: () => Promise<void> } = {
  a: () => turn(gateways[0]),
  b: () => turn(gateways[1]),
  p: crashDatabase,
  r: async () => say(`revoked at one gateway: refused there at once, and at the other after ${await cluster.measureRevocation()} ms`),
  q: stop,
  // Ctrl-C, which is no signal while keys are read one by one.
  '\u0003': stop,
}

async function stop(): Promise<void> {
  if (isStopping) process.exit(1)
  isStopping = true
  clearInterval(timer)
  say('stopping: what was begun is told first …')
  for (const gateway of gateways) if (!gateway.isRunning()) await gateway.restart()
  await cluster.payer.stop()
  const { isRight, text } = closeBooks(await cluster.books(), { paid: cluster.payer.paid(), made: cluster.coins.made() })
  await cluster.close()
  if (isRight) rmSync(folder, { recursive: true, force: true })
  say(text)
  process.exit(isRight ? 0 : 1)
}

let busy: Promise<void> = Promise.resolve()
/** One after the other: a gateway that is being started is not killed. */
function press(key: string): void {
  const run = Object.hasOwn(keys, key) ? keys[key] : undefined
  if (run === stop && isStopping) process.exit(1)
  if (run !== undefined) busy = busy.then(run).catch((error: unknown) => say(error instanceof Error ? error.message : String(error)))
}

if (isTerminal) {
  process.stdin.setRawMode(true)
  process.stdin.setEncoding('utf8').on('data', (typed: string) => [...typed].forEach((key) => press(key.toLowerCase())))
} else {
  // A script may say the keys, a line each.
  process.stdin.setEncoding('utf8').on('data', (typed: string) => typed.split(/\s+/).forEach((key) => press(key.toLowerCase())))
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => press('q'))

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
