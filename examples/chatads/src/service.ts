/**
 * ChatAds, a small real service: it reads a chat message and names the product that it calls for.
 *
 * It knows nothing of keys, limits or quotas, and no error envelope. Whoever stands in front says in `Tollgate-*` headers who calls
 * (`caller.ts`); a request that it cannot accept it refuses as `application/problem+json`. What breaks inside is logged and answered by a
 * bare 500.
 */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { closeServer, listenOn } from '@tollgate/example-parts/listening'
import { readWholeBody } from '@tollgate/example-parts/whole-body'
import { analyse } from './analyse.ts'
import { readCaller } from './caller.ts'
import { createCatalogue } from './catalogue.ts'
import { guessLanguage } from './language.ts'
import { parseMessageRequest } from './message-request.ts'
import { bare, invalidInput, success } from './reply.ts'
import type { Reply } from './reply.ts'

export interface ChatadsOptions {
  /** The folder of catalogue shards, with a slash at its end. Default: the one that comes with this package. */
  readonly shards?: URL
  /** Called for each unhandled error. */
  readonly onError?: (error: unknown, requestId: string) => void
}

export interface ChatadsService {
  /** Port 0 takes any free one. Rejects if the port is busy. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>
  /** Lets running requests end, then stops. */
  close(): Promise<void>
}

const BODY_BYTES_MAX = 64 * 1024

export function createChatadsService(options: ChatadsOptions = {}): ChatadsService {
  const catalogue = createCatalogue(options.shards ?? new URL('../shards/', import.meta.url))

  async function reply(request: IncomingMessage): Promise<Reply> {
    const path = request.url?.split('?', 1)[0]
    if (path !== '/v1/chatads/messages') return bare(404)
    if (request.method !== 'POST') return bare(405, { Allow: 'POST' })

    const body = await readWholeBody(request, BODY_BYTES_MAX)
    if (body === undefined) return bare(413)
    const parsed = parseMessageRequest(body)
    if (!parsed.ok) return invalidInput(parsed.issue, parsed.field)

    const caller = readCaller(request.headers)
    const shard = await catalogue.shardFor(caller.account)
    if (shard.state === 'locked') return bare(503, { 'Retry-After': String(shard.retryAfterSeconds) })
    const { message, country } = parsed.request
    return success(caller, { country, language: guessLanguage(message) }, analyse(parsed.request, shard.products))
  }

  // A connection is kept longer than whoever asks keeps it, so that none closes under a request.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    reply(request)
      .catch((error: unknown) => {
        // A caller who hung up in the middle of the body is no defect of ours.
        if (request.complete) options.onError?.(error, request.headers['tollgate-request-id']?.toString() ?? '-')
        return bare(500)
      })
      .then((answer) => send(answer, response))
  })

  return {
    listen: (port, host = '127.0.0.1') => listenOn(server, port, host),
    close: () => closeServer(server),
  }
}

function send(reply: Reply, response: ServerResponse): void {
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) }).end(reply.body)
}
