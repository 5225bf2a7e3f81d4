/** IP addresses and names of hosts, as far as a configuration needs them. */
import { isIP } from 'node:net'
import { canonicalIp } from 'tollgate/gate'

/** An address, or a name that may have one. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || (text.length <= 253 && /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(text))
}

/** Whether it is this machine: an address, a name, or the `hostname` of a URL, which has brackets around IPv6. */
export function isLoopback(host: string): boolean {
  const address = canonicalIp(host.replace(/^\[(.*)\]$/, '$1'))
  return host === 'localhost' || address === '::1' || address?.startsWith('127.') === true
}
