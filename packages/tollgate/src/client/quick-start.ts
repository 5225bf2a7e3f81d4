/**
 * The first attempt of a call, the short way: most calls succeed at once. It leads through few functions, since what a call of a millisecond pays for is code that is not
 * in the processor's cache. What does not succeed goes on as a `ClientCall`, as if that had begun it.
 */
import { SIGNAL_BELOW_MS, type ClientPlan } from './client-plan.ts'
import { addressOf, originOf, type CallInit } from './outgoing.ts'
import { readBoundedText, type BoundedText } from './received-body.ts'
import type { RetryBudget } from './retry-budget.ts'
import { mayHoldRefusal, toHeaders } from './read-refusal-answer.ts'
import { markOuter } from './stacked-layers.ts'
import { within, type Cut } from './web-clock.ts'

/** What was begun and has not succeeded, or is not known to have. */
export interface BeganCall {
  readonly kind: 'began'
  readonly startedMs: number
  readonly token: string | undefined
  readonly response: Response | Cut | undefined
  /** Of the response, where it has been read. */
  readonly read: BoundedText | undefined
  /** Where there is no response. */
  readonly thrown: unknown
}

/** A success. `text`: its body, where that was to be read. */
export interface QuickSuccess {
  readonly kind: 'answer'
  readonly response: Response
  readonly text: string | undefined
}

/** Undefined: no matter for the short way. */
export type QuickStart = (input: string | URL | Request, init: CallInit | undefined) => Promise<QuickSuccess | BeganCall> | undefined

export function createQuickStart(plan: ClientPlan, takesText: boolean): QuickStart {
  const { clock, fetch, tokens, headers: own, limits, looksInside, dialects } = plan
  const limitMs = Math.min(limits.timeoutMs, limits.attemptTimeoutMs, limits.headersTimeoutMs)
  const readsWithin = (startedMs: number): number => Math.min(limits.bodyTimeoutMs, Math.min(limits.timeoutMs, limits.attemptTimeoutMs) - (clock.monotonicMs() - startedMs))
  const ownHeaders = Object.fromEntries(own)
  const adds = tokens !== undefined || own.length > 0
  let known: { readonly prefix: string; readonly budget: RetryBudget | undefined } | undefined

  function succeeded(url: string, response: Response, text: string | undefined): QuickSuccess {
    if (known === undefined || !url.startsWith(known.prefix)) {
      const origin = originOf(plan, url)
      known = { prefix: `${origin}/`, budget: plan.budgetFor(origin) }
    }
    known.budget?.succeeded(clock.monotonicMs())
    return { kind: 'answer', response, text }
  }

  function isRefusal(response: Response, body: string): boolean {
    const answer = { status: response.status, headers: toHeaders(response), body }
    return dialects.some((dialect) => dialect.read(answer) !== undefined)
  }

  function sentBy(init: CallInit | undefined, token: string | undefined, signal: AbortSignal | undefined): RequestInit {
    const sent: RequestInit = markOuter({ ...init })
    const formatted = tokens === undefined || token === undefined ? undefined : { [tokens.header]: tokens.format(token) }
    // A bare object costs the runtime less than one of its own.
    if (adds && init?.headers === undefined) sent.headers = { ...ownHeaders, ...formatted }
    else if (adds) {
      const headers = new Headers(init?.headers)
      for (const [name, value] of own) if (!headers.has(name)) headers.set(name, value)
      for (const name in formatted) headers.set(name, formatted[name] as string)
      sent.headers = headers
    }
    if (signal !== undefined) sent.signal = signal
    return sent
  }

  async function start(url: string, init: CallInit | undefined, token: string | undefined, startedMs: number): Promise<QuickSuccess | BeganCall> {
    const controller = limitMs < SIGNAL_BELOW_MS ? new AbortController() : undefined
    const signal = init?.signal ?? undefined
    let sending: Promise<Response> | undefined
    const forget = (): void => {
      controller?.abort()
      // What comes after all is nobody's.
      sending?.then((late) => late.body?.cancel()).catch(() => {})
    }
    const began = (response: Response | Cut | undefined, read?: BoundedText, thrown?: unknown): BeganCall => ({ kind: 'began', startedMs, token, response, read, thrown })
    try {
      sending = fetch(url, sentBy(init, token, controller?.signal))
      const response = await within(clock, limitMs, signal, sending, forget)
      if (typeof response === 'string' || response.status >= 400) return began(response)
      if (!takesText && (!looksInside || !mayHoldRefusal(response))) return succeeded(url, response, undefined)
      if (!takesText) return began(response)
      const read = await readBoundedText(response.body, { clock, bytesMax: plan.bodyBytesMax, limitMs: readsWithin(startedMs), signal })
      return read.cut !== undefined || (looksInside && isRefusal(response, read.text)) ? began(response, read) : succeeded(url, response, read.text)
    } catch (thrown) {
      return began(undefined, undefined, thrown)
    }
  }

  return (input, init) => {
    if (plan.extensions.length > 0 || typeof input !== 'string' || (init !== undefined && !isPlain(init, plan))) return undefined
    const url = addressOf(plan, input)
    if (adds && originOf(plan, url) !== plan.baseOrigin) return undefined
    const token = tokens?.current()
    // Whoever goes on asks once more, and hears how it ended.
    if (typeof token === 'object') token.catch(() => {})
    return token === undefined || typeof token === 'string' ? start(url, init, token, clock.monotonicMs()) : undefined
  }
}

/** What goes to `fetch` as it stands. The mark of an outer layer is a symbol, which is none of these. */
const passed = new Set(['method', 'headers', 'body', 'signal', 'redirect', 'credentials', 'mode', 'cache', 'duplex', 'dispatcher', 'keepalive', 'referrer', 'referrerPolicy', 'integrity', 'priority', 'window'])

function isPlain(init: CallInit, { tokens, keyHeader, limits }: ClientPlan): boolean {
  for (const name in init) if (!passed.has(name)) return false
  // Of two signals one is made, which takes longer than all the rest.
  if (init.signal !== undefined && init.signal !== null && (init.signal.aborted || Math.min(limits.attemptTimeoutMs, limits.headersTimeoutMs, limits.timeoutMs) < SIGNAL_BELOW_MS)) return false
  if (init.headers !== undefined && tokens !== undefined && new Headers(init.headers).has(tokens.header)) return false
  return keyHeader === undefined || init.method === undefined || init.method === 'GET'
}
