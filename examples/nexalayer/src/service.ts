/**
 * NexaLayer, a small real service: it sells proxy sessions, whose addresses a backend allocates in its own time.
 *
 * It knows nothing of keys, limits, stock or balances, and no error envelope. Whoever stands in front says in `Tollgate-*` headers who calls, and
 * holds the money (`caller.ts`, `tollgate/service`); what the service cannot do it refuses as `application/problem+json`. What breaks inside is logged,
 * and said to be our own fault, so that nobody takes it for the backend's.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createStoppableClock, systemClock } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import { closeServer, listenOn } from '@tollgate/example-parts/listening'
import { createRouter } from '@tollgate/example-parts/router'
import { readWholeBody } from '@tollgate/example-parts/whole-body'
import { createBackendClient } from './backend-client.ts'
import type { Backend } from './backend.ts'
import { readCaller } from './caller.ts'
import { createSessionCreation } from './create-session.ts'
import { readProducts } from './product.ts'
import { createProvisioning } from './provisioning.ts'
import { createRecharges } from './recharges.ts'
import type { Credit } from './recharges.ts'
import { bare, no } from './reply.ts'
import type { Reply } from './reply.ts'
import { createRoutes } from './routes.ts'
import type { Call } from './routes.ts'
import { createSessionOperations } from './session-operations.ts'
import { createSessionRows } from './session-rows.ts'
import { createSimulatedBackend } from './simulated-backend.ts'
import { createTurns } from './turns.ts'

export interface NexalayerOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: one in this process, which takes two seconds to allocate. */
  readonly backend?: Backend
  /** How long the backend may take for an answer. Default: 10 seconds. */
  readonly backendDeadlineMs?: number
  /** Credits a paid recharge to the account's balance; the same one may come twice. Without it recharges are never paid. */
  readonly credit?: (credit: Credit) => Promise<void>
  /** Hexadecimal digits of so many random bytes: ids and passwords. Default: the system's generator. */
  readonly randomHex?: (bytes: number) => string
  /** Called for each error, with the id of the request, session or recharge that it happened to. */
  readonly onError?: (error: unknown, where: string) => void
}

export interface NexalayerService {
  /** Port 0 takes any free one. Rejects if the port is busy. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>
  /** Lets running requests end, then stops; sessions that are being created stay as they are. */
  close(): Promise<void>
}

export type { Credit }

const BODY_BYTES_MAX = 64 * 1024
const ALLOCATE_MS = 2_000

/** In a path. */
const IDS = String.raw`[\w-]{1,64}`

export function createNexalayerService(options: NexalayerOptions = {}): NexalayerService {
  const { backendDeadlineMs = 10_000, credit, randomHex = (bytes) => randomBytes(bytes).toString('hex'), onError = () => {} } = options
  const clock = createStoppableClock(options.clock ?? systemClock)
  const backend = createBackendClient(options.backend ?? createSimulatedBackend({ clock, randomHex, allocateMs: ALLOCATE_MS }), clock, backendDeadlineMs)
  const products = readProducts(new URL('../products.json', import.meta.url))
  const rows = createSessionRows(() => clock.wallMs())
  const inTurn = createTurns()
  const provisioning = createProvisioning({ clock, backend, inTurn, onError })
  const route = createRouter<Call, Reply>(
    createRoutes({
      products,
      rows,
      createSession: createSessionCreation({ clock, backend, products, rows, provisioning, randomHex, onError }),
      operations: createSessionOperations({ clock, backend, inTurn, onError }),
      recharges: createRecharges({ clock, randomHex, credit, onError }),
    }),
    IDS,
  )

  async function reply(request: IncomingMessage): Promise<Reply> {
    // HEAD is a GET whose body node:http keeps to itself.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    const match = route(method, request.url?.split('?', 1)[0] ?? '/')
    if (!match.found) return match.allow.length === 0 ? bare(404) : bare(405, { Allow: match.allow.join(', ') })
    const body = await readWholeBody(request, BODY_BYTES_MAX)
    if (body === undefined) return bare(413)
    return match.handle({ caller: readCaller(request.headers), body })
  }

  // A connection is kept longer than whoever asks keeps it, so that none closes under a request.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    reply(request)
      .catch((error: unknown) => {
        // A caller who hung up in the middle of the body is no defect of ours.
        if (request.complete) onError(error, request.headers['tollgate-request-id']?.toString() ?? '-')
        return no.internalError()
      })
      .then((answer) => send(answer, response))
  })

  return {
    listen: (port, host = '127.0.0.1') => listenOn(server, port, host),
    async close() {
      await closeServer(server)
      clock.stop()
    },
  }
}

function send(reply: Reply, response: ServerResponse): void {
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) }).end(reply.body)
}
