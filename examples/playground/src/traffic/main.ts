/** `npm run traffic`: a mix of calls to every API of a running playground, for demonstrations. */
import type { Description } from '../description.ts'
import { sendTraffic } from './send-traffic.ts'
import { createTally } from './tally.ts'
import { HELP, parseTrafficOptions } from './traffic-options.ts'
import type { TrafficOptions } from './traffic-options.ts'

/** On a terminal the line is written over; elsewhere a line now and then is enough. */
const PROGRESS_MS = process.stdout.isTTY ? 500 : 10_000

const parsed = parseTrafficOptions(process.argv.slice(2), Math.floor(Math.random() * 1e9))
if (parsed.kind === 'help') process.stdout.write(HELP)
else if (parsed.kind === 'wrong') fail(parsed.message)
else await run(parsed.options)

async function run(options: TrafficOptions): Promise<void> {
  const description = await readDescription(options.url)
  const { url, seconds, rate, seed } = options
  process.stdout.write(`${description.apis.map(({ title }) => title).join(', ')} at ${url}: ${rate} calls a second for ${seconds} s, seed ${seed}. Ctrl-C ends it.\n`)

  const tally = createTally()
  const stop = new AbortController()
  process.once('SIGINT', () => {
    stop.abort()
    process.once('SIGINT', () => process.exit(130))
  })
  const startedMs = performance.now()
  const progress = setInterval(() => showProgress(`${Math.round((performance.now() - startedMs) / 1000)} s  ${tally.answers} answers  ${tally.statusLine()}`), PROGRESS_MS)
  await sendTraffic({ description, options, tally, stop: stop.signal })
  clearInterval(progress)

  const tookSeconds = (performance.now() - startedMs) / 1000
  showProgress('')
  process.stdout.write(`\n${tally.summary()}\n\n${tally.answers} answers in ${tookSeconds.toFixed(1)} s${tally.failures > 0 ? `, ${tally.failures} calls without one` : ''}\n`)
  // Stopped by hand, it has done what it was asked; without answers it has not.
  process.exit(tally.failures > 0 ? 1 : 0)
}

async function readDescription(url: string): Promise<Description> {
  try {
    const answer = await fetch(`${url}/playground`, { signal: AbortSignal.timeout(10_000) })
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    return (await answer.json()) as Description
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : error instanceof Error ? error.message : String(error)
    return fail(`no playground answers at ${url} (${cause}); start one by: npm start`)
  }
}

function showProgress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${text.slice(0, process.stdout.columns - 1)}`)
  else if (text !== '') process.stdout.write(`${text}\n`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}
