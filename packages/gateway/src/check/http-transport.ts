/** Requests over real sockets, byte for byte as a probe has them: no redirect is followed, nothing is decoded, no header is added but those that HTTP itself needs. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { codeOf } from '../platform/error-code.ts'
import type { ProbeExchange, Transport } from './probe-exchange.ts'
import { encodeForm } from './form-bytes.ts'
import type { ProbeRequest } from './probe-request.ts'

export interface HttpTransportOptions {
  /** Of the API: scheme, host and what stands before each path. */
  readonly url: URL
  readonly timeoutMs: number
}

/** A longer answer is cut off there, and none of a refusal is. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024

/** Without one they say so (RFC 9110 section 8.6); Node would send chunks. */
const mayHaveBody = new Set(['POST', 'PUT', 'PATCH'])

export function createHttpTransport({ url, timeoutMs }: HttpTransportOptions): Transport & { close(): void } {
  const isTls = url.protocol === 'https:'
  const agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const base = url.pathname.replace(/\/$/, '')

  const send = (request: ProbeRequest, signal: AbortSignal): Promise<ProbeExchange> =>
    new Promise((resolve) => {
      const { body, type } = bytesOf(request)
      const failed = (error: unknown): void => resolve({ kind: 'failed', request, fault: faultOf(error, timeoutMs) })
      const headers = [...request.headers.flat(), ...(type === undefined ? [] : ['Content-Type', type]), ...(body === undefined && !mayHaveBody.has(request.method) ? [] : ['Content-Length', String(body?.length ?? 0)])]
      const options = { agent, method: request.method, hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, path: base + request.path, headers: ['Host', url.host, 'User-Agent', 'tollgate-check', 'Accept', '*/*', ...headers], signal }
      try {
        const sent = (isTls ? httpsRequest : httpRequest)(options, (response) => {
          const chunks: Buffer[] = []
          let length = 0
          response.on('data', (chunk: Buffer) => {
            length += chunk.length
            if (length <= ANSWER_BYTES_MAX) chunks.push(chunk)
            else sent.destroy(new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`))
          })
          response.on('error', failed)
          response.on('end', () => {
            clearTimeout(timer)
            resolve({ kind: 'answered', request, answer: { status: response.statusCode ?? 0, headers: response.rawHeaders, body: Buffer.concat(chunks) }, receivedAtMs: Date.now() })
          })
        })
        const timer = setTimeout(() => sent.destroy(new Error('timeout')), timeoutMs)
        sent.on('error', (error) => {
          clearTimeout(timer)
          failed(error)
        })
        sent.end(body)
      } catch (error) {
        failed(error)
      }
    })
  return Object.assign(send, { close: () => agent.destroy() })
}

function bytesOf({ body }: ProbeRequest): { readonly body: Buffer | undefined; readonly type: string | undefined } {
  if (body.kind === 'none') return { body: undefined, type: undefined }
  return body.kind === 'text' ? { body: Buffer.from(body.text), type: undefined } : encodeForm(body.parts)
}

function faultOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.message === 'timeout') return `no whole answer within ${timeoutMs} ms (--timeout)`
  const code = codeOf(error)
  const said = error instanceof Error ? error.message : String(error)
  return code === '' || said.includes(code) ? said : `${said} (${code})`
}
