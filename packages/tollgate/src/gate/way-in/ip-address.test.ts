import { array, assert, integer, property } from 'fast-check'
import { isIP, SocketAddress } from 'node:net'
import { describe, expect, it } from 'vitest'
import { canonicalIp, networkOf } from './ip-address.ts'

describe('an address', () => {
  it.each([
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8::0:1', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1::', '1::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:201', '192.0.2.1'],
    ['::192.0.2.1', '::c000:201'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['fe80::1%eth0', 'fe80::1'],
    ['FE80::1%25en0', 'fe80::1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical)
  })

  it.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '01.2.3.4', '256.1.1.1', '1.2.3.4%eth0', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', '12345::', 'g::', '1.2.3.4::', '::1.2.3.4:5', '::1.2.3', ':1', '1:', '[::1]'])('"%s" is none', (text) => {
    expect(canonicalIp(text)).toBeUndefined()
  })

  it('is the same however it is written, and Node agrees', () => {
    const groups = array(integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
    assert(
      property(groups, array(integer({ min: 0, max: 7 })), (all, zeros) => {
        const sparse = all.map((group, at) => (zeros.includes(at) ? 0 : group))
        const long = sparse.map((group) => group.toString(16).toUpperCase().padStart(4, '0')).join(':')
        const canonical = canonicalIp(long) ?? ''
        expect(isIP(canonical)).not.toBe(0)
        expect(canonicalIp(canonical)).toBe(canonical)
        expect(canonicalIp(new SocketAddress({ address: long, family: 'ipv6' }).address)).toBe(canonical)
      }),
    )
  })
})

describe('the network for which an address counts', () => {
  it.each([
    ['2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', undefined, '2001:db8:1:2::/64'],
    ['2001:db8:1:2ff:3:4:5:6', 56, '2001:db8:1:200::/56'],
    ['2001:db8:1:2:3:4:5:6', 48, '2001:db8:1::/48'],
    ['2001:db8:1:2:3:4:5:6', 1, '::/1'],
    ['a001:db8:1:2:3:4:5:6', 1, '8000::/1'],
    ['2001:db8:1:2:3:4:5:6', 128, '2001:db8:1:2:3:4:5:6'],
    ['2001:db8:0:0:0:0:0:1', 127, '2001:db8::/127'],
    ['::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['::ffff:c000:201', 48, '192.0.2.1'],
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['64:ff9b::192.0.2.1', undefined, '192.0.2.1'],
    ['fe80::1%eth0', undefined, 'fe80::1'],
    ['', undefined, ''],
    ['unix:', undefined, 'unix:'],
  ])('of %s by %s bits is %s', (text, prefix, network) => {
    expect(networkOf(text, prefix)).toBe(network)
  })
})
