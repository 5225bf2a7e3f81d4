/** Gateways over one engine, each whole and in this process, and a service behind them. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startGateway, type GatewayConfigInput, type RunningGateway } from '@tollgate/gateway'
import { applyOne } from 'tollgate/stores'

export interface EngineWorld {
  readonly gateways: readonly RunningGateway[]
  /** How often the service was asked. */
  asked(): number
  close(): Promise<void>
}

export interface EngineWorldSetup {
  readonly count: number
  readonly store: GatewayConfigInput['store']
  readonly change?: Partial<GatewayConfigInput>
  readonly log?: (line: string) => void
}

export const accountId = 'acme'

export async function createEngineWorld({ count, store, change = {}, log = () => undefined }: EngineWorldSetup): Promise<EngineWorld> {
  let asked = 0
  const service = createServer((request, response) => {
    asked += 1
    request.resume()
    setTimeout(() => response.end('{"ok":true}'), Number(request.headers['x-work-ms'] ?? 0))
  })
  await listening(service)
  const note = (message: string, fields?: object): void => log(`${message} ${JSON.stringify(fields ?? {})}`)
  const gateways: RunningGateway[] = []
  const close = async (): Promise<void> => {
    await Promise.all(gateways.map((gateway) => gateway.close()))
    service.closeAllConnections()
    service.close()
  }
  try {
    for (let at = 0; at < count; at += 1) gateways.push(await startGateway({ config: configOf(store, portOf(service), change), log: { info: note, warn: note, error: note } }))
  } catch (error) {
    await close()
    throw error
  }
  return { gateways, asked: () => asked, close }
}

export function configOf(store: GatewayConfigInput['store'], port: number, change: Partial<GatewayConfigInput> = {}): GatewayConfigInput {
  return {
    listen: { port: 0, health: true },
    admin: { port: 0, token: 'an-operator-who-is-known' },
    calls: { port: 0 },
    store,
    shutdown: { grace: '1s' },
    upstreams: { service: `http://127.0.0.1:${port}` },
    apis: {
      words: {
        mount: '/',
        upstream: 'service',
        contract: 'problem',
        credentials: { from: [{ header: 'x-api-key' }], prefix: 'wd_' },
        meters: {
          credit: { balance: { scale: 2 }, per: 'account' },
          burst: { window: '60s', algorithm: 'fixed', per: 'key', limit: 100 },
          strangers: { window: '60s', algorithm: 'fixed', per: 'ip', limit: 100 },
          parallel: { lease: 'slot', per: 'key', limit: 4 },
          daily: { quota: 'day', per: 'key', limit: 100 },
        },
        plans: { basic: {}, pro: {} },
        routes: [
          { on: 'POST /v1/words', steps: [{ take: [{ meter: 'credit', price: '0.10' }], hold: { for: '3s', onExpiry: 'release' } }] },
          { on: 'POST /v1/keyed', steps: [{ idempotency: {} }, { take: [{ meter: 'credit', price: '0.10' }], hold: { for: '2s', onExpiry: 'release' } }] },
          { on: 'POST /v1/both', steps: [{ take: ['burst', { meter: 'credit', price: '0.10' }], hold: { for: '6s', onExpiry: 'release' } }] },
          { on: 'POST /v1/all', steps: [{ take: ['parallel'] }, { idempotency: {} }, { take: ['burst', { meter: 'credit', price: '0.10' }], hold: { for: '6s', onExpiry: 'release' } }] },
          { on: 'GET /v1/look', steps: [{ take: ['burst'] }] },
          { on: 'GET /v1/daily', steps: [{ take: ['daily'] }] },
          { on: 'GET /v1/public', public: true, steps: [{ take: ['strangers'] }] },
        ],
      },
    },
    ...change,
  } as GatewayConfigInput
}

/** An account with so much money and a key, by the operator's API of one gateway. */
export async function openAccount(gateway: RunningGateway, units: number, id = accountId): Promise<{ readonly secret: string; readonly keyId: string }> {
  await operate(gateway, 'POST', '/v1/accounts', { id, api: 'words', plan: 'basic', name: id })
  const { secret, key } = (await operate(gateway, 'POST', `/v1/accounts/${id}/keys`, {})) as { readonly secret: string; readonly key: { readonly id: string } }
  await applyOne(gateway.store, { kind: 'grant', subject: `account:${id}`, name: 'credit', scale: 2, grantId: 'first', units, reason: 'test' })
  return { secret, keyId: key.id }
}

export async function operate({ adminUrl, adminToken }: Pick<RunningGateway, 'adminUrl' | 'adminToken'>, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${adminUrl}${path}`, { method, headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

export interface Said {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export async function call({ url }: Pick<RunningGateway, 'url'>, method: string, path: string, headers: { readonly [name: string]: string } = {}): Promise<Said> {
  const answer = await fetch(`${url}${path}`, { method, headers })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

/** So many calls of so many callers at once, in turn to each gateway; how many ended in which status. */
export async function callMany(gateways: readonly RunningGateway[], calls: number, callers: number, one: (gateway: RunningGateway) => Promise<Said>): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>()
  let sent = 0
  const caller = async (): Promise<void> => {
    while (sent < calls) {
      const gateway = gateways[sent % gateways.length] as RunningGateway
      sent += 1
      const { status } = await one(gateway)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return statuses
}

async function listening(server: Server): Promise<void> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
