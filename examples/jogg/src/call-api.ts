/**
 * The loopback API of one call, whose address the gateway sends along in `Tollgate-Call`. Through it the service settles the held credits when the
 * answer has long gone out. Every request may be repeated: twice has the effect of once.
 *
 * Each resolves to false where there is nothing left to act on, because the call is over. Each rejects when the gateway cannot be reached, is too
 * slow, or answers anything else; then nobody knows, so repeat it.
 */
export interface CallApi {
  /** Settles the hold at this decimal amount, and ends the call. */
  charge(amount: string): Promise<boolean>
  /** Gives the whole hold back, and ends the call. */
  release(): Promise<boolean>
}

const TIMEOUT_MS = 5_000

/** Throws on an address that is not loopback: a service left open to strangers must not be made to call others. */
export function createCallApi(url: string): CallApi {
  const { protocol, hostname } = new URL(url)
  if (protocol !== 'http:' || !['127.0.0.1', '[::1]', 'localhost'].includes(hostname)) {
    throw new TypeError(`Tollgate-Call is "${url}"; it must be an http address on loopback`)
  }

  async function post(action: string, body: { readonly [name: string]: string }): Promise<boolean> {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/${action}`, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    await answer.arrayBuffer() // Read to its end, so that the connection can serve again.
    if (answer.status === 404 || answer.status === 410) return false
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status} to ${action}`)
    return true
  }

  return { charge: (amount) => post('charge', { amount }), release: () => post('release', {}) }
}
