/**
 * JoggAI, a small real service: it makes videos in which an avatar speaks, in its own time, and tells webhooks when they are done.
 *
 * It knows nothing of keys, limits or balances, and no error envelope. Whoever stands in front says in `Tollgate-*` headers who calls and holds the
 * credits (`caller.ts`); the service answers with the price. What it cannot do it refuses as `application/problem+json`. What breaks inside is
 * logged and answered by a bare 500.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createStoppableClock, systemClock } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import { closeServer, listenOn } from '@tollgate/example-parts/listening'
import { createOutbound } from '@tollgate/example-parts/outbound'
import { createRouter } from '@tollgate/example-parts/router'
import { readWholeBody } from '@tollgate/example-parts/whole-body'
import { readCaller } from './caller.ts'
import { createVideoCreation } from './create-video.ts'
import { createDeliveries } from './deliveries.ts'
import { createEndpoints } from './endpoints.ts'
import { createLibrary } from './library.ts'
import { createNotifier } from './notifier.ts'
import { bare } from './reply.ts'
import type { Reply } from './reply.ts'
import { createRoutes } from './routes.ts'
import type { Call } from './routes.ts'
import { createStudio } from './studio.ts'
import { createVideoRows } from './video-rows.ts'

export interface JoggOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  /** The folder of avatars and voices, with a slash at its end. Default: the one that comes with this package. */
  readonly library?: URL
  /** Where callers reach this service, without a slash at its end: the beginning of each `video_url`. Default: where it listens. */
  readonly publicUrl?: () => string
  /** Whether webhooks and recordings may be at `http://127.0.0.1`: for tests and the reader's own machine. Default: no. */
  readonly allowLoopback?: boolean
  /** Whether a video that fails costs nothing. Default: no, as credits are due when a request is accepted. */
  readonly refundFailed?: boolean
  /** Hexadecimal digits of so many random bytes: ids and secrets. Default: the system's generator. */
  readonly randomHex?: (bytes: number) => string
  /** Called for each error, with the id of the request or video that it happened to. */
  readonly onError?: (error: unknown, where: string) => void
}

export interface JoggService {
  /** Port 0 takes any free one. Rejects if the port is busy. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>
  /** Lets running requests end, then stops; videos that are being made and events that wait stay as they are. */
  close(): Promise<void>
}

const BODY_BYTES_MAX = 64 * 1024
/** How long a webhook or the server of a recording may take to answer. */
const OUTBOUND_DEADLINE_MS = 5_000

/** In a path. */
const IDS = String.raw`[\w-]{1,64}`

export function createJoggService(options: JoggOptions = {}): JoggService {
  const { allowLoopback = false, refundFailed = false, randomHex = (bytes) => randomBytes(bytes).toString('hex'), onError = () => {} } = options
  const clock = createStoppableClock(options.clock ?? systemClock)
  const wallMs = () => clock.wallMs()
  let ownUrl = ''
  const publicUrl = options.publicUrl ?? (() => ownUrl)
  const library = createLibrary(options.library ?? new URL('../library/', import.meta.url))
  const outbound = createOutbound({ clock, allowLoopback, deadlineMs: OUTBOUND_DEADLINE_MS })
  const endpoints = createEndpoints(wallMs, randomHex)
  const rows = createVideoRows(wallMs)
  const announce = createNotifier({ wallMs, publicUrl, endpoints, deliveries: createDeliveries(clock, outbound), randomHex })
  const studio = createStudio({ clock, library, onError })
  const createVideo = createVideoCreation({ clock, library, outbound, rows, studio, refundFailed, randomHex, announce, onError })
  const route = createRouter<Call, Reply>(createRoutes({ wallMs, publicUrl, library, outbound, endpoints, rows, createVideo }), IDS)

  async function reply(request: IncomingMessage): Promise<Reply> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    // HEAD is a GET whose body node:http keeps to itself.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    const match = route(method, path)
    if (!match.found) return match.allow.length === 0 ? bare(404) : bare(405, { Allow: match.allow.join(', ') })
    const body = await readWholeBody(request, BODY_BYTES_MAX)
    if (body === undefined) return bare(413)
    return match.handle({ caller: readCaller(request.headers), query: new URLSearchParams(query), body })
  }

  // A connection is kept longer than whoever asks keeps it, so that none closes under a request.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    reply(request)
      .catch((error: unknown) => {
        // A caller who hung up in the middle of the body is no defect of ours.
        if (request.complete) onError(error, request.headers['tollgate-request-id']?.toString() ?? '-')
        return bare(500)
      })
      .then((answer) => send(answer, response))
  })

  return {
    async listen(port, host = '127.0.0.1') {
      const bound = await listenOn(server, port, host)
      ownUrl = bound.url
      return bound
    },
    async close() {
      await closeServer(server)
      clock.stop()
    },
  }
}

function send(reply: Reply, response: ServerResponse): void {
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) }).end(reply.body)
}
