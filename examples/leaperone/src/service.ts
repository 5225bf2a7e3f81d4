/**
 * LEAPERone, a small real service: chat that streams, images as tasks, transcriptions, in the shapes of OpenAI's API.
 *
 * It knows nothing of keys, plans or limits, and no error envelope. Whoever stands in front says in `Tollgate-*` headers who calls and holds the
 * credits (`caller.ts`); the answers say what was used, or cost. What it cannot do it refuses as `application/problem+json`. What breaks inside is
 * logged and answered by a bare 500, or, in the middle of a stream, by breaking it.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createStoppableClock, systemClock } from '@tollgate/example-parts/clock'
import type { Clock } from '@tollgate/example-parts/clock'
import { closeServer, listenOn } from '@tollgate/example-parts/listening'
import { createOutbound } from '@tollgate/example-parts/outbound'
import { createRouter } from '@tollgate/example-parts/router'
import { createAudio } from './audio.ts'
import { CALLBACK_DEADLINE_MS } from './callbacks.ts'
import { readCaller } from './caller.ts'
import { createChatModel } from './chat-model.ts'
import { createChat } from './chat.ts'
import { createImageTasks } from './image-tasks.ts'
import { createImages } from './images.ts'
import { createLibrary } from './library.ts'
import { readModels } from './models.ts'
import { createPainter } from './painter.ts'
import { bare } from './reply.ts'
import type { Reply } from './reply.ts'
import { createRoutes } from './routes.ts'
import type { Call } from './routes.ts'
import { send } from './send.ts'

export interface LeaperoneOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  /** The folder of themes, with a slash at its end. Default: the one that comes with this package. */
  readonly library?: URL
  /** The folder of the tombstones of earlier runs, with a slash at its end. Default: the one that comes with this package. */
  readonly deleted?: URL
  /** Where callers reach this service, without a slash at its end: the beginning of each image's address. Asked when it is needed. Default: where it listens. */
  readonly publicUrl?: () => string
  /** Whether callbacks may be at `http://127.0.0.1`: for tests and the reader's own machine. Default: no. */
  readonly allowLoopback?: boolean
  /** Between two tokens of a stream. Default: 20; 0 is as fast as they are read. */
  readonly tokenIntervalMs?: number
  /** Hexadecimal digits of so many random bytes: ids. Default: the system's generator. */
  readonly randomHex?: (bytes: number) => string
  /** Called for each error, with the id of the request or task that it happened to. */
  readonly onError?: (error: unknown, where: string) => void
}

export interface LeaperoneService {
  /** Port 0 takes any free one. Rejects if the port is busy. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>
  /** Lets running requests end, then stops; images that are being painted and callbacks that wait stay as they are. */
  close(): Promise<void>
}

const fromPackage = (path: string) => new URL(`../${path}`, import.meta.url)

/** In a path. */
const IDS = String.raw`[\w.-]{1,64}`

export function createLeaperoneService(options: LeaperoneOptions = {}): LeaperoneService {
  const { allowLoopback = false, tokenIntervalMs = 20, randomHex = (bytes) => randomBytes(bytes).toString('hex'), onError = () => {} } = options
  const clock = createStoppableClock(options.clock ?? systemClock)
  let ownUrl = ''
  const publicUrl = options.publicUrl ?? (() => ownUrl)
  const library = createLibrary(options.library ?? fromPackage('library/'))
  const models = readModels(fromPackage('models.json'))
  const tasks = createImageTasks(() => clock.wallMs(), options.deleted ?? fromPackage('deleted/'))
  const outbound = createOutbound({ clock, allowLoopback, deadlineMs: CALLBACK_DEADLINE_MS })
  const paint = createPainter(clock, library, onError)
  const route = createRouter<Call, Reply>(
    createRoutes({
      models,
      chat: createChat({ clock, models, write: createChatModel(library), tokenIntervalMs, randomHex }),
      images: createImages({ clock, models, tasks, paint, outbound, publicUrl, randomHex, onError }),
      transcribe: createAudio(models),
    }),
    IDS,
  )

  async function reply(request: IncomingMessage, gone: AbortSignal): Promise<Reply> {
    // HEAD is a GET whose body node:http keeps to itself.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    const match = route(method, request.url?.split('?', 1)[0] ?? '/')
    if (!match.found) return match.allow.length === 0 ? bare(404) : bare(405, { Allow: match.allow.join(', ') })
    return match.handle({ caller: readCaller(request.headers), request, gone })
  }

  // A connection is kept longer than whoever asks keeps it, so that none closes under a request.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    // A caller who hung up in the middle of the body is no defect of ours.
    const failed = (error: unknown) => (request.complete ? onError(error, request.headers['tollgate-request-id']?.toString() ?? '-') : undefined)
    reply(request, gone.signal)
      .catch((error: unknown) => {
        failed(error)
        return bare(500)
      })
      .then((answer) => send(answer, response, gone.signal, failed))
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
