import { describe, expect, it } from 'vitest'
import { parsePath, pathOf, targetBelow } from './path.ts'

describe('a path', () => {
  it('is cut into segments, each decoded once', () => {
    expect(parsePath('/v1/a%20b/%2525')).toEqual({ segments: ['v1', 'a b', '%25'] })
    expect(parsePath('/')).toEqual({ segments: [''] })
    expect(parsePath('/v1/')).toEqual({ segments: ['v1', ''] })
    expect(parsePath('/a%3Bb')).toEqual({ segments: ['a;b'] })
    expect(parsePath('/a%2Fb/c%252Fd')).toEqual({ segments: ['a/b', 'c%2Fd'] })
  })

  it('says how it reads without decoding, where a character was encoded without need', () => {
    expect(parsePath('/v1/%65xport/a%20b')).toEqual({ segments: ['v1', 'export', 'a b'], spelled: ['v1', '%65xport', 'a b'] })
    expect(parsePath('/v1/%C3%BC%3A')).toEqual({ segments: ['v1', 'ü:'] })
  })

  it.each(['/v1/%2e%2e/items', '/v1/../items', '/v1/./items', '/v1/a%2f..%2fb', '/v1/%2e%2f', '/v1/%EF%BC%8E%EF%BC%8E/b', '/v1/%E2%80%A5/b', '/v1/a%5cb', '/v1/%00', '/v1/%ff', '/v1/%', '/v1\\items', '//v1', '/v1//items', '/v1;a=b/items', '/..;/items'])(
    '%s is refused: an upstream might read it as another route',
    (path) => {
      expect(parsePath(path)).toMatchObject({ issue: expect.stringContaining('the path ') as string })
    },
  )

  it('ends where the query begins', () => {
    expect(pathOf('/v1?x=/2#y')).toBe('/v1')
  })
})

describe('the target below a mount', () => {
  it.each([
    [1, '/ads/v1?x=1', '/v1?x=1'],
    [1, '/ads', '/'],
    [1, '/ads?x=/y', '/?x=/y'],
    [1, '/%61ds/v1', '/v1'],
    [2, '/ads/v2/x', '/x'],
    [0, '/v1', '/v1'],
  ])('%i off %s is %s', (depth, target, below) => {
    expect(targetBelow(depth, target)).toBe(below)
  })
})
