/**
 * What a service may do with a call, at the address that came with it in `Tollgate-Call`: charge it, give it back, name and end its leases.
 *
 * Twice has the effect of once, so whatever cannot be reached is asked again, here for some seconds, and by the service for as long as it likes. What can
 * be expected to happen is a value. A request that the gateway does not understand is a mistake of the service, and rejects.
 */
import { createAsk, type Missed } from './ask.ts'
import type { CallOptions } from './call-options.ts'

/** What a service may do with one call. Twice has the effect of once. Amounts are decimals of the balance: "0.25". */
export interface CallActions {
  /** Settles what is held at this decimal amount ("0.25") and ends the call. More than is held is cut to it. */
  charge(amount: string): Promise<Charged | Missed>
  /** Gives back all that the call holds, and ends it. */
  release(): Promise<Done | Missed>
  /** Names what the call took (a session, units of stock) by an id of the service's own; null: alive until it is ended. */
  bindLease(id: string, expiresAt: Date | null): Promise<Done | Missed>
  /** Moves the end of any lease of the same account. */
  renewLease(id: string, expiresAt: Date | null): Promise<Done | Missed>
  /** Frees what any lease of the same account occupies. */
  endLease(id: string): Promise<Done | Missed>
}

/** It is so now, by this or by an earlier word. */
export interface Done {
  readonly outcome: 'done'
}

/** The call is settled: `charged` as a decimal, never more than was held. */
export interface Charged extends Done {
  readonly charged: string
  /** How much more was asked than was held. */
  readonly short?: string | undefined
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * For work that outlives its request: `url` is what `Tollgate-Call` said. Throws on one that leads away from the gateway (`CallOptions.base`).
 *
 * @example
 * const url = callOf(request.headers).url
 * // Minutes later, out of the service's own records:
 * const settled = url === undefined ? undefined : await callAt(url).charge('0.25')
 */
export function callAt(url: string, options: CallOptions = {}): CallActions {
  assertTrusted(url, options.base)
  const ask = createAsk(url, options)

  async function done(action: string, body: object): Promise<Done | Missed> {
    const heard = await ask(action, body)
    return heard.outcome === 'done' ? { outcome: 'done' } : heard
  }

  return {
    async charge(amount) {
      const heard = await ask('charge', { amount })
      if (heard.outcome !== 'done') return heard
      const { charged, short } = heard.body
      if (typeof charged !== 'string') throw new Error('the gateway answered 200 to charge, and did not say what it charged')
      return { outcome: 'done', charged, short: typeof short === 'string' ? short : undefined }
    },
    release: () => done('release', {}),
    bindLease: (id, expiresAt) => done('lease', { id, expiresAt }),
    renewLease: (id, expiresAt) => done('renew', { lease: id, expiresAt }),
    endLease: (id) => done('release', { lease: id }),
  }
}

function assertTrusted(url: string, base: string | undefined): void {
  if (base !== undefined) {
    if (!url.startsWith(`${base}/`)) throw new TypeError(`Tollgate-Call is "${url}"; it must begin with ${base}/`)
    return
  }
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' || !loopback.has(hostname)) throw new TypeError(`Tollgate-Call is "${url}"; it must be an http address on loopback, or begin with the declared base`)
}
