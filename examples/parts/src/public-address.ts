/**
 * Which addresses may be called on somebody else's word. Whoever registers a webhook names its address; without this list they could make the
 * service reach the machines beside it (server-side request forgery).
 */
import { BlockList, isIP } from 'node:net'

/** Everything in RFC 6890 that is not the open internet, and multicast. */
const closed4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // Link-local: the metadata services of the clouds are here.
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
])

/** Of IPv6 only the global unicast block is open; what carries an IPv4 address inside (mapped, NAT64) lies outside of it. */
const open6 = blockList('ipv6', [['2000::', 3]])
const closed6 = blockList('ipv6', [
  ['2001::', 23], // Teredo, ORCHID and other protocol assignments.
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 carries an IPv4 address.
  ['3fff::', 20],
])

/** False for anything that is not an address at all. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !closed4.check(address, 'ipv4')
  return family === 6 && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6')
}

function blockList(family: 'ipv4' | 'ipv6', subnets: readonly (readonly [net: string, prefix: number])[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, family)
  return list
}
