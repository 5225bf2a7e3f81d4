/**
 * All that the library asks of a runtime beyond ECMAScript: present in Node, Bun, Deno, Workers and browsers. Declared here rather than
 * taken from a runtime's own types, so that nothing else slips in.
 */
export {}

declare global {
  class TextEncoder {
    encode(text?: string): Uint8Array<ArrayBuffer>
  }

  class TextDecoder {
    constructor(label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean })
    decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string
  }

  class URL {
    constructor(url: string, base?: string | URL)
    readonly href: string
    readonly origin: string
    readonly host: string
    readonly hostname: string
    readonly port: string
    readonly username: string
    readonly password: string
    readonly protocol: string
    readonly pathname: string
    readonly search: string
  }

  const crypto: {
    getRandomValues<T extends Uint8Array>(bytes: T): T
    randomUUID(): string
  }

  function atob(base64: string): string
  function btoa(binary: string): string

  interface EventTarget {
    addEventListener(type: string, listen: () => void, options?: { readonly once?: boolean }): void
    removeEventListener(type: string, listen: () => void): void
  }

  interface AbortSignal extends EventTarget {
    readonly aborted: boolean
    readonly reason: any
  }
  var AbortSignal: {
    any(signals: AbortSignal[]): AbortSignal
    timeout(delayMs: number): AbortSignal
  }

  class AbortController {
    readonly signal: AbortSignal
    abort(reason?: unknown): void
  }

  class Headers {
    constructor(init?: HeadersInit)
    append(name: string, value: string): void
    delete(name: string): void
    get(name: string): string | null
    has(name: string): boolean
    set(name: string, value: string): void
    forEach(each: (value: string, name: string) => void): void
  }
  type HeadersInit = Headers | [string, string][] | Record<string, string>

  interface ReadableStreamReader {
    read(): Promise<{ done: boolean; value: Uint8Array<ArrayBuffer> | undefined }>
    cancel(reason?: unknown): Promise<void>
    releaseLock(): void
  }
  class ReadableStream {
    constructor(source?: { pull?(controller: ReadableStreamController): void | Promise<void>; cancel?(reason?: unknown): void | Promise<void> })
    getReader(): ReadableStreamReader
    cancel(reason?: unknown): Promise<void>
  }
  interface ReadableStreamController {
    enqueue(chunk: Uint8Array): void
    close(): void
    error(reason?: unknown): void
  }

  interface RequestInit {
    method?: string
    headers?: HeadersInit
    body?: unknown
    redirect?: 'follow' | 'error' | 'manual'
    signal?: AbortSignal | null
  }
  class Request {
    constructor(input: string | URL | Request, init?: RequestInit)
    readonly url: string
    readonly method: string
    readonly headers: Headers
    readonly body: ReadableStream | null
    readonly bodyUsed: boolean
    readonly signal: AbortSignal
    arrayBuffer(): Promise<ArrayBuffer>
    clone(): Request
  }

  interface ResponseInit {
    status?: number
    statusText?: string
    headers?: HeadersInit
  }
  class Response {
    constructor(body?: string | Uint8Array<ArrayBuffer> | ReadableStream | null, init?: ResponseInit)
    readonly status: number
    readonly statusText: string
    readonly ok: boolean
    readonly type: string
    readonly url: string
    readonly headers: Headers
    readonly body: ReadableStream | null
    readonly bodyUsed: boolean
    clone(): Response
    text(): Promise<string>
    json(): Promise<unknown>
    arrayBuffer(): Promise<ArrayBuffer>
    static error(): Response
  }

  function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>

  const performance: { now(): number }

  function setTimeout(run: () => void, delayMs?: number): unknown
  function clearTimeout(timer: unknown): void
  function queueMicrotask(run: () => void): void
}
