/** The servers of the runs over real HTTP, in a process of their own: `loopback-server.js brisk 1` or `dip N` gives so many ports as JSON, and ends with its parent. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerIn, type Dialect } from './dialect.ts'
import { countArrivals } from './run-load.ts'
import { queueing, succeed, type Fate, type ServerModel } from './server-model.ts'
import { DIP } from './set-ups.ts'
import type { Time } from './timeline.ts'

const [mode = 'brisk', ports = '1'] = process.argv.slice(2)

/** Its time begins with the first request that is asked for it. */
function realTime(): Time {
  let startMs: number | undefined
  return {
    nowMs: () => performance.now() - (startMs ??= performance.now()),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
  }
}

const paths: readonly (readonly [RegExp, Dialect])[] = [
  [/^\/v1\/chat/, 'openai'],
  [/^\/v1\/messages/, 'anthropic'],
  [/^\/v1\/customers/, 'stripe'],
  [/^\/v1beta/, 'gemini'],
  [/^\/$/, 'aws'],
]

interface Trial {
  readonly time: Time
  readonly count: ReturnType<typeof countArrivals>
  readonly serve: ServerModel
}

function begin(): Trial {
  const time = realTime()
  const brisk: ServerModel = (_request, settle) => settle(succeed)
  return { time, count: countArrivals({ perSecond: 40, seconds: 30 }), serve: mode === 'dip' ? queueing(time, DIP) : brisk }
}

async function listen(): Promise<number> {
  let trial = begin()
  const server = createServer((request, response) => {
    request.resume()
    const { url = '/', method = 'GET' } = request
    const { time, count, serve } = trial
    if (url === '/figures') return void response.end(JSON.stringify(count.figures()))
    if (url === '/begin') {
      trial = begin()
      return void response.end()
    }
    count.arrive(time.nowMs())
    serve({ method, path: url, headers: {} }, (fate) => {
      count.answer(fate)
      write(response, url, fate)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function write(response: ServerResponse, url: string, fate: Fate): void {
  if (fate.kind === 'reset') return void response.destroy()
  const { status, headers, body } = answerIn(paths.find(([path]) => path.test(url))?.[1] ?? 'plain', fate)
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

const listening: number[] = []
for (let number = 0; number < Number(ports); number += 1) listening.push(await listen())
process.stdout.write(`${JSON.stringify(listening)}\n`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
