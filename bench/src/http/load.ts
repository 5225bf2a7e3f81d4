/**
 * Asks for the same thing over and over, on kept connections, one request at a time on each. It reads no more of an answer than its status and its
 * Content-Length, so that it costs a fraction of what it measures; any other status ends the measurement.
 */
import { connect, type Socket } from 'node:net'

export interface Asked {
  readonly method?: 'GET' | 'POST'
  readonly headers: { readonly [name: string]: string }
  readonly path: string
  readonly body?: string
  readonly status: number
}

/** A request as its bytes, for one server. */
export interface Requested {
  readonly port: number
  readonly request: Buffer
  readonly status: number
}

export interface LoadOptions extends Asked {
  readonly port: number
  readonly connections: number
  readonly ms: number
}

export interface LoadResult {
  readonly requests: number
  readonly ms: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** For the answers that are under way when the time is over. */
const DRAIN_MS_MAX = 5_000

export function requestedOf({ method = 'GET', path, headers, body = '', status }: Asked, port: number): Requested {
  const lines = Object.entries(body === '' ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) }).map(([name, value]) => `${name}: ${value}\r\n`)
  return { port, status, request: Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}\r\n${body}`) }
}

export async function load(options: LoadOptions): Promise<LoadResult> {
  const { port, connections, ms } = options
  const asked = requestedOf(options, port)
  const latenciesMs: number[] = []
  const callers = await Promise.all(Array.from({ length: connections }, () => openCaller(asked, latenciesMs)))
  const startedMs = performance.now()
  const untilMs = startedMs + ms
  let timer: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('answers did not come')), ms + DRAIN_MS_MAX)
    })
    await Promise.race([Promise.all(callers.map(({ askUntil }) => askUntil(untilMs))), late])
  } finally {
    clearTimeout(timer)
    for (const { socket } of callers) socket.destroy()
  }
  const spentMs = performance.now() - startedMs
  const sorted = Float64Array.from(latenciesMs).toSorted()
  const quantile = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { requests: sorted.length, ms: spentMs, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

/** Opens connections that have been used once and stay open; gives what closes them. */
export async function openIdle(options: Omit<LoadOptions, 'ms'>): Promise<() => void> {
  const asked = requestedOf(options, options.port)
  const sockets: Socket[] = []
  while (sockets.length < options.connections) {
    const callers = await Promise.all(Array.from({ length: Math.min(200, options.connections - sockets.length) }, () => openCaller(asked, [])))
    sockets.push(...callers.map(({ socket }) => socket))
    await Promise.all(callers.map(({ askUntil }) => askUntil(0)))
  }
  return () => {
    for (const socket of sockets) socket.removeAllListeners('close').destroy()
  }
}

interface Caller {
  readonly socket: Socket
  askUntil(untilMs: number): Promise<void>
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return socket
}

async function openCaller({ port, request, status }: Requested, latenciesMs: number[]): Promise<Caller> {
  const socket = await openSocket(port)
  const statusLine = `HTTP/1.1 ${status}`

  const askUntil = (untilMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let answer = Buffer.alloc(0)
      let lengthBytes = -1
      let askedMs = 0
      const ask = (): void => {
        askedMs = performance.now()
        socket.write(request)
      }
      socket.on('data', (chunk) => {
        answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk])
        if (lengthBytes === -1) {
          const read = answerBytes(answer, statusLine)
          if (typeof read === 'string') return reject(new Error(read))
          lengthBytes = read
        }
        if (lengthBytes === -1 || answer.length < lengthBytes) return
        answer = answer.subarray(lengthBytes)
        lengthBytes = -1
        const nowMs = performance.now()
        latenciesMs.push(nowMs - askedMs)
        if (nowMs < untilMs) ask()
        else resolve()
      })
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the connection was closed')))
      ask()
    })

  return { socket, askUntil }
}

/** Head and body together; -1 while the head is not complete; a sentence when the answer is not what is measured. */
function answerBytes(answer: Buffer, statusLine: string): number | string {
  const headBytes = answer.indexOf('\r\n\r\n')
  if (headBytes === -1) return -1
  const head = answer.toString('latin1', 0, headBytes)
  if (!head.startsWith(statusLine)) return `expected ${statusLine}, got ${head.slice(0, head.indexOf('\r\n'))}`
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  return length === undefined ? 'the answer has no Content-Length' : headBytes + 4 + Number(length)
}
