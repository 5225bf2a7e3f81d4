/** A mock behind the handlers of MSW. */
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { expect, it, onTestFinished } from 'vitest'
import { problem } from 'tollgate/catalog'
import { createMock, mswHandlers } from 'tollgate/testing'

it('what is asked at its address is answered by the mock, and a dropped connection is a network error', async () => {
  const mock = createMock(problem, { rules: [{ on: 'POST /v1/things', answer: [{ entry: 'rateLimited' }, { drop: 'early' }] }] })
  const server = setupServer(...mswHandlers(mock, http, 'https://api.example.com/'))
  server.listen({ onUnhandledRequest: 'error' })
  onTestFinished(() => server.close())
  const ask = () => fetch('https://api.example.com/v1/things', { method: 'POST', body: '{"a":1}' })
  const refused = await ask()
  expect([refused.status, problem.read({ status: refused.status, headers: Object.fromEntries(refused.headers), body: await refused.text() })?.entry]).toEqual([429, 'rateLimited'])
  await expect(ask()).rejects.toThrow(TypeError)
  expect(await (await ask()).json()).toMatchObject({ ok: true, path: '/v1/things' })
  expect(() => mock.assert('3 requests', '1 call')).not.toThrow()
})
