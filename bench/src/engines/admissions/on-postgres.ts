/** Ours on Postgres, with money and without, and a limiter that many use. */
import { connectPostgres, createSystemClock } from '@tollgate/gateway'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { applyOne } from 'tollgate/stores'
import { createPostgresStore, type PostgresStore } from 'tollgate/stores/postgres'
import { createTaking } from '../../work/meters.ts'
import { createPool } from '../create-pool.ts'
import { accountId, MUCH, PRICE, type Contender } from './contender.ts'
import { oneByOne } from './one-by-one.ts'

const subjectOf = (account: number): string => `account:${accountId(account)}`
const takesOf = createTaking()
const GRANTS_AT_ONCE = 500

const open = (url: string): Promise<PostgresStore> => createPostgresStore({ connect: connectPostgres({ url: url }), clock: createSystemClock() })

export const postgresContenders: readonly Contender[] = [
  {
    name: 'tollgate',
    engine: 'postgres',
    async prepare({ postgres }, accounts) {
      const store = await open(postgres)
      for (let from = 0; from < accounts; from += GRANTS_AT_ONCE) {
        await Promise.all(
          Array.from({ length: Math.min(GRANTS_AT_ONCE, accounts - from) }, (_, at) =>
            applyOne(store, { kind: 'grant', subject: subjectOf(from + at), name: 'credit', scale: 2, grantId: 'g', units: MUCH, reason: 'bench' }),
          ),
        )
      }
      await applyOne(store, { kind: 'sweep', limit: 200 })
      await store.close()
    },
    async start({ urls, process: at }) {
      const store = await open(urls.postgres)
      let debits = 0
      const begun = `${Date.now().toString(36)}.${process.pid}`
      return {
        async admit(account) {
          const subject = subjectOf(account)
          const [admission, debit] = (await store.apply([
            { kind: 'admit', takes: takesOf(subject), durable: true },
            { kind: 'debit', subject, name: 'credit', scale: 2, debitId: `${begun}.${(debits += 1)}`, units: PRICE, reason: 'bench' },
          ])) as readonly [{ readonly admitted: boolean }, { readonly debited: boolean }]
          if (!admission.admitted || !debit.debited) throw new Error('refused')
        },
        // The ledger is brought into its order by it: that is part of the price.
        ...(at === 0 && { upkeep: () => applyOne(store, { kind: 'sweep', limit: 200 }) }),
        stop: () => store.close(),
      }
    },
  },
  ...oneByOne,
  {
    name: 'tollgate, four meters',
    engine: 'postgres',
    note: 'without the debit: its commits do not wait for the disk',
    async start({ urls }) {
      const store = await open(urls.postgres)
      return {
        async admit(account) {
          if (!(await applyOne(store, { kind: 'admit', takes: takesOf(subjectOf(account)) })).admitted) throw new Error('refused')
        },
        stop: () => store.close(),
      }
    },
  },
  {
    name: 'rate-limiter-flexible × 4',
    engine: 'postgres',
    note: 'four limits, no debit',
    async prepare({ postgres }) {
      const pool = createPool(postgres, 1)
      await pool.query('create table flexible (key varchar(255) primary key, points integer not null default 0, expire bigint)')
      await pool.end()
    },
    async start({ urls, processes }) {
      const pool = createPool(urls.postgres, 16 / processes)
      const limiters = [60, 3_600, 86_400, 2_592_000].map(
        (duration) => new RateLimiterPostgres({ storeClient: pool, storeType: 'pool', tableName: 'flexible', tableCreated: true, clearExpiredByTimeout: false, points: MUCH, duration, keyPrefix: `f${duration}` }),
      )
      return {
        async admit(account) {
          // One after the other, since what the first refuses must not count for the next.
          for (const limiter of limiters) await limiter.consume(accountId(account))
        },
        stop: () => pool.end(),
      }
    },
  },
]
