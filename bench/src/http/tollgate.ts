/** The gateway as `tollgate serve` starts it. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey } from 'tollgate/directory'
import { applyOne } from 'tollgate/stores'
import { startGateway } from '@tollgate/gateway'
import type { Serve } from './serving.ts'
import { key, limit } from './task.ts'

const api = 'bench'
const prefix = 'bk_'

/** `sqlite`: every request becomes a durable row of the request log. `memory`: the newest 10,000 are kept. */
export function serveTollgate(storeKind: 'sqlite' | 'memory'): Serve {
  return async (upstreamPort) => {
    const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    const gateway = await startGateway({
      config: {
        listen: { port: 0 },
        calls: { port: 0 },
        admin: { port: 0, token: 'only-for-this-benchmark' },
        store: storeKind === 'memory' ? 'memory' : { sqlite: join(directory, 'tollgate.db') },
        upstreams: { service: `http://127.0.0.1:${upstreamPort}` },
        apis: {
          [api]: {
            mount: '/',
            contract: 'ai-api',
            credentials: { from: [{ header: 'authorization', scheme: 'Bearer' }], prefix },
            meters: {
              minute: { window: '60s', limit, per: 'key' },
              hour: { window: '1h', limit, per: 'account' },
              day: { quota: 'day', limit, per: 'account' },
              month: { quota: 'month', limit, per: 'account' },
              credit: { balance: { scale: 2 }, per: 'account' },
            },
            routes: [
              { on: 'GET /v1/items/{id}', steps: [{ take: ['minute'] }] },
              { on: 'GET /v1/large/{id}', steps: [{ take: ['minute'] }] },
              { on: 'POST /v1/items', steps: [{ take: ['minute'] }] },
              { on: 'GET /v1/metered/{id}', steps: [{ take: ['minute', 'hour', 'day', 'month'] }] },
              { on: 'GET /v1/paid/{id}', steps: [{ take: ['minute', { meter: 'credit', price: 0.05 }] }] },
              { on: 'GET /v1/events/{id}', steps: [{ take: ['minute'] }] },
              { on: 'GET /v1/events/priced/{id}', steps: [{ take: ['minute', { meter: 'credit', price: 100, usage: { per: 1_000, amounts: { 'usage.completion_tokens': 0.01 } } }] }] },
            ],
          },
        },
      },
    })
    const nowMs = Date.now()
    await gateway.directory.putAccount({ id: 'acme', api, name: 'Acme', status: 'active', plan: 'free', createdAtMs: nowMs })
    const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
    await gateway.directory.putKey(createApiKey({ id: 'key_1', api, accountId: 'acme', secret: key, prefix, sha256Hex, nowMs }))
    await applyOne(gateway.store, { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'g', units: limit, reason: 'bench' })
    return {
      port: gateway.port,
      async close() {
        await gateway.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
}
