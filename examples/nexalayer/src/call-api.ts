/**
 * The loopback API of one call, whose address the gateway sends along in `Tollgate-Call`. Through it the service settles money and leases when
 * the answer has long gone out. Every request may be repeated: twice has the effect of once.
 *
 * Each resolves to false where there is nothing left to act on: the call is over (its deadline passed), or the lease is gone. Each rejects when the
 * gateway cannot be reached, is too slow, or answers anything else; then nobody knows, so repeat it.
 */
export interface CallApi {
  /** Settles the hold at this decimal amount, and ends the call. */
  charge(amount: string): Promise<boolean>
  /** Gives the whole hold back, and ends the call. */
  release(): Promise<boolean>
  /** Names what the call took (a session, units of stock); alive until it is ended. */
  bindLease(id: string): Promise<boolean>
  renewLease(id: string, expiresAtMs: number): Promise<boolean>
  endLease(id: string): Promise<boolean>
}

const TIMEOUT_MS = 5_000

/** Throws on an address that is not loopback: a service left open to strangers must not be made to call others. */
export function createCallApi(url: string, timeoutMs: number = TIMEOUT_MS): CallApi {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' || !['127.0.0.1', '[::1]', 'localhost'].includes(hostname)) {
    throw new TypeError(`Tollgate-Call is "${url}"; it must be an http address on loopback`)
  }

  async function post(action: string, body: { readonly [name: string]: string | null }): Promise<boolean> {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/${action}`, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    await answer.arrayBuffer() // Read to its end, so that the connection can serve again.
    if (answer.status === 404 || answer.status === 410) return false
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status} to ${action}`)
    return true
  }

  return {
    charge: (amount) => post('charge', { amount }),
    release: () => post('release', {}),
    bindLease: (id) => post('lease', { id, expiresAt: null }),
    renewLease: (id, expiresAtMs) => post('renew', { lease: id, expiresAt: new Date(expiresAtMs).toISOString() }),
    endLease: (id) => post('release', { lease: id }),
  }
}
