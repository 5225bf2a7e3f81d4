/**
 * The token of a client: replaced before it ends, and once where it was refused, by one request that all calls wait for. Whoever comes with a token that has been
 * replaced meanwhile gets the new one.
 */
import type { Clock } from '../engine/clock.ts'
import type { ClientCredentials, ClientToken } from './client-options.ts'
import { isTokenText } from './token-text.ts'
import { afterLong } from './web-clock.ts'

/** Keeps the one token of a client. */
export interface ClientTokens {
  readonly header: string
  readonly canRefresh: boolean
  /** At once, where there is one that is good for a while. Rejects where there is none. */
  current(): string | Promise<string>
  /** Another one than the one that was refused. */
  instead(refused: string): Promise<string>
  /** As it stands in the header. */
  format(token: string): string
}

const REFRESH_BEFORE_MS = 30_000
/** Of a short life no more than this part is given up. */
const REFRESH_BEFORE_PART = 0.2
/** Longer is not waited for a token. */
const REFRESH_TIMEOUT_MS = 60_000
/** After a refresh in good time that failed, the old token serves so long before it is tried again. */
const QUIET_MS = 5_000

export function createClientTokens(credentials: ClientCredentials, clock: Clock): ClientTokens {
  const { header = 'Authorization', refresh, refreshBeforeMs = REFRESH_BEFORE_MS } = credentials
  const { scheme = header.toLowerCase() === 'authorization' ? 'Bearer' : '' } = credentials
  let known: { readonly token: string; readonly expiresAtMs: number; readonly renewAtMs: number } | undefined
  let flight: Promise<string> | undefined
  if (credentials.token !== undefined) keep(credentials.token)

  function keep(given: string | ClientToken): string {
    const { token, expiresAtMs: told } = typeof given === 'string' ? { token: given, expiresAtMs: undefined } : given
    // What a program has counted wrong (`expires_in` that was not there) says nothing.
    const expiresAtMs = told === undefined || Number.isNaN(told) ? expiryOf(token) : told
    const lifeMs = Math.max(0, expiresAtMs - clock.wallMs())
    known = { token, expiresAtMs, renewAtMs: expiresAtMs - Math.min(refreshBeforeMs, lifeMs * REFRESH_BEFORE_PART) }
    return token
  }

  function renew(): Promise<string> {
    return (flight ??= ask().finally(() => (flight = undefined)))
  }

  async function ask(): Promise<string> {
    if (refresh === undefined) throw new TypeError('credentials: there is no token, and no way to get one')
    const controller = new AbortController()
    const cancel = afterLong(clock, REFRESH_TIMEOUT_MS, () => controller.abort(new Error('no token came in time')))
    const late = new Promise<never>((_, reject) => controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error)))
    try {
      // One that throws at once is as late as one that rejects: all who wait hear of it.
      const asked = new Promise<string | ClientToken>((resolve) => resolve(refresh({ token: known?.token, signal: controller.signal })))
      return keep(checked(await Promise.race([asked, late])))
    } finally {
      cancel()
    }
  }

  return {
    header,
    canRefresh: refresh !== undefined,
    current() {
      if (known === undefined) return renew()
      const nowMs = clock.wallMs()
      if (refresh === undefined || nowMs < known.renewAtMs) return known.token
      const { token, expiresAtMs } = known
      if (nowMs >= expiresAtMs) return renew()
      return renew().catch(() => {
        if (known?.token === token) known = { token, expiresAtMs, renewAtMs: Math.min(expiresAtMs, clock.wallMs() + QUIET_MS) }
        return token
      })
    },
    async instead(refused) {
      return known === undefined || known.token === refused ? renew() : known.token
    },
    format: (token) => (scheme === '' ? token : `${scheme} ${token}`),
  }
}

/** What cannot stand in a header never goes out. What it is, is not said: it may be a secret. */
function checked(given: string | ClientToken): string | ClientToken {
  const token: unknown = typeof given === 'string' ? given : (given as ClientToken | undefined | null)?.token
  if (isTokenText(token)) return given
  throw new TypeError('credentials: refresh gave no token of visible ASCII characters')
}

/** Of a JWT, what it says of itself (`exp`, RFC 7519 section 4.1.4); Infinity: nobody knows. */
function expiryOf(token: string): number {
  try {
    const claims = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as { readonly exp?: unknown } | null
    return typeof claims?.exp === 'number' && claims.exp > 0 ? claims.exp * 1_000 : Infinity
  } catch {
    return Infinity
  }
}
