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
    decode(bytes?: Uint8Array): string
  }

  class URL {
    constructor(url: string, base?: string | URL)
    readonly href: string
    readonly origin: string
    readonly host: string
    readonly hostname: string
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

  const AbortSignal: {
    timeout(delayMs: number): object
  }

  function fetch(
    url: string,
    init: {
      readonly method: string
      readonly headers: { readonly [name: string]: string }
      readonly body: string
      readonly redirect: 'manual'
      readonly signal: object
    },
  ): Promise<{ readonly status: number; text(): Promise<string> }>

  function setTimeout(run: () => void, delayMs?: number): unknown
  function clearTimeout(timer: unknown): void
  function queueMicrotask(run: () => void): void
}
