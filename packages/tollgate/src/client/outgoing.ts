/** The request of a call, as it goes out in each attempt: whole each time, under one idempotency key, with the token that is good by then. */
import type { CallLimits } from './client-options.ts'
import type { ClientPlan } from './client-plan.ts'
import { isReplayable } from './sent-body.ts'
import { isInner, markOuter } from './stacked-layers.ts'

/** What one call is told, beside what `fetch` takes. */
export interface CallInit extends RequestInit, CallLimits {
  /** Sent as JSON, in place of a body. */
  readonly json?: unknown
  /** Under which the call is known to the server. Default: a fresh one, where the contract takes one. */
  readonly idempotencyKey?: string
}

export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly origin: string
  readonly signal: AbortSignal | undefined
  /** The idempotency key. */
  readonly key: string | undefined
  /** Its method alone says that doing it twice does no harm. */
  readonly isHarmless: boolean
  readonly isRepeatable: boolean
  readonly isReplayable: boolean
  /** It goes to the client's own origin, and brings no credentials of its own. */
  readonly takesToken: boolean
  token: string | undefined
  send(attempt: number, added: ReadonlyMap<string, string> | undefined, signal: AbortSignal | undefined): Promise<Response>
  /** Whether an outer layer repeats. */
  isInner(): boolean
  /** Whether it never went out, since it is no request at all. */
  isMistaken(): boolean
}

/** Doing these twice does no harm (RFC 9110 section 9.2.2). */
const harmless = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'QUERY'])

export function createOutgoing(plan: ClientPlan, input: string | URL | Request, init: CallInit): Outgoing {
  const { tokens, attemptHeader } = plan
  const request = typeof input === 'object' && !(input instanceof URL) ? input : undefined
  const url = request?.url ?? addressOf(plan, String(input))
  const origin = originOf(plan, url)
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  const isOwn = origin === plan.baseOrigin
  const body = init.json === undefined ? init.body : JSON.stringify(init.json)
  /** Whoever gave it has read it already. */
  const isSpent = body === undefined && request?.bodyUsed === true
  const given = init.headers ?? request?.headers
  const isHarmless = harmless.has(method)
  const keyHeader = isHarmless ? undefined : (plan.keyHeader ?? (init.idempotencyKey && !plan.sendsNoKey ? 'Idempotency-Key' : undefined))

  // The runtime pays for each object of headers that it is given.
  const base = (isOwn && (plan.headers.length > 0 || tokens !== undefined)) || keyHeader !== undefined || init.json !== undefined ? new Headers(given) : undefined
  if (base !== undefined) {
    if (init.json !== undefined && !base.has('content-type')) base.set('content-type', 'application/json')
    if (isOwn) for (const [name, value] of plan.headers) if (!base.has(name)) base.set(name, value)
  }
  const takesToken = isOwn && tokens !== undefined && base?.has(tokens.header) === false
  const key = keyHeader === undefined ? undefined : (init.idempotencyKey || base?.get(keyHeader) || newKey())
  if (keyHeader !== undefined && key !== undefined) base?.set(keyHeader, key)

  const outgoing: Outgoing = {
    method,
    url,
    origin,
    signal: init.signal ?? request?.signal ?? undefined,
    key,
    isHarmless,
    isRepeatable: isHarmless || key !== undefined,
    isReplayable: isReplayable(body),
    takesToken,
    token: undefined,
    send(attempt, added, signal) {
      const countedIn = attempt > 1 ? attemptHeader : undefined
      let headers = base
      if (added !== undefined || countedIn !== undefined) headers = new Headers(base ?? given)
      if (headers !== undefined) {
        if (takesToken && outgoing.token !== undefined) headers.set(tokens.header, tokens.format(outgoing.token))
        if (countedIn !== undefined) headers.set(countedIn, String(attempt))
        for (const [name, value] of added ?? []) headers.set(name, value)
      }
      const sent: RequestInit = { ...init }
      if (body !== undefined) sent.body = body
      if (headers !== undefined) sent.headers = headers
      if (signal !== undefined) sent.signal = signal
      // A copy each time, so that the next attempt has its body; bytes are kept, not asked for again.
      return plan.fetch(request === undefined || body !== undefined ? (request ?? url) : copyOf(request), markOuter(sent))
    },
    isInner: () => isInner(init, new Headers(given)),
    isMistaken() {
      if (isSpent || (body !== undefined && body !== null && (method === 'GET' || method === 'HEAD'))) return true
      try {
        // oxlint-disable-next-line no-new -- what it says is what is asked
        new Request(url, { ...init, body: null, signal: null })
        return false
      } catch {
        return true
      }
    },
  }
  return outgoing
}

function copyOf(request: Request): Request {
  return request.body === null || request.bodyUsed ? request : request.clone()
}

/** A path is added to the client's address, whose own path stays; what has a scheme is whole. */
export function addressOf({ baseUrl }: ClientPlan, address: string): string {
  if (baseUrl === undefined || /^[a-z][a-z\d+.-]*:/i.test(address)) return address
  return address === '' || address.startsWith('?') ? baseUrl + address : `${baseUrl}/${address.replace(/^\/+/, '')}`
}

export function originOf({ baseUrl, baseOrigin = '' }: ClientPlan, url: string): string {
  if (baseUrl !== undefined && url.startsWith(`${baseUrl}/`)) return baseOrigin
  try {
    return new URL(url).origin
  } catch {
    return ''
  }
}

/** Pages without https have no `randomUUID`. */
function newKey(): string {
  const { randomUUID } = crypto as { readonly randomUUID?: () => string }
  if (randomUUID !== undefined) return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
