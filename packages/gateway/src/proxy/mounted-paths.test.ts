import { describe, expect, it } from 'vitest'
import { outerPrefix, rewritePaths, type MountedPaths } from './mounted-paths.ts'
import type { RequestHead } from '../http/request-head.ts'

const paths: MountedPaths = { prefix: '/shop', origin: 'http://127.0.0.1:9000', basePath: '', target: '/a/b?x=1', hosts: ['api.example.com'], rewrites: ['location', 'cookies'] }
const locationOf = (value: string, change: Partial<MountedPaths> = {}) => rewritePaths(['Location', value], { ...paths, ...change })[1]
const cookieOf = (value: string, change: Partial<MountedPaths> = {}) => rewritePaths(['Set-Cookie', value], { ...paths, ...change })[1]

describe('the Location of a service under a mount', () => {
  it.each([
    ['/login', '/shop/login'],
    ['/', '/shop/'],
    ['/login?next=%2Fa&u=http://x/#top', '/shop/login?next=%2Fa&u=http://x/#top'],
    ['http://127.0.0.1:9000/login', '/shop/login'],
    ['http://127.0.0.1:9000', '/shop/'],
    ['//127.0.0.1:9000/login', '/shop/login'],
    ['https://api.example.com/login', 'https://api.example.com/shop/login'],
    ['HTTPS://API.example.com?x', 'HTTPS://API.example.com/shop/?x'],
    ['../../login', '/shop/login'],
    ['../../../login#x', '/shop/login#x'],
    // Written by a service that heeds the header.
    ['/shop/login', '/shop/login'],
    ['/shop', '/shop'],
    ['https://api.example.com/shop/login', 'https://api.example.com/shop/login'],
    // Not of the service, or not a path.
    ['/shopping', '/shop/shopping'],
    ['https://elsewhere.example/login', 'https://elsewhere.example/login'],
    ['//elsewhere.example/login', '//elsewhere.example/login'],
    ['http://127.0.0.1:90001/login', 'http://127.0.0.1:90001/login'],
    ['http://evil@127.0.0.1:9000/login', 'http://evil@127.0.0.1:9000/login'],
    ['login', 'login'],
    ['./login', './login'],
    ['?page=2', '?page=2'],
    ['', ''],
    ['mailto:a@b.example', 'mailto:a@b.example'],
  ])('%s is %s outside', (inner, outer) => expect(locationOf(inner)).toBe(outer))

  it('loses the path that goes before every target of its upstream, and stays if it lies outside of that', () => {
    const change = { basePath: '/v2', origin: 'http://up' }
    expect(['/v2/login', '/v2', 'http://up/v2/login', '/login', '/v22/login'].map((each) => locationOf(each, change))).toEqual(['/shop/login', '/shop', '/shop/login', '/login', '/v22/login'])
    expect(['../login?x', '../../login?x'].map((each) => locationOf(each, change))).toEqual(['/shop/login?x', '../../login?x'])
  })

  it('never becomes the name of another host', () => {
    expect(locationOf('/v2//evil.example/x', { prefix: '', basePath: '/v2' })).toBe('/v2//evil.example/x')
    expect(locationOf('http://127.0.0.1:9000//evil.example/x', { prefix: '' })).toBe('http://127.0.0.1:9000//evil.example/x')
    expect(locationOf('http://127.0.0.1:9000//evil.example/x')).toBe('/shop//evil.example/x')
  })

  it('goes with Content-Location, and not with what was not asked for', () => {
    expect(rewritePaths(['content-location', '/a', 'Link', '</a>', 'Set-Cookie', 'a=b; Path=/'], { ...paths, rewrites: ['location'] })).toEqual(['content-location', '/shop/a', 'Link', '</a>', 'Set-Cookie', 'a=b; Path=/'])
    expect(rewritePaths(['Location', '/a'], { ...paths, rewrites: ['cookies'] })).toEqual(['Location', '/a'])
  })
})

describe('a cookie of a service under a mount', () => {
  it.each([
    ['a=b; Path=/; HttpOnly', 'a=b; Path=/shop; HttpOnly'],
    ['a=b;path = /admin ;Secure', 'a=b;path = /shop/admin;Secure'],
    ['a=b; Path=/shop', 'a=b; Path=/shop'],
    ['a=b; Path=/shop/x', 'a=b; Path=/shop/x'],
    ['a=b', 'a=b'],
    ['a=b; Path', 'a=b; Path'],
    ['path=/value', 'path=/value'],
    ['__Host-a=b; Path=/; Secure', '__Host-a=b; Path=/; Secure'],
  ])('%s is %s outside', (inner, outer) => expect(cookieOf(inner)).toBe(outer))

  it('for all of a service, or for more than that, is for all that callers see of it', () => {
    expect(['a; Path=/', 'a; Path=/v', 'a; Path=/v/2', 'a; Path=/v/2/x', 'a; Path=/w'].map((each) => cookieOf(each, { basePath: '/v/2' }))).toEqual(['a; Path=/shop', 'a; Path=/shop', 'a; Path=/shop', 'a; Path=/shop/x', 'a; Path=/w'])
    expect(cookieOf('a; Path=/v2', { prefix: '', basePath: '/v2' })).toBe('a; Path=/')
  })
})

describe('the prefix that proxies took off', () => {
  const head = (said: string | undefined) => ({ value: () => said }) as unknown as RequestHead

  it('is believed of trusted ones, each adding its own', () => {
    expect(outerPrefix(head('/api/'), true)).toBe('/api')
    expect(outerPrefix(head('/edge, /api'), true)).toBe('/edge/api')
    expect(outerPrefix(head('/api'), false)).toBe('')
  })

  it.each([undefined, '', '/', '//evil.example', 'api', '/a b', '/a?b', '/a"b', `/${'x'.repeat(300)}`])('is none where it says %j', (said) => expect(outerPrefix(head(said), true)).toBe(''))
})
