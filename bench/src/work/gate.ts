/** The gate alone: a request in, its verdict, and to its end, with its row in the log. No socket, no service. */
import { hash, randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aiApi } from 'tollgate/catalog'
import { createApiKey, createDirectory } from 'tollgate/directory'
import { createGate, type ApiOptions, type IncomingCall, type Verdict } from 'tollgate/gate'
import type { Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createSystemClock, startGateway } from '@tollgate/gateway'
import { authorization, key, limit, paths } from '../http/task.ts'
import type { CreateWork } from './work.ts'

const BATCH = 256
/** As many requests are under way at once as a loaded gateway has. */
const CALLERS = 64
/** For a disk that stands still: two minutes. */
const WAIT_MS = 100
const WAITS_MAX = 1_200

export interface GateWork {
  readonly store: 'memory' | 'sqlite'
  /** `refused`: no key. Otherwise it is admitted, with no meter, one, or four. */
  readonly asks: 'refused' | 'free' | 'item' | 'metered'
  /** Whether it waits and asks again while the store cannot take what is counted, since the disk does not keep up. Otherwise that ends the run. */
  readonly waits?: boolean
}

const sha256Hex = (text: string): string => hash('sha256', text, 'hex')

const pool = new Uint8Array(16_384)
let taken = pool.length

/** Many at a time, as the gateway has them. */
function randomBytes(length: number): Uint8Array {
  if (taken + length > pool.length) {
    randomFillSync(pool)
    taken = 0
  }
  taken += length
  return pool.slice(taken - length, taken)
}

const api: ApiOptions = {
  name: 'bench',
  mount: '/',
  contract: aiApi,
  credentials: { from: [{ in: 'header', name: 'authorization', scheme: 'Bearer' }], prefix: 'bk_' },
  meters: {
    minute: { meter: { kind: 'window', windowMs: 60_000 }, per: 'key', limit },
    hour: { meter: { kind: 'window', windowMs: 3_600_000 }, per: 'account', limit },
    day: { meter: { kind: 'quota', period: 'day' }, per: 'account', limit },
    month: { meter: { kind: 'quota', period: 'month' }, per: 'account', limit },
  },
  plans: { free: { limits: {} } },
  routes: [
    { methods: ['GET'], path: '/v1/free/{id}', steps: [] },
    { methods: ['GET'], path: '/v1/items/{id}', steps: [{ kind: 'take', take: ['minute'] }] },
    { methods: ['GET'], path: '/v1/metered/{id}', steps: [{ kind: 'take', take: ['minute', 'hour', 'day', 'month'] }] },
  ],
  bodyBytesMax: 65_536,
}

const targets = { refused: paths.item, free: '/v1/free/item_1', item: paths.item, metered: paths.metered } as const
const answerHeaders = ['Content-Type', 'application/json', 'Content-Length', '1024']
const completion = { bytesIn: 0, bytesOut: 1_024, attempts: [] }

export function createGateWork({ store: kind, asks, waits = false }: GateWork): CreateWork {
  return async () => {
    const clock = createSystemClock()
    const { store, close } = kind === 'memory' ? { store: createMemoryStore({ clock }), close: async () => undefined } : await openAside()
    const directory = createDirectory({ store, clock, sha256Hex })
    const nowMs = clock.wallMs()
    await directory.putAccount({ id: 'acme', api: api.name, name: 'Acme', status: 'active', plan: 'free', createdAtMs: nowMs })
    await directory.putKey(createApiKey({ id: 'key_1', api: api.name, accountId: 'acme', secret: key, prefix: 'bk_', sha256Hex, nowMs }))
    const gate = createGate({ apis: [api], fallback: aiApi, store, directory, clock, randomBytes, sha256Hex })
    const headers = ['Host', '127.0.0.1:8080', ...(asks === 'refused' ? [] : ['Authorization', authorization])]
    const call = (): IncomingCall => ({
      method: 'GET',
      target: targets[asks],
      headers,
      remoteAddress: '127.0.0.1',
      hasBody: false,
      readBody: async () => ({ kind: 'complete', bytes: new Uint8Array(0) }),
    })

    async function begin(): Promise<Verdict> {
      for (let waited = 0; ; waited += 1) {
        const verdict = await gate.begin(call())
        if (!waits || waited === WAITS_MAX || verdict.kind !== 'answer' || verdict.answer.status !== 503) return verdict
        await new Promise((resolve) => void setTimeout(resolve, WAIT_MS))
      }
    }

    async function one(): Promise<void> {
      const verdict = await begin()
      if (verdict.kind === 'answer') {
        if (asks !== 'refused' || verdict.answer.status !== 401) throw new Error(`answered ${verdict.answer.status}`)
        return
      }
      const { admitted } = verdict
      if (asks === 'refused' || !(await admitted.dispatching())) throw new Error('not as it should be')
      if (admitted.judge(200, answerHeaders).kind !== 'pass') throw new Error('not passed')
      await admitted.completed(200, completion)
    }

    return {
      async check() {
        await one()
      },
      async batch() {
        await Promise.all(
          Array.from({ length: CALLERS }, async () => {
            for (let asked = 0; asked < BATCH / CALLERS; asked += 1) await one()
          }),
        )
        // As between the requests of a server: what the thread of the database has to say is heard.
        await new Promise(setImmediate)
        return BATCH
      },
      close,
    }
  }
}

/** A database in a thread of its own, as the gateway has it. */
async function openAside(): Promise<{ readonly store: Store; readonly close: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  return startGateway({
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'only-for-this-benchmark' },
      store: { sqlite: join(directory, 'tollgate.db') },
      upstreams: { service: 'http://127.0.0.1:9' },
      apis: { other: { mount: '/', contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'ot_' }, routes: [{ on: 'GET /v1/items' }] } },
    },
  })
}
