/** Paid calls on the store alone: held and marked as sent in one commit, charged in the next, and logged. All of it is on disk before it is answered. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSystemClock, startGateway } from '@tollgate/gateway'
import type { Take } from 'tollgate/engine'
import { applyOne, type Store } from 'tollgate/stores'
import { createSqliteStore } from 'tollgate/stores/sqlite'
import { openDatabase } from './durable.ts'
import { createSubjects } from './meters.ts'
import { createVisits, type CreateWork } from './work.ts'

export interface PaidOptions {
  readonly accounts: number
  /** Who call at once, each one call after the other. */
  readonly callers: number
  /** `own`: the database in a thread of its own, as the gateway has it. `same`: in this one, as a library may have it. */
  readonly thread: 'own' | 'same'
}

/** Never reached. */
const MUCH = 1_000_000_000
const PRICE = 5
/** A batch takes some hundredths of a second, whoever calls. */
const BATCH_MIN = 32

export function createPaidCalls({ accounts, callers, thread }: PaidOptions): CreateWork {
  return async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-'))
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
    const { store, close } = await open(thread, join(directory, 'tollgate.db'))
    const subjects = createSubjects(accounts)
    const next = createVisits(accounts)
    await Promise.all(subjects.map((subject) => applyOne(store, { kind: 'grant', subject, name: 'credit', scale: 2, grantId: 'g', units: MUCH, reason: 'bench' })))
    let last = 0

    async function pay(subject: string): Promise<void> {
      const id = `call_${(last += 1)}`
      const takes: readonly Take[] = [
        { subject, name: 'minute', meter: { kind: 'window', windowMs: 60_000 }, limit: MUCH, cost: 1 },
        { subject, name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: PRICE },
      ]
      const { admitted } = await applyOne(store, { kind: 'admit', takes, call: { id, accountId: subject, holdMs: 60_000, onExpiry: 'release' }, dispatch: true })
      if (!admitted) throw new Error('refused')
      const { settled } = await applyOne(store, { kind: 'settle', callId: id, outcome: 'done', chargeUnits: PRICE, reason: 'price' })
      if (!settled) throw new Error('not charged')
      const row = { requestId: id, atMs: Date.now(), durationMs: 1, method: 'POST', path: '/v1/paid', remoteAddress: '127.0.0.1', status: 200, meters: [], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 }
      await store.apply([{ kind: 'log', row }])
    }

    return {
      async check() {
        const subject = subjects[0] ?? ''
        await pay(subject)
        const kinds = (await store.ledger({ subject, order: 'oldest', limit: 10 })).map(({ kind }) => kind).join(' ')
        if (kinds !== 'grant hold settle') throw new Error(`the ledger says ${kinds}`)
      },
      async batch() {
        const each = Math.max(1, Math.ceil(BATCH_MIN / callers))
        await Promise.all(
          Array.from({ length: callers }, async () => {
            for (let call = 0; call < each; call += 1) await pay(subjects[next()] ?? '')
          }),
        )
        return each * callers
      },
      async close() {
        await close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  }
}

async function open(thread: PaidOptions['thread'], file: string): Promise<{ readonly store: Store; readonly close: () => Promise<void> }> {
  if (thread === 'same') {
    const store = createSqliteStore({ database: openDatabase(file), clock: createSystemClock() })
    return { store, close: () => store.close() }
  }
  return startGateway({
    config: {
      listen: { port: 0 },
      admin: { port: 0, token: 'only-for-this-benchmark' },
      store: { sqlite: file },
      upstreams: { service: 'http://127.0.0.1:9' },
      apis: { bench: { mount: '/', contract: 'problem', credentials: { from: [{ header: 'x-api-key' }], prefix: 'bk_' }, routes: [{ on: 'GET /v1/items' }] } },
    },
  })
}
