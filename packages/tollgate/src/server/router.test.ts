import { describe, expect, it } from 'vitest'
import { createMountTable, createRouter } from './router.ts'
import type { ApiOptions, RouteOptions } from './gate-options.ts'

const route = (methods: string[], path: string): RouteOptions => ({ methods, path, steps: [] })
const api = (mount: string): ApiOptions => ({ mount }) as ApiOptions
const segments = (path: string): string[] => path.slice(1).split('/')

describe('mounts', () => {
  const at = createMountTable([api('/'), api('/ads'), api('/ads/v2')])

  it.each([
    ['/ads', '/ads', 1],
    ['/ads/v1/x', '/ads', 1],
    ['/ads/v2/x', '/ads/v2', 2],
    ['/adsense', '/', 0],
    ['/', '/', 0],
  ])('%s belongs to %s: the longest mount, by whole segments', (path, mount, depth) => {
    expect(at(segments(path))).toMatchObject({ api: { mount }, depth })
  })

  it('a path outside every mount belongs to nobody', () => {
    expect(createMountTable([api('/ads')])(['other'])).toBeUndefined()
  })
})

describe('routes', () => {
  const match = createRouter([route(['GET'], '/v1/items/{id}'), route(['POST'], '/v1/items'), route(['GET', 'DELETE'], '/v1/items/special'), route(['GET'], '/files/{path...}')])

  it('the first declared route that matches wins', () => {
    expect(match('GET', segments('/v1/items/special'))).toMatchObject({ kind: 'matched', params: { id: 'special' } })
    expect(match('DELETE', segments('/v1/items/special'))).toMatchObject({ kind: 'matched', params: {} })
  })

  it('HEAD is served where GET is', () => {
    expect(match('HEAD', segments('/v1/items/1'))).toMatchObject({ kind: 'matched' })
  })

  it('a known path under another method names the methods that it allows', () => {
    expect(match('PUT', segments('/v1/items/special'))).toEqual({ kind: 'method_not_allowed', allow: ['GET', 'DELETE', 'HEAD'] })
  })

  it('a rest parameter takes what remains', () => {
    expect(match('GET', segments('/files/a/b/c'))).toMatchObject({ params: { path: 'a/b/c' } })
  })

  it.each(['/v1/items', '/v1/items/', '/v1/items/1/2', '/V1/items/1', '/'])('GET %s is unknown or another method', (path) => {
    expect(match('GET', segments(path)).kind).not.toBe('matched')
  })

  it('a parameter called __proto__ is an ordinary value', () => {
    const matched = createRouter([route(['GET'], '/{__proto__}')])('GET', ['x'])
    expect(matched.kind === 'matched' && Object.getOwnPropertyNames(matched.params)).toEqual(['__proto__'])
  })
})
