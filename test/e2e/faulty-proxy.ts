/** A proxy that spoils what a good API answers, one fault at a time. */
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer on its way back. */
export interface PassingAnswer {
  status: number
  /** In their order; names as the API wrote them. */
  headers: [name: string, value: string][]
  body: string
  /** Sent so, whatever the body is. */
  contentLength?: string
  /** The connection ends after half of the body. */
  cut?: boolean
}

export interface PassingRequest {
  method: string
  path: string
  headers: [name: string, value: string][]
  body: Buffer
}

export interface ProxyFault {
  /** Changes the request on its way in; an answer of its own is sent in place of the API's. */
  onRequest?(request: PassingRequest): PassingAnswer | undefined | void
  /** Changes the answer; true where it did. */
  onAnswer?(answer: PassingAnswer, request: PassingRequest): boolean | void
}

export interface FaultyProxy {
  readonly url: string
  /** How often the fault was planted. */
  planted(): number
  close(): Promise<void>
}

export async function startFaultyProxy(target: string, fault: ProxyFault): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target)
  let planted = 0
  const server = createServer((incoming, outgoing) => {
    outgoing.sendDate = false
    void (async () => {
      const request: PassingRequest = { method: incoming.method ?? '', path: incoming.url ?? '', headers: pairs(incoming.rawHeaders), body: await bytes(incoming) }
      const before = JSON.stringify([request.path, request.headers, request.method]) + request.body.length
      const own = fault.onRequest?.(request)
      if (own !== undefined || JSON.stringify([request.path, request.headers, request.method]) + request.body.length !== before) planted += 1
      const answer = own ?? (await ask(request))
      if (fault.onAnswer?.(answer, request) === true) planted += 1
      const body = Buffer.from(answer.body)
      const headers = answer.headers.filter(([name]) => !['content-length', 'connection', 'keep-alive'].includes(name.toLowerCase()))
      const length = answer.contentLength ?? String(body.length)
      outgoing.writeHead(answer.status, [...headers, ['Content-Length', incoming.method === 'HEAD' ? (headerOf(answer, 'content-length') ?? length) : length]].flat())
      if (answer.cut === true) {
        outgoing.write(body.subarray(0, body.length / 2))
        return void setImmediate(() => outgoing.destroy())
      }
      outgoing.end(body)
    })().catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    planted: () => planted,
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }

  function ask({ method, path, headers, body }: PassingRequest): Promise<PassingAnswer> {
    return new Promise((resolve, reject) => {
      const kept = headers.filter(([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name.toLowerCase()))
      const sent = forward({ hostname, port, method, path, headers: [...kept, ['Host', `${hostname}:${port}`], ...(body.length === 0 && method !== 'POST' ? [] : [['Content-Length', String(body.length)]]), ['Connection', 'close']].flat() }, (response) => {
        bytes(response).then((all) => resolve({ status: response.statusCode ?? 0, headers: pairs(response.rawHeaders), body: all.toString('utf8') }), reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

export function headerOf({ headers }: Pick<PassingAnswer, 'headers'>, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1]
}

/** Undefined takes it away. True where that changes anything. */
export function setHeader(message: Pick<PassingAnswer, 'headers'>, name: string, value: string | undefined): boolean {
  const before = headerOf(message, name.toLowerCase())
  message.headers = message.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase())
  if (value !== undefined) message.headers.push([name, value])
  return before !== value
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as [string, string]] : []))
}

async function bytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
