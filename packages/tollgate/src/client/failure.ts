/** What may come of an attempt but success, before it is an error: what was read of an answer, or that there is none. */
import type { ApiErrorInit } from './api-error.ts'
import { isApiError } from './api-error.ts'
import type { RetryCause } from './retry-budget.ts'

/** One that failed, with what the decision needs beside what is said of it. */
export interface Failure {
  readonly init: ApiErrorInit
  /** The contract has it. */
  readonly isKnown: boolean
  /** It is sure that nothing was done. */
  readonly isUndone: boolean
  readonly shouldRetry: boolean | undefined
  /** What it says of the server's load. */
  readonly cause: RetryCause
  /** What another layer of clients gave up on is not tried again by this one. */
  readonly isStacked: boolean
}

/** Codes of Node, undici, Bun and Deno for what never reached the server. */
const UNSENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused)$/
/** Asked again, it would say the same: redirects without end, certificates, schemes. */
const HOPELESS = /redirect|certificate|self[- ]signed|unknown scheme|CORS/i

/** What `fetch` rejected with, as a failure of the network. `url`: where the request went; a connection that failed elsewhere is that of a redirect, by which it was answered. */
export function toNetworkFailure(thrown: unknown, url = ''): Failure {
  if (isApiError(thrown)) {
    const { reason, message, source, retry, action } = thrown
    const cause = reason === 'network.timeout' ? 'timeout' : 'network'
    return { ...toFailure({ reason, message, source, retry, action, cause: thrown }, cause), isStacked: thrown.because !== 'stacked' }
  }
  const causes = chainOf(thrown)
  const isHopeless = causes.some(({ message, code }) => HOPELESS.test(String(message)) || /^(?:ERR_TLS|CERT_|DEPTH_ZERO)/.test(String(code)))
  const failure = toFailure({ reason: 'network.failed', message: 'No answer came: the connection failed.', source: 'network', retry: isHopeless ? 'never' : 'backoff', action: 'wait', cause: thrown }, 'network')
  return { ...failure, isUndone: causes.some((cause) => UNSENT.test(String(cause.code)) && (url === '' || !isElsewhere(cause, url))) }
}

/** One of the client's own finding: it may have been done, and nobody advises anything. */
export function toFailure(init: ApiErrorInit, cause: RetryCause): Failure {
  return { init, isKnown: true, isUndone: false, shouldRetry: undefined, cause, isStacked: false }
}

export function toTimeout(what: string): Failure {
  return toFailure({ reason: 'network.timeout', message: `No answer came in time: ${what} was waited for too long.`, source: 'network', retry: 'backoff', action: 'wait' }, 'timeout')
}

/** Names are compared with names, addresses with addresses. An error of several attempts says the place of each; undici says it in words. */
function isElsewhere({ hostname, port, address, errors, message }: Cause, url: string): boolean {
  const [first] = Array.isArray(errors) ? (errors as readonly Cause[]) : []
  if (first !== undefined) return isElsewhere(first, url)
  const [, saidName = hostname, saidPort = port] = /attempted address: (.+):(\d+),/.exec(String(message)) ?? []
  const [, host = '', hostPort] = /^https?:\/\/(?:[^/?#]*@)?\[?([^/?#\]]*?)\]?(?::(\d+))?(?:[/?#]|$)/i.exec(url) ?? []
  if (saidName !== undefined && saidName !== host.toLowerCase()) return true
  if (saidPort !== undefined && Number(saidPort) !== Number(hostPort ?? (/^https:/i.test(url) ? 443 : 80))) return true
  return address !== undefined && /^[\d.]+$|:/.test(host) && address !== host
}

interface Cause {
  readonly message?: unknown
  readonly code?: unknown
  readonly hostname?: unknown
  readonly port?: unknown
  readonly address?: unknown
  readonly errors?: unknown
}

/** An error and what caused it; `fetch` says the cause alone. */
function chainOf(thrown: unknown): readonly Cause[] {
  const chain: Cause[] = []
  for (let each = thrown; typeof each === 'object' && each !== null && chain.length < 5; each = (each as { readonly cause?: unknown }).cause) chain.push(each)
  return chain
}
