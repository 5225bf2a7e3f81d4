import { isIP } from 'node:net'

/**
 * Whether a `Host` header names a listener that is meant for this machine: an IP address, localhost, or one of the configured names (lower case). Under
 * any other name a page in somebody's browser could reach it through DNS rebinding.
 */
export function isOwnHost(host: string, hostnames: readonly string[]): boolean {
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || isIP(name) !== 0 || hostnames.includes(name)
}
