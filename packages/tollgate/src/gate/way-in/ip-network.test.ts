import { assert, integer, nat, property, tuple } from 'fast-check'
import { expect, it } from 'vitest'
import { isWithinAny, networkFault, parseNetwork } from './ip-network.ts'

const within = (address: string, text: string): boolean => {
  const network = parseNetwork(text)
  if (network === undefined) throw new Error(`${text} is no network`)
  return isWithinAny(address, [network])
}

/** Each bit as a character. */
const bitsOf = (groups: readonly number[]): string => groups.map((group) => group.toString(2).padStart(16, '0')).join('')
const v4 = ([a = 0, b = 0]: readonly number[]): string => [a >> 8, a & 255, b >> 8, b & 255].join('.')
const v6 = (groups: readonly number[]): string => groups.map((group) => group.toString(16)).join(':')

it.each([[2, v4], [8, v6]] as const)('says what the bits say: %i groups', (count, write) => {
  const group = integer({ min: 0, max: 0xffff })
  const first = count === 8 ? integer({ min: 1, max: 0xffff }) : group
  const groups = tuple(first, ...Array.from({ length: count - 1 }, () => group))
  assert(
    property(groups, groups, nat(count * 16), nat(count * 16), (base, other, length, shared) => {
      const network = bitsOf(base).slice(0, length).padEnd(count * 16, '0')
      // An address that shares so many bits with it, so that near misses are common.
      const address = bitsOf(base).slice(0, shared) + bitsOf(other).slice(shared)
      const groupsOf = (bits: string): readonly number[] => Array.from({ length: count }, (_, at) => Number.parseInt(bits.slice(at * 16, at * 16 + 16), 2))
      expect(within(write(groupsOf(address)), `${write(groupsOf(network))}/${length}`)).toBe(address.startsWith(network.slice(0, length)))
    }),
    { numRuns: 300 },
  )
})

it('takes IPv4 within IPv6 for IPv4, and nothing else for it', () => {
  expect(within('::ffff:10.1.2.3', '10.0.0.0/8')).toBe(true)
  expect(within('10.1.2.3', '::ffff:10.0.0.0/104')).toBe(true)
  expect(within('10.1.2.3', '::/0')).toBe(false)
  expect(within('2001:db8::1', '0.0.0.0/0')).toBe(false)
  expect(within('unknown', '0.0.0.0/0')).toBe(false)
})

it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0/8', 'example.com', '', '::/129', '::ffff:10.0.0.0/8', 'fe80::1%eth0/64', '10.0.0.0/8/8'])('is no network: %s', (text) => {
  expect(parseNetwork(text)).toBeUndefined()
  expect(networkFault(text)).toBe('is not a network; write 10.0.0.0/8, 2001:db8::/32 or one address')
})

it('is in one of several, or in none', () => {
  const networks = ['10.0.0.0/8', '2001:db8::/32'].flatMap((text) => parseNetwork(text) ?? [])
  expect(['10.1.2.3', '2001:db8::1', '11.0.0.0', '2001:db9::1'].map((address) => isWithinAny(address, networks))).toEqual([true, true, false, false])
  expect(isWithinAny('10.1.2.3', [])).toBe(false)
})

it('suggests the network of an address', () => {
  expect(networkFault('10.1.2.3/8')).toBe('has bits set beyond its /8; write 10.0.0.0/8')
  expect(networkFault('2001:db8::1/32')).toBe('has bits set beyond its /32; write 2001:db8::/32')
  expect(networkFault('fe80::1%eth0')).toBe('names an interface of this machine; write fe80::1')
  expect([parseNetwork('10.1.2.3/8'), parseNetwork('fe80::1%eth0')]).toEqual([undefined, undefined])
})
