/**
 * A small balancer in front of several gateways, to show what they bear: it asks each whether it takes calls (`/readyz`), sends calls in turn to those that do, and sends one
 * again to another gateway only where that cannot do its work twice.
 *
 * It is no balancer for the public: it speaks plain HTTP/1.1, keeps bodies in memory, and tunnels nothing. In earnest, take one that exists (docs/deploy.md has nginx).
 */
import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Backend {
  readonly name: string
  readonly url: string
  /** Where it says whether it takes calls, if not there. */
  readonly readyUrl?: string
}

export interface BackendState {
  readonly name: string
  readonly isReady: boolean
  /** Answers that came from it, of any status. */
  readonly answered: number
  /** Calls that went elsewhere since it was gone. */
  readonly sentOn: number
}

export interface Balancer {
  readonly url: string
  states(): readonly BackendState[]
  close(): Promise<void>
}

const LOOK_EVERY_MS = 200
const LOOK_WITHIN_MS = 1_000
const BODY_BYTES_MAX = 16_777_216
/** As it is meant by RFC 9110: the same again does no more than once. */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

interface Kept {
  readonly name: string
  readonly url: URL
  readonly readyUrl: URL
  isReady: boolean
  answered: number
  sentOn: number
}

export async function createBalancer({ port, backends }: { readonly port: number; readonly backends: readonly Backend[] }): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true })
  const kept = backends.map(({ name, url, readyUrl = url }): Kept => ({ name, url: new URL(url), readyUrl: new URL('/readyz', readyUrl), isReady: false, answered: 0, sentOn: 0 }))
  let turn = 0
  let isClosed = false
  const timers = new Set<NodeJS.Timeout>()

  async function look(backend: Kept): Promise<void> {
    backend.isReady = await fetch(backend.readyUrl, { signal: AbortSignal.timeout(LOOK_WITHIN_MS) }).then(
      (answer) => answer.body?.cancel().then(() => answer.ok) ?? answer.ok,
      () => false,
    )
    if (isClosed) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      void look(backend)
    }, LOOK_EVERY_MS)
    timers.add(timer)
  }

  /** In turn, those that are ready first: where none says so, the answer of one of them says more than ours. */
  function inTurn(): readonly Kept[] {
    turn += 1
    const rotated = kept.map((_, at) => kept[(at + turn) % kept.length] as Kept)
    return [...rotated.filter(({ isReady }) => isReady), ...rotated.filter(({ isReady }) => !isReady)]
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming)
    if (body === undefined) return void response.writeHead(413, { Connection: 'close' }).end()
    const mayRepeat = repeatable.has(incoming.method ?? '') || incoming.headers['idempotency-key'] !== undefined
    for (const backend of inTurn()) {
      const outcome = await forward(backend, incoming, body, response)
      if (outcome === 'answered') return
      backend.isReady = false
      backend.sentOn += 1
      // It may have done its work, and died before it could say so.
      if (outcome === 'lost' && !mayRepeat) break
    }
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { 'Content-Type': 'text/plain', 'Retry-After': '1' }).end('no gateway has answered\n')
  }

  /** `unsent`: no connection was made. `lost`: nobody knows what became of it. Once its head has come, the answer is on its way. */
  function forward(backend: Kept, incoming: IncomingMessage, body: Buffer, response: ServerResponse): Promise<'answered' | 'unsent' | 'lost'> {
    return new Promise((resolve) => {
      let isConnected = false
      const outgoing = ask(new URL(incoming.url ?? '/', backend.url), { method: incoming.method, headers: { ...incoming.headers, 'x-forwarded-for': incoming.socket.remoteAddress }, agent }, (answer) => {
        backend.answered += 1
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(response)
        // Cut off in the middle, it must not look whole.
        answer.on('error', () => response.destroy())
        answer.on('aborted', () => response.destroy())
        resolve('answered')
      })
      outgoing.on('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => (isConnected = true))
        else isConnected = true
      })
      outgoing.on('error', () => resolve(isConnected ? 'lost' : 'unsent'))
      response.on('close', () => outgoing.destroy())
      outgoing.end(body)
    })
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  await Promise.all(kept.map(look))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    states: () => kept.map(({ name, isReady, answered, sentOn }) => ({ name, isReady, answered, sentOn })),
    async close() {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeAllConnections()
      agent.destroy()
      await closed
    },
  }
}

/** Undefined: more than is kept. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
