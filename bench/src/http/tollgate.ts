/** The gateway as `tollgate serve` starts it. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey } from 'tollgate/directory'
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
        admin: { port: 0, token: 'only-for-this-benchmark' },
        store: storeKind === 'memory' ? 'memory' : { sqlite: join(directory, 'tollgate.db') },
        upstreams: { service: `http://127.0.0.1:${upstreamPort}` },
        apis: {
          [api]: {
            mount: '/',
            contract: 'ai-api',
            credentials: { from: [{ header: 'authorization', scheme: 'Bearer' }], prefix },
            meters: { minute: { window: '60s', limit, per: 'key' } },
            routes: [{ on: 'GET /v1/items/{id}', steps: [{ take: ['minute'] }] }],
          },
        },
      },
    })
    const nowMs = Date.now()
    await gateway.directory.putAccount({ id: 'acme', api, name: 'Acme', status: 'active', plan: 'free', createdAtMs: nowMs })
    const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
    await gateway.directory.putKey(createApiKey({ id: 'key_1', api, accountId: 'acme', secret: key, prefix, sha256Hex, nowMs }))
    return {
      port: gateway.port,
      async close() {
        await gateway.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
}
