/**
 * AI-Powered API, a small real service: it writes texts, paints pictures, analyses what it is given, keeps files and tells webhooks. Its models are
 * small and deterministic; what goes wrong with them is real.
 *
 * It knows nothing of keys, limits or quotas, and no error envelope. Whoever stands in front says in `Tollgate-*` headers who calls (`caller.ts`).
 * What it cannot do it refuses as `application/problem+json`. What breaks inside is logged, and told as an internal error and nothing more.
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
import { createAnalysis } from './analyse-text.ts'
import { send } from './answer.ts'
import { readCaller } from './caller.ts'
import type { Caller } from './caller.ts'
import { openDataFolder } from './data-folder.ts'
import { createDeliveries } from './deliveries.ts'
import { createFiles } from './files.ts'
import { createImageGeneration } from './generate-image.ts'
import { createTextGeneration } from './generate-text.ts'
import { createImages } from './images.ts'
import { createJapaneseAnalyser } from './japanese-analyser.ts'
import { createNotifier } from './notifier.ts'
import { refuse } from './refusal.ts'
import { bare } from './reply.ts'
import type { Reply } from './reply.ts'
import { createRoutes, unknownRoute } from './routes.ts'
import type { Call } from './routes.ts'
import { createFileUpload } from './upload-file.ts'
import { createWebhooks } from './webhooks.ts'

export interface AiApiOptions {
  /** Default: the system's. */
  readonly clock?: Clock
  /** The folder of models, languages and voices, with a slash at its end. Default: what comes with this package. */
  readonly data?: URL
  /** Where callers reach this service, without a slash at its end: the beginning of each image's `url`. Default: where it listens. */
  readonly publicUrl?: () => string
  /** Whether webhooks may be at `http://127.0.0.1`: for tests and the reader's own machine. Default: no. */
  readonly allowLoopback?: boolean
  /** How large an uploaded file may be. Default: 5 MiB. */
  readonly fileBytesMax?: number
  /** Hexadecimal digits of so many random bytes: ids and secrets. Default: the system's generator. */
  readonly randomHex?: (bytes: number) => string
  /** Called for each error, with the id of the request that it happened to. */
  readonly onError?: (error: unknown, where: string) => void
}

export interface AiApiService {
  /** Port 0 takes any free one. Rejects if the port is busy. */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly url: string }>
  /** Lets running requests end, then stops; events that wait are not sent. */
  close(): Promise<void>
}

/** The longest prompt, should every one of its characters be escaped. */
const BODY_BYTES_MAX = 512 * 1024
/** How long a webhook may take to answer. */
const OUTBOUND_DEADLINE_MS = 5_000
/** How long a sender may look at the answer before its connection, which it did not get everything through, is closed. */
const LINGER_MS = 2_000

/** In a path. */
const IDS = '[^/]+'

export function createAiApiService(options: AiApiOptions = {}): AiApiService {
  const { allowLoopback = false, fileBytesMax = 5 * 1024 * 1024, randomHex = (bytes) => randomBytes(bytes).toString('hex'), onError = () => {} } = options
  const clock = createStoppableClock(options.clock ?? systemClock)
  const wallMs = () => clock.wallMs()
  let ownUrl = ''
  const publicUrl = options.publicUrl ?? (() => ownUrl)
  const data = openDataFolder(options.data ?? new URL('../', import.meta.url))
  const outbound = createOutbound({ clock, allowLoopback, deadlineMs: OUTBOUND_DEADLINE_MS })
  const [images, files, webhooks] = [createImages(), createFiles(wallMs, randomHex), createWebhooks(wallMs, randomHex)]
  const announce = createNotifier({ wallMs, webhooks, deliveries: createDeliveries(clock, outbound), randomHex })
  const japanese = createJapaneseAnalyser()
  const route = createRouter<Call, Reply>(
    createRoutes({
      models: data.models,
      images,
      files,
      webhooks,
      outbound,
      generateText: createTextGeneration({ clock, data, announce, randomHex, onError }),
      generateImage: createImageGeneration({ clock, data, images, publicUrl, announce, randomHex }),
      analyse: createAnalysis({ data, announce, askJapanese: (text) => japanese.ask(text) }),
      uploadFile: createFileUpload({ files, fileBytesMax, announce }),
    }),
    IDS,
  )
  const lingering = new Set<() => void>()

  async function reply(caller: Caller, request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    const [path = '/'] = (request.url ?? '/').split('?', 1)
    // HEAD is a GET whose body node:http keeps to itself.
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    const match = route(method, path)
    if (!match.found) return unknownRoute(match.allow)
    const body = match.streams ? '' : await readWholeBody(request, BODY_BYTES_MAX)
    return body === undefined ? bare(413) : match.handle({ caller, body, request, signal })
  }

  /**
   * The rest of a body that nobody reads stays with its sender, who has a moment to hear the answer; nothing more is heard on this connection (RFC
   * 9112 section 9.6). Node would close it at once, and the reset that follows can overtake the answer.
   */
  function linger({ socket }: IncomingMessage, response: ServerResponse): void {
    const forget = () => {
      cancel()
      lingering.delete(hangUp)
    }
    const hangUp = () => {
      forget()
      socket.destroy()
    }
    const cancel = clock.after(LINGER_MS, hangUp)
    lingering.add(hangUp)
    socket.once('close', forget).destroySoon = () => socket.end()
    response.setHeader('Connection', 'close')
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const caller = readCaller(request.headers)
    const answer = await reply(caller, request, gone.signal).catch((error: unknown): Reply => {
      // A caller who has hung up is no defect of ours.
      if (request.complete && !gone.signal.aborted) onError(error, caller.requestId)
      return refuse('internalError')
    })
    if (!request.complete && !request.destroyed) linger(request, response)
    send(answer, caller, wallMs(), request, response)
  }

  // A connection is kept longer than whoever asks keeps it, so that none closes under a request.
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => void serve(request, response))

  return {
    async listen(port, host = '127.0.0.1') {
      const bound = await listenOn(server, port, host)
      await japanese.listen()
      ownUrl = bound.url
      return bound
    },
    async close() {
      const closed = closeServer(server)
      for (const hangUp of lingering) hangUp()
      await closed
      clock.stop()
      await japanese.close()
    },
  }
}
