/** From what the service says to bytes on the wire. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toInstant } from '@tollgate/example-parts/clock'
import type { Caller } from './caller.ts'
import { toProblem } from './refusal.ts'
import type { Reply } from './reply.ts'

export function send(reply: Reply, caller: Caller, nowMs: number, request: IncomingMessage, response: ServerResponse): void {
  switch (reply.kind) {
    case 'success': {
      const meta = { request_id: caller.requestId, timestamp: toInstant(nowMs) }
      return write(response, reply.status, { 'Content-Type': 'application/json; charset=utf-8' }, JSON.stringify({ success: true, data: reply.data, meta }))
    }
    case 'refusal': {
      const { status, body } = toProblem(reply)
      return write(response, status, { 'Content-Type': 'application/problem+json' }, body)
    }
    case 'content':
      // Somebody else made it: a browser shows it as what it is, and runs nothing in it.
      return write(response, 200, { 'Content-Type': reply.type, 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff' }, reply.bytes)
    case 'bare':
      return write(response, reply.status, reply.headers, '')
    case 'relay':
      // Past the response, which would make HTTP of it.
      reply.answer.on('error', () => request.socket.destroy()).pipe(request.socket)
  }
}

function write(response: ServerResponse, status: number, headers: { readonly [name: string]: string }, body: string | Buffer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
}
