import { describe, expect, it } from 'vitest'
import { createTrustRule, plainAddress, remoteAddressOf, type Trust } from './forwarded.ts'

const cases: readonly { readonly trust: Trust; readonly peer: string; readonly list?: string; readonly address: string }[] = [
  { trust: 'none', peer: '10.0.0.1', list: '1.2.3.4', address: '10.0.0.1' },
  { trust: 0, peer: '10.0.0.1', list: '1.2.3.4', address: '10.0.0.1' },
  { trust: 1, peer: '10.0.0.1', address: '10.0.0.1' },
  { trust: 1, peer: '10.0.0.1', list: '6.6.6.6, 1.2.3.4', address: '1.2.3.4' },
  { trust: 2, peer: '10.0.0.1', list: '6.6.6.6, 1.2.3.4, 10.0.0.2', address: '1.2.3.4' },
  { trust: 9, peer: '10.0.0.1', list: '1.2.3.4, 10.0.0.2', address: '1.2.3.4' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '6.6.6.6, 1.2.3.4, 10.9.9.9', address: '1.2.3.4' },
  { trust: ['10.0.0.0/8'], peer: '11.0.0.1', list: '1.2.3.4', address: '11.0.0.1' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '1.2.3.4, unknown', address: '10.0.0.1' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '', address: '10.0.0.1' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '1.2.3.4:5678', address: '1.2.3.4' },
  { trust: ['fd00::/8', '127.0.0.1'], peer: 'fd00::7', list: '2001:db8::1', address: '2001:db8::1' },
  { trust: ['fd00::/8'], peer: 'fd00::7', list: '[2001:db8::1]:443, fd12::1', address: '2001:db8::1' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '::ffff:1.2.3.4', address: '1.2.3.4' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '::ffff:102:304', address: '1.2.3.4' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '2001:DB8:0:0:0:0:0:1, ::ffff:a00:2', address: '2001:db8::1' },
  { trust: ['::ffff:10.0.0.0/104'], peer: '10.0.0.1', list: '1.2.3.4', address: '1.2.3.4' },
  { trust: ['::ffff:a00:1'], peer: '10.0.0.1', list: '1.2.3.4', address: '1.2.3.4' },
  { trust: ['::ffff:a00:1'], peer: '10.0.0.2', list: '1.2.3.4', address: '10.0.0.2' },
  { trust: ['2001:DB8:0:0::/64'], peer: '2001:db8::7', list: '1.2.3.4', address: '1.2.3.4' },
  { trust: ['fe80::/10'], peer: 'fe80::1', list: '1.2.3.4', address: '1.2.3.4' },
  { trust: ['10.0.0.0/8'], peer: '10.0.0.1', list: '010.1.2.3', address: '10.0.0.1' },
]

describe('where a call comes from', () => {
  it.each(cases)('trust $trust, peer $peer, list "$list": $address', ({ trust, peer, list, address }) => {
    expect(remoteAddressOf(peer, list, createTrustRule(trust))).toBe(address)
  })

  it('an address is written one way, however the socket writes it', () => {
    expect(['::ffff:192.0.2.1', '::FFFF:c000:201', 'fe80::1%eth0', '192.0.2.1', '2001:DB8::0:1', undefined].map(plainAddress)).toEqual(['192.0.2.1', '192.0.2.1', 'fe80::1', '192.0.2.1', '2001:db8::1', ''])
  })

  it.each([['nonsense'], ['10.0.0.0/33'], ['fd00::/129'], ['10.0.0.0/8/8'], ['10.0.0.0/x'], ['']])('a network that is none is refused by name (%s)', (network) => {
    expect(() => createTrustRule([network])).toThrow(`trust: ${JSON.stringify(network)} is not a network`)
  })

  it('one that is written otherwise than it is read is refused with the mend', () => {
    expect(() => createTrustRule(['10.1.2.3/8'])).toThrow('trust: "10.1.2.3/8" has bits set beyond its /8; write 10.0.0.0/8')
    expect(() => createTrustRule(['fe80::1%eth0'])).toThrow('trust: "fe80::1%eth0" names an interface of this machine; write fe80::1')
  })

  it('a number of proxies is a whole number', () => {
    expect(() => createTrustRule(-1)).toThrow('trust: -1 is not a number of proxies')
    expect(() => createTrustRule(1.5)).toThrow('trust: 1.5 is not a number of proxies')
  })
})
