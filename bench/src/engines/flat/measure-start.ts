/** A gateway over a database of a size: how long it takes to start, and to read its configuration again. */
import { startGateway } from '@tollgate/gateway'
import { API, plans } from '../../size/fill.ts'
import { median } from '../../rounds.ts'
import type { FlatAnswer, FlatDatabase } from './flat-question.ts'

const RELOADS = 5

export async function measureStart({ engine, at }: Pick<FlatDatabase, 'engine' | 'at'>): Promise<FlatAnswer> {
  const config = (store: unknown) =>
    ({
      listen: { port: 0 },
      admin: { port: 0, token: 'only-for-this-benchmark' },
      store,
      upstreams: { up: 'http://127.0.0.1:9' },
      apis: { [API]: { mount: '/', upstream: 'up', contract: 'problem', plans: Object.fromEntries(plans.map((plan) => [plan, {}])), routes: [{ on: 'GET /v1/reports/{id}', public: true }] } },
    }) as Parameters<typeof startGateway>[0]['config']
  // What is imported late is not counted.
  await (await startGateway({ config: config('memory') })).close()
  const beganMs = performance.now()
  const before = process.cpuUsage()
  const gateway = await startGateway({ config: config({ [engine]: at }) })
  const startMs = performance.now() - beganMs
  const { user, system } = process.cpuUsage(before)
  const reloads: number[] = []
  for (let count = 0; count < RELOADS; count += 1) {
    const reloadedMs = performance.now()
    const outcome = await gateway.reload()
    if (!outcome.ok) throw new Error('the gateway did not take its configuration again')
    reloads.push(performance.now() - reloadedMs)
  }
  await gateway.close()
  return { startMs, startCpuMs: (user + system) / 1_000, reloadMs: median(reloads) }
}
