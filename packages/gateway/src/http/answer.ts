/** An answer of ours on the wire: through its sink where there is one, as bytes where Node gave up. Head and body go out in one write. */
import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Answer, TextAnswer } from 'tollgate/contract'
import type { AnswerSink } from './answer-sink.ts'
import { isBodyless, lengthWithoutBody } from './message-framing.ts'

export interface AnswerShape {
  /** HEAD: the length that the body would have, and no body. */
  readonly withoutBody: boolean
  readonly close: boolean
}

export function writeAnswer(sink: Pick<AnswerSink, 'writeHead' | 'end'>, answer: Answer, shape: AnswerShape): void {
  const body = isBodyless(answer.status) ? '' : answer.body
  sink.writeHead(answer.status, framedHeaders(answer, body), shape.close)
  if (shape.withoutBody) sink.end()
  else sink.end(body)
}

/** The whole answer as text; the connection ends with it. */
export function formatLastAnswer(answer: TextAnswer, withoutBody: boolean, nowMs: number): string {
  const headers = [...framedHeaders(answer, answer.body), 'Connection', 'close']
  let text = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}\r\nDate: ${new Date(nowMs).toUTCString()}\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? ''
    const value = headers[at + 1] ?? ''
    validateHeaderName(name)
    validateHeaderValue(name, value)
    text += `${name}: ${value}\r\n`
  }
  return withoutBody || isBodyless(answer.status) ? `${text}\r\n` : `${text}\r\n${answer.body}`
}

function framedHeaders(answer: Answer, body: string | Uint8Array): string[] {
  const headers: string[] = []
  // A protocol that is offered is named as an option of the connection too (RFC 9110 section 7.8).
  let offers = false
  for (let at = 0; at + 1 < answer.headers.length; at += 2) {
    const name = answer.headers[at] ?? ''
    if (name.length === 14 && name.toLowerCase() === 'content-length') continue
    offers ||= name.length === 7 && name.toLowerCase() === 'upgrade'
    headers.push(name, answer.headers[at + 1] ?? '')
  }
  const length = isBodyless(answer.status) ? lengthWithoutBody(answer.status) : String(Buffer.byteLength(body))
  if (length !== undefined) headers.push('Content-Length', length)
  if (offers) headers.push('Connection', 'Upgrade')
  return headers
}
