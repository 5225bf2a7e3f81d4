/** The head of a request as undici would write it, and where its body ends: to a service both are the same. */
import { headerLine } from '../../http/plain/answer-lines.ts'
import type { OutgoingMessage } from '../outgoing-message.ts'

export interface RequestLines {
  /** All but what says where the body ends, and the empty line. */
  readonly text: string
  /** What its `Content-Length` says; undefined: none does. */
  readonly length: number | undefined
}

/** Undici's own rule for a request's target. */
const pathFault = /[^\u0021-\u00ff]/
const valueFault = /[^\t\x20-\x7e\x80-\xff]/
const lengthForm = /^\d{1,15}$/

/** Methods that are sent with `Content-Length: 0` where there is no body. */
const withPayload: ReadonlySet<string> = new Set(['PUT', 'POST', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH'])

export function expectsPayload(method: string): boolean {
  return withPayload.has(method)
}

/** Undefined where undici must see to it: what it refuses, and what is said of the connection. `hostLine`: of a request that names no other. */
export function formatRequestLines({ method, path, headers, upgrade }: OutgoingMessage, hostLine: string): RequestLines | undefined {
  if (upgrade !== null || method === 'CONNECT' || !path.startsWith('/') || pathFault.test(path)) return undefined
  let host: string | undefined
  let length: number | undefined
  let fields = ''
  try {
    for (let at = 0; at + 1 < headers.length; at += 2) {
      const name = headers[at] ?? ''
      const value = headers[at + 1] ?? ''
      switch (name.length) {
        case 4:
          if (name.toLowerCase() !== 'host') break
          if (host !== undefined || valueFault.test(value)) return undefined
          host = value
          continue
        case 14:
          if (name.toLowerCase() !== 'content-length') break
          if (length !== undefined || !lengthForm.test(value)) return undefined
          length = Number(value)
          continue
        case 6:
        case 7:
        case 10:
        case 17:
          if (leftToUndici.has(name.toLowerCase())) return undefined
          break
        default:
      }
      fields += headerLine(name, value)
    }
  } catch {
    return undefined
  }
  // After a HEAD undici keeps no connection: some services send a body.
  const connection = method === 'HEAD' ? 'connection: close\r\n' : 'connection: keep-alive\r\n'
  return { text: `${method} ${path} HTTP/1.1\r\n${host === undefined ? hostLine : `host: ${host}\r\n`}${connection}${fields}`, length }
}

const leftToUndici: ReadonlySet<string> = new Set(['expect', 'upgrade', 'connection', 'keep-alive', 'transfer-encoding'])
