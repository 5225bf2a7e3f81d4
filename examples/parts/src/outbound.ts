/**
 * Requests to addresses that callers name: their webhooks, their recordings.
 *
 * Only https to the open internet. The name is resolved once, every address it has must be public, and exactly these are connected to, so that
 * a name cannot point elsewhere a moment later. Redirects are not followed. No answer within the deadline is a failure, and nothing that happens
 * out there rejects: the caller is told `unreachable` or `timeout`, and no more, lest it map what is near us.
 */
import { lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { request as requestHttp } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import type { Clock } from './clock.ts'
import { isPublicAddress } from './public-address.ts'

export interface OutboundRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: OutgoingHttpHeaders
  readonly body?: string
  /** How much of the answer's body is of interest; the rest is not waited for. */
  readonly bytesMax: number
}

export type OutboundAnswer =
  | { readonly ok: true; readonly status: number; readonly body: Buffer }
  | { readonly ok: false; readonly because: 'unreachable' | 'timeout' }

export interface Outbound {
  /** What is wrong with the address, as far as its text tells; undefined if it may be called. */
  refuse(url: string): string | undefined
  send(request: OutboundRequest): Promise<OutboundAnswer>
}

export interface OutboundOptions {
  readonly clock: Clock
  /** Whether `http://127.0.0.1` may be called too: for tests, and for a playground on the reader's own machine. */
  readonly allowLoopback: boolean
  readonly deadlineMs: number
  /** All addresses of a name. Default: the system's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>
}

const LOOPBACK = '127.0.0.1'

export function createOutbound({ clock, allowLoopback, deadlineMs, resolve = (hostname) => lookup(hostname, { all: true }) }: OutboundOptions): Outbound {
  const isOurLoopback = ({ protocol, hostname }: URL) => allowLoopback && protocol === 'http:' && hostname === LOOPBACK

  function refuse(text: string): string | undefined {
    if (!URL.canParse(text)) return 'must be a URL'
    const url = new URL(text)
    if (url.username !== '' || url.password !== '') return 'must not contain credentials'
    if (isOurLoopback(url)) return undefined
    if (url.protocol !== 'https:') return 'must be an https URL'
    const host = hostOf(url)
    const isOpen = isIP(host) === 0 ? /[^.]\.[^.]/.test(host) && !/\.(localhost|local|internal)\.?$/.test(host) : isPublicAddress(host)
    return isOpen ? undefined : 'must be reachable from the internet'
  }

  /** Rejects unless every address is public. */
  async function addressesOf(url: URL): Promise<readonly LookupAddress[]> {
    const host = hostOf(url)
    if (isOurLoopback(url)) return [{ address: LOOPBACK, family: 4 }]
    const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }]
    if (found.length === 0 || !found.every(({ address }) => isPublicAddress(address))) throw new Error(`${host} is not on the open internet`)
    return found
  }

  return {
    refuse,
    async send(request) {
      if (refuse(request.url) !== undefined) return { ok: false, because: 'unreachable' }
      const url = new URL(request.url)
      const deadline = new AbortController()
      const cancel = clock.after(deadlineMs, () => deadline.abort())
      try {
        const addresses = await Promise.race([addressesOf(url), rejectionOf(deadline.signal)])
        const response = await exchange(url, request, addresses, deadline.signal)
        return { ok: true, status: response.statusCode ?? 0, body: await readHead(response, request.bytesMax) }
      } catch {
        return { ok: false, because: deadline.signal.aborted ? 'timeout' : 'unreachable' }
      } finally {
        cancel()
      }
    },
  }
}

function exchange(url: URL, { method, headers, body }: OutboundRequest, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_, { all }, done) => {
    const [first] = addresses
    if (all === true) done(null, [...addresses])
    else done(null, first?.address ?? '', first?.family)
  }
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    // No shared agent: an open connection would outlive the check of its address. And no connection that waits keeps the process from ending.
    const sent = send(url, { method, headers, lookup: pinned, signal, agent: false })
    sent.on('socket', (socket) => socket.unref()).on('response', resolve).on('error', reject).end(body)
  })
}

async function readHead(response: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let missing = bytesMax
  // Leaving the loop destroys the response and its connection.
  if (missing > 0) {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, missing))
      missing -= chunk.length
      if (missing <= 0) break
    }
  }
  response.destroy()
  return Buffer.concat(chunks)
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true })
  })
}

/** IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}
