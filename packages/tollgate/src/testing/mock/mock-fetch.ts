/** A mock as `fetch`, without a port: what a plan says, as a web `Response`, or as the error that `fetch` gives where a connection breaks. */
import type { Clock } from '../../engine/clock.ts'
import { signalOf } from '../../engine/request-signal.ts'
import type { MockCore } from './mock-core.ts'
import type { MockPlan } from './mock-plan.ts'

/** The runtime's own type, whatever it is. */
export type MockFetch = typeof globalThis.fetch

const BODYLESS = new Set([204, 205, 304])

/** Addresses without a host are those of the mock. */
const BASE = 'http://mock.test'

export function createMockFetch(core: Pick<MockCore, 'begin' | 'ended'>, clock: Clock): MockFetch {
  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = new Request(typeof input === 'string' || input instanceof URL ? new URL(String(input), BASE) : input, init)
    const signal = init?.signal ?? signalOf(typeof input === 'object' && !(input instanceof URL) ? input : request)
    if (signal.aborted) throw signal.reason
    const body = new Uint8Array(await request.arrayBuffer())
    const { pathname, search } = new URL(request.url)
    const headers: string[] = []
    request.headers.forEach((value, name) => headers.push(name, value))
    const plan = core.begin({ method: request.method, target: pathname + search, headers, body }, { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() })
    return answer(plan, request.method, signal)
  }

  async function answer(plan: MockPlan, method: string, signal: AbortSignal): Promise<Response> {
    let isOver = false
    const end = (how: 'sent' | 'gone'): void => {
      if (!isOver) core.ended(plan.attempt, how, clock.monotonicMs())
      isOver = true
    }
    if (!(await passed(plan.delayMs, signal))) {
      end('gone')
      throw signal.reason
    }
    const { head } = plan
    if (head === undefined) {
      end('sent')
      throw connectionLost()
    }
    const headers = new Headers()
    for (let at = 0; at + 1 < head.headers.length; at += 2) headers.append(head.headers[at] ?? '', head.headers[at + 1] ?? '')
    if (plan.length !== undefined && !BODYLESS.has(head.status)) headers.set('Content-Length', String(plan.length))
    const init = { status: head.status, headers }
    if (BODYLESS.has(head.status) || method === 'HEAD') {
      end('sent')
      return new Response(null, init)
    }
    return new Response(bodyOf(plan, signal, end), init)
  }

  function bodyOf({ pieces, length, ends }: MockPlan, signal: AbortSignal, end: (how: 'sent' | 'gone') => void): ReadableStream {
    const parts = length === undefined ? pieces : withinLength(pieces, length)
    const isWhole = ends === 'whole' || (length !== undefined && bytesIn(pieces) > length)
    let at = 0
    return new ReadableStream({
      async pull(controller) {
        const piece = parts[at++]
        if (piece !== undefined) {
          if (!(await passed(piece.afterMs, signal))) {
            end('gone')
            return controller.error(signal.reason)
          }
          controller.enqueue(piece.bytes)
        }
        if (at < parts.length) return
        // Before its reader sees the end: what comes next comes later.
        end('sent')
        if (isWhole) controller.close()
        // Not before what came has been read: an error drops what waits.
        else if (piece === undefined || parts.length === 0) controller.error(broken())
      },
      cancel: () => end('gone'),
    })
  }

  /** False: it was given up before. */
  function passed(ms: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false)
    if (ms <= 0) return Promise.resolve(true)
    return new Promise((resolve) => {
      const forget = clock.after(ms, () => resolve(true))
      signal.addEventListener('abort', () => (forget(), resolve(false)), { once: true })
    })
  }

  return fetch
}

function bytesIn(pieces: MockPlan['pieces']): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** A client reads no further than it is told. */
function withinLength(pieces: MockPlan['pieces'], length: number): MockPlan['pieces'] {
  let left = length
  return pieces.flatMap(({ afterMs, bytes }) => {
    const taken = bytes.subarray(0, Math.max(0, left))
    left -= bytes.length
    return taken.length === 0 ? [] : [{ afterMs, bytes: taken }]
  })
}

/** As undici says them. */
function connectionLost(): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) })
}

function broken(): Error {
  return new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) })
}
