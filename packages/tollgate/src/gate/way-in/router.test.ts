import { describe, expect, it } from 'vitest'
import { createMountTable, createRouter } from './router.ts'
import type { ApiOptions, PathOptions, RouteOptions } from '../gate-options.ts'
import { parsePath, type DecodedPath } from './path.ts'

const route = (methods: string[], path: string): RouteOptions => ({ methods, path, steps: [] })
const api = (mount: string): ApiOptions => ({ mount }) as ApiOptions
const segments = (path: string): DecodedPath => parsePath(path)

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
    expect(createMountTable([api('/ads')])(segments('/other'))).toBeUndefined()
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
    const matched = createRouter([route(['GET'], '/{__proto__}')])('GET', segments('/x'))
    expect(matched.kind === 'matched' && Object.getOwnPropertyNames(matched.params)).toEqual(['__proto__'])
  })
})

describe('a path that is another route’s in another spelling', () => {
  const routes = [
    route(['GET'], '/v1/files/export'),
    route(['POST'], '/v1/files/STRIPE'),
    route(['GET', 'POST'], '/v1/files/{id}'),
    route(['GET'], '/v1/jobs/{id}/logs'),
    route(['GET', 'POST'], '/{path...}'),
  ]
  const found = (paths: PathOptions | undefined, path: string, method = 'GET'): string => {
    const match = createRouter(routes, paths)(method, segments(path))
    return match.kind === 'matched' || match.kind === 'ambiguous' ? `${match.kind} ${match.route.path}` : match.kind
  }

  it.each([
    ['/v1/files/Export', '/v1/files/export'],
    ['/v1/files/EXPORT', '/v1/files/export'],
    ['/v1/files/export/', '/v1/files/export'],
    ['/v1/Files/export', '/v1/files/export'],
    ['/V1/files/export/', '/v1/files/export'],
    ['/v1/files/e%78port', '/v1/files/export'],
    ['/v1/files/%45xport', '/v1/files/export'],
    ['/v1/files/export.', '/v1/files/export'],
    ['/v1/files/export%20', '/v1/files/export'],
    ['/v1/files/%09export%0a', '/v1/files/export'],
    ['/v1/files/export.%C2%A0', '/v1/files/export'],
    ['/v1/files/%EF%BD%85xport', '/v1/files/export'],
    ['/v1/jobs/5/LOGS', '/v1/jobs/{id}/logs'],
    ['/v1/jobs/5/logs/', '/v1/jobs/{id}/logs'],
    ['/v1/files/5/', '/v1/files/{id}'],
    ['/V1/FILES/5', '/v1/files/{id}'],
  ])('%s is refused as %s unless it is said what the service does', (path, meant) => {
    expect(found(undefined, path)).toBe(`ambiguous ${meant}`)
  })

  it.each([['/v1/files/%C5%BFtripe'], ['/v1/files/%C5%BFTR%C4%B0PE'], ['/v1/files/%C5%BFTR%C4%B1PE'], ['/v1/files/stripe']])('%s is refused as a POST: letters whose other case is the same', (path) => {
    expect(found(undefined, path, 'POST')).toBe('ambiguous /v1/files/STRIPE')
    expect(found(undefined, path)).toBe('matched /v1/files/{id}')
  })

  it('HEAD is refused where GET is', () => {
    expect(found(undefined, '/v1/files/Export', 'HEAD')).toBe('ambiguous /v1/files/export')
    expect(found(undefined, '/v1/files/export', 'HEAD')).toBe('matched /v1/files/export')
  })

  it.each(['/v1/files/export', '/v1/files/other', '/v1/files/exports', '/v1/files/Exported', '/v1/files/%65%78ample', '/v1/files', '/other/export/'])('%s is no other’s', (path) => {
    expect(found(undefined, path)).toMatch(/^matched /)
  })

  it('goes on as data where the service tells it apart', () => {
    const exact: PathOptions = { case: 'exact', finalSlash: 'exact' }
    expect(['/v1/files/Export', '/v1/files/export/', '/V1/files/export'].map((path) => found(exact, path))).toEqual(['matched /v1/files/{id}', 'matched /{path...}', 'matched /{path...}'])
    expect(found({ case: 'exact' }, '/v1/files/export/')).toBe('ambiguous /v1/files/export')
    expect(found({ finalSlash: 'exact' }, '/v1/files/Export')).toBe('ambiguous /v1/files/export')
    // Of an encoded letter there is nothing to say: everybody may write it plainly.
    expect(found(exact, '/v1/files/%65xport')).toBe('ambiguous /v1/files/export')
  })

  it('is that route where the service takes it so', () => {
    const ignoring: PathOptions = { case: 'ignore', finalSlash: 'ignore' }
    expect(['/v1/files/Export', '/V1/FILES/EXPORT/', '/v1/files/export'].map((path) => found(ignoring, path))).toEqual(Array(3).fill('matched /v1/files/export'))
    expect(createRouter(routes, ignoring)('GET', segments('/V1/Files/FiveS/'))).toMatchObject({ route: routes[2], params: { id: 'FiveS' } })
    expect(createRouter(routes, ignoring)('GET', segments('/Any/Path/'))).toMatchObject({ route: routes[4], params: { path: 'Any/Path/' } })
    // A service that ignores case need not know all letters.
    expect(found(ignoring, '/v1/files/%C5%BFtripe', 'POST')).toBe('ambiguous /v1/files/STRIPE')
  })

  it('is its own where both spellings are declared', () => {
    const match = createRouter([route(['GET'], '/v1/items'), route(['GET'], '/v1/items/'), route(['GET'], '/V1/items')])
    for (const path of ['/v1/items', '/v1/items/', '/V1/items']) expect(match('GET', segments(path))).toMatchObject({ kind: 'matched', route: { path } })
  })

  it('may be that of another mount', () => {
    const at = createMountTable([api('/'), api('/ads')])
    expect(at(segments('/Ads/v1'))).toMatchObject({ api: { mount: '/' }, ambiguous: '/ads' })
    expect(at(segments('/%61ds/v1'))).toEqual({ api: { mount: '/ads' }, depth: 1 })
    const seen = createMountTable([api('/'), { ...api('/ads'), keepMount: true }])
    expect(seen(segments('/%61ds/v1'))).toMatchObject({ api: { mount: '/ads' }, ambiguous: '/ads' })
    expect(seen(segments('/ads/%61'))).toEqual({ api: { mount: '/ads', keepMount: true }, depth: 1 })
    expect(createMountTable([{ ...api('/'), paths: { case: 'exact' } }, api('/ads')])(segments('/Ads/v1'))).toEqual({ api: { mount: '/', paths: { case: 'exact' } }, depth: 0 })
  })
})

describe('a parameter that takes encoded slashes', () => {
  const match = createRouter([route(['GET'], '/models/{model:encoded}'), route(['GET'], '/models/{org}/{name}'), route(['GET'], '/raw/{path:encoded...}'), route(['GET'], '/plain/{path...}')])

  it.each([
    ['/models/openai%2Fgpt-4', { model: 'openai/gpt-4' }],
    ['/models/openai%252Fgpt-4', { model: 'openai%2Fgpt-4' }],
    ['/models/a%3Bb', { model: 'a;b' }],
    ['/models/https%3A%2F%2Fexample.com%2F', { model: 'https://example.com/' }],
    ['/models/openai/gpt-4', { org: 'openai', name: 'gpt-4' }],
    ['/raw/a%2Fb/c', { path: 'a%2Fb/c' }],
  ])('%s is %j', (path, params) => {
    expect(match('GET', segments(path))).toMatchObject({ kind: 'matched', params })
  })

  it.each(['/models/openai/gpt%2F4', '/plain/a%2Fb', '/models%2Fx', '/raw%2Fx'])('%s is nobody’s', (path) => {
    expect(match('GET', segments(path)).kind).toBe('unknown')
  })
})
