/** Libraries that make requests: around fetch, around node:http, and undici's own. */
import { Readable } from 'node:stream'
import { peer, type Contender } from '../contender.ts'
import type { Answer } from '../dialect.ts'
import type { World } from '../world.ts'

/** For what does its own timeouts on sockets, of which there are none in memory: they are done here. */
export function sendWithin({ network, attemptTimeoutMs }: World, timedOut: () => Error) {
  return async (request: { readonly method: string; readonly path: string; readonly headers?: { readonly [name: string]: string } }, signal?: AbortSignal): Promise<Answer> => {
    if (network.kind === 'loopback') throw new Error('over loopback it has a way of its own')
    const controller = new AbortController()
    signal?.addEventListener('abort', () => controller.abort(signal.reason))
    const timer = setTimeout(() => controller.abort(timedOut()), attemptTimeoutMs)
    try {
      return await network.send({ headers: {}, ...request }, controller.signal)
    } finally {
      clearTimeout(timer)
    }
  }
}

type Ky = (url: string, options: object) => { json(): Promise<unknown> }

export const ky: Contender = {
  name: 'ky',
  from: 'ky',
  dialect: 'plain',
  async create({ baseUrl, attemptTimeoutMs, network }) {
    const { default: call } = await peer<{ readonly default: Ky }>('ky')
    const options = network.kind === 'memory' ? { timeout: attemptTimeoutMs, fetch: network.fetch } : { timeout: attemptTimeoutMs }
    return ({ kind, signal }) => call(`${baseUrl}/v1/things`, { ...options, signal, ...(kind === 'paid' ? { method: 'post', json: { n: 1 } } : {}) }).json()
  },
}

type Got = (url: string, options: object) => { json(): Promise<unknown> }

export const got: Contender = {
  name: 'got',
  from: 'got',
  dialect: 'plain',
  async create(world) {
    const { default: call } = await peer<{ readonly default: Got }>('got')
    const send = sendWithin(world, () => Object.assign(new Error('Timeout awaiting request'), { code: 'ETIMEDOUT' }))
    // Made for node:http. In memory its `request` is one that gives a response at once.
    const request = async ({ pathname }: URL, { method = 'GET' }: { readonly method?: string }): Promise<unknown> => {
      const { status, headers, body } = await send({ method, path: pathname })
      const head = { statusCode: status, statusMessage: '', headers, rawHeaders: Object.entries(headers).flat(), trailers: {}, rawTrailers: [], httpVersion: '1.1', complete: true }
      return Object.assign(Readable.from([Buffer.from(body)]), head)
    }
    // The timeout is also the longest Retry-After that it waits for.
    const options = { timeout: { request: world.attemptTimeoutMs }, ...(world.network.kind === 'memory' ? { request } : {}) }
    return ({ kind, signal }) => call(`${world.baseUrl}/v1/things`, { ...options, signal, ...(kind === 'paid' ? { method: 'POST', json: { n: 1 } } : {}) }).json()
  },
}

interface Axios {
  create(options: object): { request(options: object): Promise<{ readonly data: unknown }> }
}

interface AxiosRetry {
  readonly default: (client: object, options: object) => void
  readonly exponentialDelay: unknown
}

export const axiosRetry: Contender = {
  name: 'axios-retry',
  from: 'axios-retry',
  note: 'retryDelay: exponentialDelay; its default is none',
  dialect: 'plain',
  async create({ baseUrl, attemptTimeoutMs, network }) {
    const { default: axios } = await peer<{ readonly default: Axios }>('axios')
    const { default: retry, exponentialDelay } = await peer<AxiosRetry>('axios-retry')
    const client = axios.create({ baseURL: baseUrl, timeout: attemptTimeoutMs, ...(network.kind === 'memory' ? { adapter: 'fetch', env: { fetch: network.fetch } } : {}) })
    retry(client, { retryDelay: exponentialDelay })
    return async ({ kind, signal }) => (await client.request({ url: '/v1/things', signal, ...(kind === 'paid' ? { method: 'post', data: { n: 1 } } : {}) })).data
  },
}

interface Undici {
  readonly Agent: new (options: object) => object
  readonly RetryAgent: new (dispatcher: object) => object
  readonly Dispatcher: new () => object
  readonly request: (url: string, options: object) => Promise<{ readonly statusCode: number; readonly body: { json(): Promise<unknown>; dump(): Promise<void> } }>
}

interface DispatchHandler {
  onRequestStart(controller: object, context: object): void
  onResponseStart(controller: object, status: number, headers: object, message: string): void
  onResponseData(controller: object, chunk: Buffer): void
  onResponseEnd(controller: object, trailers: object): void
  onResponseError(controller: object, error: Error): void
}

/** What undici asks of a connection, answered from memory. */
class MemoryController {
  aborted = false
  readonly paused = false
  reason: Error | null = null
  readonly #handler: DispatchHandler
  constructor(handler: DispatchHandler) {
    this.#handler = handler
  }
  pause(): void {}
  resume(): void {}
  abort(error: Error): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = error
    this.#handler.onResponseError(this, error)
  }
}

export const undiciRetryAgent: Contender = {
  name: 'undici RetryAgent',
  from: 'undici',
  note: 'with undici.request',
  dialect: 'plain',
  async create(world) {
    const { Agent, RetryAgent, Dispatcher, request } = await peer<Undici>('undici')
    const send = sendWithin(world, () => Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' }))
    class MemoryDispatcher extends Dispatcher {
      dispatch({ method, path }: { readonly method: string; readonly path: string }, handler: DispatchHandler): boolean {
        const controller = new MemoryController(handler)
        handler.onRequestStart(controller, {})
        void send({ method, path })
          .then(({ status, headers, body }) => {
            if (!controller.aborted) handler.onResponseStart(controller, status, headers, '')
            if (!controller.aborted) handler.onResponseData(controller, Buffer.from(body))
            if (!controller.aborted) handler.onResponseEnd(controller, {})
          })
          // What a handler throws is an error of the request: RetryAgent says so what it retries.
          .catch((error: Error) => {
            if (!controller.aborted) handler.onResponseError(controller, error)
          })
        return true
      }
    }
    const dispatcher = new RetryAgent(world.network.kind === 'memory' ? new MemoryDispatcher() : new Agent({ headersTimeout: world.attemptTimeoutMs }))
    return async ({ kind, signal }) => {
      const { statusCode, body } = await request(`${world.baseUrl}/v1/things`, { dispatcher, signal, ...(kind === 'paid' ? { method: 'POST', body: '{"n":1}' } : {}) })
      if (statusCode < 400) return body.json()
      await body.dump()
      throw new Error(`status ${statusCode}`)
    }
  },
}
