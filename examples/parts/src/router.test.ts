import { expect, test } from 'vitest'
import { createRouter } from './router.ts'

const route = createRouter<string, string>(
  [
    { method: 'GET', path: '/v1/files/{id}', handle: (call, id) => `${call} reads ${id}` },
    { method: 'DELETE', path: '/v1/files/{id}', handle: (call, id) => `${call} deletes ${id}` },
    { method: 'POST', path: '/v1/a.b', handle: (call) => call, streams: true },
  ],
  '[^/]{1,64}',
)

function answer(method: string, path: string): unknown {
  const match = route(method, path)
  return match.found ? match.handle('ada') : match.allow
}

test('the method chooses among the handlers of a path', () => {
  expect([answer('GET', '/v1/files/x'), answer('DELETE', '/v1/files/x')]).toEqual(['ada reads x', 'ada deletes x'])
})

test('a path that is there says which methods it allows, another one none', () => {
  expect(answer('POST', '/v1/files/x')).toEqual(['GET', 'DELETE'])
  expect([answer('GET', '/v1/files'), answer('GET', '/v1/files/'), answer('GET', '/v1/files/x/y'), answer('POST', '/v1/aXb')]).toEqual([[], [], [], []])
})

test('an id is decoded; what cannot be decoded stays as it is', () => {
  expect([answer('GET', '/v1/files/a%20b'), answer('GET', '/v1/files/%zz')]).toEqual(['ada reads a b', 'ada reads %zz'])
})

test('who reads the body itself says so', () => {
  expect([route('POST', '/v1/a.b'), route('GET', '/v1/files/x')]).toMatchObject([{ streams: true }, { streams: false }])
})
