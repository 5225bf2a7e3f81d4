/** IP addresses and networks, as far as a configuration needs them. */
import { isIP } from 'node:net'
import { canonicalIp } from 'tollgate/gate'

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. */
export function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** An address, or a name that may have one. */
export function isHost(text: string): boolean {
  return isIP(text) !== 0 || (text.length <= 253 && /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(text))
}

/** Whether it is this machine: an address, a name, or the `hostname` of a URL, which has brackets around IPv6. */
export function isLoopback(host: string): boolean {
  const address = canonicalIp(host.replace(/^\[(.*)\]$/, '$1'))
  return host === 'localhost' || address === '::1' || address?.startsWith('127.') === true
}
