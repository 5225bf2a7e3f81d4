import { expect, it } from 'vitest'
import { queryPairs, takeFromQuery } from './query.ts'

it.each<[string, string, readonly string[] | undefined]>([
  ['/v1?api_key=s3', '/v1', ['s3']],
  ['/v1?q=a&api_key=s3&z=%20+', '/v1?q=a&z=%20+', ['s3']],
  ['/v1?api%5Fkey=s%2B3+', '/v1', ['s+3 ']],
  ['/v1?api_key=a&api_key=b&q', '/v1?q', ['a', 'b']],
  ['/v1?api_key', '/v1', ['']],
  ['/v1?api_key=%zz', '/v1', ['%zz']],
  ['/v1?API_KEY=s3&xapi_key=1', '/v1?API_KEY=s3&xapi_key=1', undefined],
  ['/v1', '/v1', undefined],
  ['/v1?', '/v1?', undefined],
])('%s leaves %s', (target, left, values) => {
  expect(takeFromQuery(target, new Set(['api_key']))).toEqual({ target: left, values: new Map(values === undefined ? [] : [['api_key', values]]) })
})

it('no name of a member of every object is found where it is not', () => {
  expect(queryPairs('__proto__=1&constructor=2').map(({ name }) => name)).toEqual(['__proto__', 'constructor'])
  expect(takeFromQuery('/?a=1', new Set(['constructor', 'toString'])).values.size).toBe(0)
})
