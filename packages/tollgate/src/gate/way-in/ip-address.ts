/** IP addresses as text: one form for each (RFC 5952), and the network for which an address counts. */

export interface IpAddress {
  /** Of 16 bits: two of IPv4, eight of IPv6. */
  readonly groups: readonly number[]
}

/** What a subscriber of IPv6 has at least; whoever has one address has the 2^64 of its network (RFC 6177). */
export const defaultIpv6Prefix = 64

/**
 * The address in its one form; undefined for what is none. IPv4 within IPv6 (`::ffff:192.0.2.1`, in hex or not) is IPv4, since a socket that takes both writes
 * it so. A zone (`fe80::1%eth0`) names an interface of this machine, and is left out.
 *
 * @example
 * canonicalIp('::ffff:203.0.113.7') // => '203.0.113.7'
 * canonicalIp('2001:DB8::0:1') // => '2001:db8::1'
 * canonicalIp('localhost') // => undefined
 */
export function canonicalIp(text: string): string | undefined {
  const address = parseIp(text)
  return address && formatIp(address)
}

/** For a meter per address: of IPv6 the network of so many bits, since one caller has a whole one. What is no address stands for itself. */
export function networkOf(text: string, ipv6Prefix: number = defaultIpv6Prefix): string {
  const address = text.includes(':') ? parseIp(text) : undefined
  if (address === undefined) return text
  const { groups } = address
  if (groups.length === 2) return formatIp(address)
  // RFC 6052: a translator puts all of IPv4 into one such network.
  if (isNat64(groups)) return formatIp({ groups: groups.slice(6) })
  // All neighbours of a link share its network (RFC 4291 section 2.5.6).
  if (ipv6Prefix >= 128 || ((groups[0] ?? 0) & 0xffc0) === 0xfe80) return formatIp(address)
  const masked = groups.map((group, at) => group & (0xffff << Math.min(16, Math.max(0, 16 * (at + 1) - ipv6Prefix))))
  return `${formatIp({ groups: masked })}/${ipv6Prefix}`
}

function isNat64(groups: readonly number[]): boolean {
  return groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0)
}

export function parseIp(text: string): IpAddress | undefined {
  const zone = text.indexOf('%')
  const bare = zone === -1 ? text : text.slice(0, zone)
  const groups = bare.includes(':') ? parseIpv6(bare) : zone === -1 ? parseIpv4(bare) : undefined
  if (groups === undefined) return undefined
  const isMapped = groups.length === 8 && groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)
  return { groups: isMapped ? groups.slice(6) : groups }
}

/** Four decimal numbers without further zeros, which some read as octal. */
function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number)
  return [a * 256 + b, c * 256 + d]
}

function parseIpv6(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = text.split('::')
  const before = parseGroups(head, tail === undefined)
  const after = parseGroups(tail ?? '', true)
  if (before === undefined || after === undefined || more.length > 0) return undefined
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  return [...before, ...Array<number>(missing).fill(0), ...after]
}

/** `isEnd`: the last of them may be an IPv4 address. */
function parseGroups(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [at, part] of parts.entries()) {
    const ipv4 = isEnd && at === parts.length - 1 ? parseIpv4(part) : undefined
    if (ipv4 !== undefined) groups.push(...ipv4)
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}

/** RFC 5952: lower case, no further zeros, the longest run of zero groups as `::`, the first of equals. */
export function formatIp({ groups }: IpAddress): string {
  if (groups.length === 2) return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.')
  let from = 0
  let length = 1
  for (let at = 0; at < groups.length; at += 1) {
    let end = at
    while (groups[end] === 0) end += 1
    if (end - at > length) [from, length] = [at, end - at]
  }
  const hex = groups.map((group) => group.toString(16))
  return length === 1 ? hex.join(':') : `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`
}
