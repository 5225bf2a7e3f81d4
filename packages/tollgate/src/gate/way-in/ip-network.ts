/** Networks of addresses, as lists of who may call write them: `10.0.0.0/8`, `2001:db8::/32`, or one address. */
import { canonicalIp, formatIp, parseIp } from './ip-address.ts'

/** By its groups of 16 bits: two of IPv4, eight of IPv6. */
export interface IpNetwork {
  readonly groups: readonly number[]
  readonly bits: number
}

/**
 * Undefined for what is none, or has bits beyond its length. IPv4 within IPv6 is IPv4, as its addresses are.
 *
 * @example
 * parseNetwork('10.0.0.0/8') // => { groups: [2560, 0], bits: 8 }
 */
export function parseNetwork(text: string): IpNetwork | undefined {
  const network = readNetwork(text)
  return network !== undefined && formatIp(masked(network)) === formatIp(network) ? network : undefined
}

/**
 * What is wrong with a network, and how to mend it; undefined for what is right.
 *
 * @example
 * networkFault('10.0.0.0/8') // => undefined
 * networkFault('10.1.2.3/8') // => 'has bits set beyond its /8; write 10.0.0.0/8'
 */
export function networkFault(text: string): string | undefined {
  const network = readNetwork(text)
  const withoutZone = canonicalIp(text)
  if (network === undefined && /^[^/]+%[^/]+$/.test(text) && withoutZone !== undefined) return `names an interface of this machine; write ${withoutZone}`
  if (network === undefined) return 'is not a network; write 10.0.0.0/8, 2001:db8::/32 or one address'
  const first = formatIp(masked(network))
  return first === formatIp(network) ? undefined : `has bits set beyond its ${text.slice(text.indexOf('/'))}; write ${first}/${network.bits}`
}

/**
 * What is no address is in no network, and IPv4 in none of IPv6. A zone of the address is left out.
 *
 * @example
 * isWithinAny('10.1.2.3', [{ groups: [0x0a00, 0], bits: 8 }]) // => true
 */
export function isWithinAny(address: string, networks: readonly IpNetwork[]): boolean {
  const parsed = parseIp(address)
  return parsed !== undefined && networks.some(({ groups, bits }) => parsed.groups.length === groups.length && parsed.groups.every((group, at) => (group & maskOf(at, bits)) === groups[at]))
}

function readNetwork(text: string): IpNetwork | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const parsed = address.includes('%') ? undefined : parseIp(address)
  if (parsed === undefined || rest.length > 0 || (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length))) return undefined
  const most = parsed.groups.length * 16
  const isMapped = address.includes(':') && most === 32
  const bits = length === undefined ? most : Number(length) - (isMapped ? 96 : 0)
  return bits < 0 || bits > most ? undefined : { groups: parsed.groups, bits }
}

function masked({ groups, bits }: IpNetwork): { readonly groups: readonly number[] } {
  return { groups: groups.map((group, at) => group & maskOf(at, bits)) }
}

/** Of the group at this place. */
function maskOf(at: number, bits: number): number {
  return (0xffff << Math.min(16, Math.max(0, 16 * (at + 1) - bits))) & 0xffff
}
