import { describe, expect, it } from 'vitest'
import { createMountTable, createRouter, pathBelow, pathOf } from './router.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'

const route = (methods: string[], path: string): RouteOptions => ({ methods, path, steps: [] })
const api = (mount: string): ApiOptions => ({ mount }) as ApiOptions

describe('mounts', () => {
  const at = createMountTable([api('/'), api('/ads'), api('/ads/v2')])

  it.each([
    ['/ads', '/ads'],
    ['/ads/v1/x', '/ads'],
    ['/ads/v2/x', '/ads/v2'],
    ['/adsense', '/'],
    ['/', '/'],
  ])('%s belongs to %s: the longest mount on a segment boundary', (path, mount) => {
    expect(at(path)?.mount).toBe(mount)
  })

  it('a path outside every mount belongs to nobody', () => {
    expect(createMountTable([api('/ads')])('/other')).toBeUndefined()
  })

  it('the path below a mount keeps its query and always begins with a slash', () => {
    expect(pathBelow('/ads', '/ads/v1?x=1')).toBe('/v1?x=1')
    expect(pathBelow('/ads', '/ads')).toBe('/')
    expect(pathBelow('/', '/v1')).toBe('/v1')
    expect(pathOf('/v1?x=/2#y')).toBe('/v1')
  })
})

describe('routes', () => {
  const match = createRouter([route(['GET'], '/v1/items/{id}'), route(['POST'], '/v1/items'), route(['GET', 'DELETE'], '/v1/items/special'), route(['GET'], '/files/{path...}')])

  it('the first declared route that matches wins', () => {
    expect(match('GET', '/v1/items/special')).toMatchObject({ kind: 'matched', params: { id: 'special' } })
    expect(match('DELETE', '/v1/items/special')).toMatchObject({ kind: 'matched', params: {} })
  })

  it('parameters are decoded once', () => {
    expect(match('GET', '/v1/items/a%20b%2525')).toMatchObject({ params: { id: 'a b%25' } })
  })

  it('HEAD is served where GET is', () => {
    expect(match('HEAD', '/v1/items/1')).toMatchObject({ kind: 'matched' })
  })

  it('a known path under another method names the methods that it allows', () => {
    expect(match('PUT', '/v1/items/special')).toEqual({ kind: 'method_not_allowed', allow: ['GET', 'DELETE', 'HEAD'] })
  })

  it('a rest parameter takes what remains', () => {
    expect(match('GET', '/files/a/b/c')).toMatchObject({ params: { path: 'a/b/c' } })
  })

  it.each(['/v1/items', '/v1/items/', '/v1/items/1/2', '/V1/items/1', '/'])('GET %s is unknown or another method', (path) => {
    expect(match('GET', path).kind).not.toBe('matched')
  })

  it.each(['/v1/%2e%2e/items', '/v1/../items', '/v1/./items/1', '/v1/items/a%2fb', '/v1/items/%00', '/v1/items/%ff', '/v1/items/%', '/v1\\items'])(
    '%s is malformed: an upstream might read it as another route',
    (path) => {
      expect(match('GET', path).kind).toBe('malformed')
    },
  )

  it('a parameter called __proto__ is an ordinary value', () => {
    const named = createRouter([route(['GET'], '/{__proto__}')])
    const matched = named('GET', '/x')
    expect(matched.kind === 'matched' && Object.getOwnPropertyNames(matched.params)).toEqual(['__proto__'])
  })
})
