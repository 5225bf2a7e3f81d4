/**
 * Where a call comes from. Each proxy on the way appends the address that it saw to `X-Forwarded-For`, so the list is read from its right
 * end, and only as far as the proxies are trusted: everything to the left of the first stranger may be invented.
 */
import { canonicalIp, isWithinAny, networkFault, parseNetwork } from 'tollgate/gate'
import type { RequestHead } from './request-head.ts'

/** Whose `X-Forwarded-*` to believe: nobody's, the last so many proxies', or those of proxies in these networks (`10.0.0.0/8`, `fd00::/8`). */
export type Trust = 'none' | number | readonly string[]

/** Whether the proxy at `address`, so many hops away (the peer is 0), is trusted. */
export type TrustRule = (address: string, hop: number) => boolean

/** Throws on a network that is none, naming it. */
export function createTrustRule(trust: Trust): TrustRule {
  if (trust === 'none') return () => false
  if (typeof trust === 'number') {
    if (!Number.isSafeInteger(trust) || trust < 0) throw new TypeError(`trust: ${trust} is not a number of proxies`)
    return (_address, hop) => hop < trust
  }
  const networks = trust.map((text) => {
    const network = parseNetwork(text)
    if (network === undefined) throw new TypeError(`trust: ${JSON.stringify(text)} ${networkFault(text)}`)
    return network
  })
  return (address) => isWithinAny(address, networks)
}

/** In its one form. An IPv4 caller on a dual-stack socket looks like `::ffff:192.0.2.1`; a link-local one carries a zone. */
export function plainAddress(address: string | undefined): string {
  return address === undefined ? '' : (canonicalIp(address) ?? address)
}

/** One element of `X-Forwarded-For`: an address, some proxies add a port. */
function parseElement(element: string): string | undefined {
  const text = element.trim()
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text
  return canonicalIp(bare)
}

export function remoteAddressOf(peer: string, forwardedFor: string | undefined, trusts: TrustRule): string {
  let address = peer
  if (forwardedFor === undefined || !trusts(address, 0)) return address
  const elements = forwardedFor.split(',')
  for (let hop = 0; trusts(address, hop); hop += 1) {
    const next = elements.pop()
    const parsed = next === undefined ? undefined : parseElement(next)
    if (parsed === undefined) break
    address = parsed
  }
  return address
}

/** What the upstream is told: appended to what a trusted proxy said, in place of what anybody else did. */
export function forwardedHeaders(head: RequestHead, peer: string, trusted: boolean, scheme: 'http' | 'https', prefix: string): string[] {
  const before = trusted ? head.value('x-forwarded-for') : undefined
  const proto = trusted ? head.value('x-forwarded-proto') : undefined
  const host = (trusted ? head.value('x-forwarded-host') : undefined) ?? head.host
  const headers = ['x-forwarded-for', before === undefined ? peer : `${before}, ${peer}`, 'x-forwarded-proto', proto ?? scheme]
  if (host !== undefined && host !== '') headers.push('x-forwarded-host', host)
  if (prefix !== '') headers.push('x-forwarded-prefix', prefix)
  return headers
}
