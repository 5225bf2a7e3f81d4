/** The head of a request, walked once by whatever reads it from the wire: header names in lower case beside the list as it came, and what HTTP itself needs to know. */
import type { IncomingMessage } from 'node:http'

export interface HeadFields {
  readonly method: string
  /** As it came: origin-form, absolute-form, `*`. */
  readonly target: string
  /** `1.1` */
  readonly version: string
  /** Name, value, name, value, as they came. */
  readonly headers: readonly string[]
  /** In lower case: `names[i]` belongs to `headers[2 * i]`. */
  readonly names: readonly string[]
  readonly hosts: number
  readonly host: string | undefined
  readonly transferEncoding: string | undefined
  /** It was checked to be a number and the only one. */
  readonly contentLength: number | undefined
  readonly expect: string | undefined
  /** The options of `Connection`, lower case: headers that end at this hop. */
  readonly connectionOptions: readonly string[]
}

export class RequestHead implements HeadFields {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly string[]
  readonly names: readonly string[]
  readonly hosts: number
  readonly host: string | undefined
  readonly transferEncoding: string | undefined
  readonly contentLength: number | undefined
  readonly expect: string | undefined
  readonly connectionOptions: readonly string[]

  constructor(fields: HeadFields) {
    this.method = fields.method
    this.target = fields.target
    this.version = fields.version
    this.headers = fields.headers
    this.names = fields.names
    this.hosts = fields.hosts
    this.host = fields.host
    this.transferEncoding = fields.transferEncoding
    this.contentLength = fields.contentLength
    this.expect = fields.expect
    this.connectionOptions = fields.connectionOptions
  }

  get hasBody(): boolean {
    return this.transferEncoding !== undefined || (this.contentLength ?? 0) > 0
  }

  /** All values of a header as one list (RFC 9110 section 5.3); undefined when it is absent. `name` is lower case. */
  value(name: string): string | undefined {
    let joined: string | undefined
    for (let at = this.names.indexOf(name); at !== -1; at = this.names.indexOf(name, at + 1)) {
      const value = this.headers[2 * at + 1] ?? ''
      joined = joined === undefined ? value : `${joined}, ${value}`
    }
    return joined
  }
}

/** As node:http read it. */
export function headFromNode({ method = '', url = '', httpVersion, rawHeaders }: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion'> & { readonly rawHeaders: readonly string[] }): RequestHead {
  const names: string[] = []
  let hosts = 0
  let host: string | undefined
  let transferEncoding: string | undefined
  let contentLength: number | undefined
  let expect: string | undefined
  let connectionOptions: readonly string[] = none
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    names.push(name)
    switch (name) {
      case 'host':
        hosts += 1
        host = value
        break
      case 'connection':
        connectionOptions = [...connectionOptions, ...listElements(value)]
        break
      case 'content-length':
        contentLength = Number(value)
        break
      case 'transfer-encoding':
        transferEncoding = transferEncoding === undefined ? value : `${transferEncoding}, ${value}`
        break
      case 'expect':
        expect = expect === undefined ? value : `${expect}, ${value}`
        break
      default:
    }
  }
  return new RequestHead({ method, target: url, version: httpVersion, headers: rawHeaders, names, hosts, host, transferEncoding, contentLength, expect, connectionOptions })
}

const none: readonly string[] = []
const keepAlive: readonly string[] = ['keep-alive']

/** `a, B ,,c` → `a`, `b`, `c` */
export function listElements(value: string): readonly string[] {
  if (value === 'keep-alive') return keepAlive
  return value
    .toLowerCase()
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '')
}
