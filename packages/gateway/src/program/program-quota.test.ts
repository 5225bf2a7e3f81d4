/** What failed by our fault or the service's uses up no quota, unless the configuration says that it does. */
import { expect, it } from 'vitest'
import { putAcme } from '../fixtures/acme.ts'
import { createService, KEY } from '../fixtures/paid-program.ts'
import { startGateway } from './program.ts'

type Uncount = { readonly uncountOn?: readonly ('upstream.*' | 'field.*')[] }

/** A month of three calls, behind which the service fails twice, refuses once and succeeds for the rest. What each call was answered. */
async function statusesWith(month: Uncount): Promise<readonly number[]> {
  const service = await createService()
  const gateway = await startGateway({
    env: {},
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'a-token-for-this-test-only' },
      store: 'memory',
      upstreams: { service: `http://127.0.0.1:${service.port}` },
      apis: {
        reports: {
          mount: '/',
          contract: 'problem',
          credentials: { from: [{ header: 'x-api-key' }], prefix: 'ak_' },
          meters: { month: { quota: 'month', per: 'account', limit: 3, ...(month.uncountOn !== undefined && { uncountOn: [...month.uncountOn] }) } },
          plans: { free: {} },
          routes: [{ on: 'GET /v1/report', steps: [{ take: ['month'] }] }],
        },
      },
    },
  })
  try {
    await putAcme(gateway.directory, { api: 'reports', key: KEY })
    const answers = [503, 500, 404, 200, 200, 200, 200]
    const statuses: number[] = []
    for (const status of answers) {
      service.answerBy((_, response) => response.writeHead(status).end())
      statuses.push((await fetch(`${gateway.url}/v1/report`, { headers: { 'x-api-key': KEY } })).status)
    }
    return statuses
  } finally {
    await gateway.close()
  }
}

it('by default failures of the service count for nothing, its refusals count', async () => {
  expect((await statusesWith({})).slice(2)).toEqual([404, 200, 200, 429, 429])
})

it('with an empty list everything counts', async () => {
  expect((await statusesWith({ uncountOn: [] })).slice(2)).toEqual([404, 429, 429, 429, 429])
})

it('a list of one’s own stands in the place of the default', async () => {
  expect((await statusesWith({ uncountOn: ['field.*'] })).slice(2)).toEqual([404, 429, 429, 429, 429])
})
