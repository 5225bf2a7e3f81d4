/** Postgres as a careful engineer uses it: everything of an account in one row, a ledger with a key, each request by itself. */
import { connectPostgres } from '@tollgate/gateway'
import type { Pool } from 'pg'
import { createPool } from '../create-pool.ts'
import { accountId, MUCH, PRICE, type Contender, type RunningContender, type StartOptions } from './contender.ts'

/** Of all processes together: more make the lock of a hot row slower (`docs/performance.md`). */
const CONNECTIONS = 16
/** As whoever has a connection for each caller. */
const MANY_CONNECTIONS = 64
const periods = ['minute', 'hour', 'day', 'month'] as const
const PERIOD_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, month: 2_592_000_000 } as const

/** The number of the period that is on, of each. */
function now(): readonly number[] {
  const ms = Date.now()
  return periods.map((period) => Math.floor(ms / PERIOD_MS[period]))
}

const tables = `
create table one_accounts (id text primary key, ${periods.map((period) => `${period}_at bigint not null default 0, ${period}_count bigint not null default 0`).join(', ')}, balance bigint not null) with (fillfactor = 60);
create table one_ledger (id text primary key, account text not null, at timestamptz not null default now(), units bigint not null);
create index one_ledger_by_account on one_ledger (account, at);`

const counted = periods.map((period, at) => `${period}_count = case when ${period}_at = $${at + 3} then ${period}_count else 0 end + 1, ${period}_at = $${at + 3}`).join(', ')
const fits = periods.map((period, at) => `(${period}_at <> $${at + 3} or ${period}_count < ${MUCH})`).join(' and ')

const oneStatement = `with taken as (update one_accounts set ${counted}, balance = balance - ${PRICE} where id = $1 and balance >= ${PRICE} and ${fits} returning id)
insert into one_ledger (id, account, units) select $2, id, ${PRICE} from taken`

let ids = 0
const nextId = (): string => `d${process.pid}.${(ids += 1)}`

export const oneByOne: readonly Contender[] = [
  {
    name: 'one statement a call',
    engine: 'postgres',
    async prepare({ postgres }, accounts) {
      const pool = createPool(postgres, 1)
      await pool.query(tables)
      await pool.query(`insert into one_accounts (id, balance) select 'acc_' || n, ${MUCH} from generate_series(0, $1 - 1) n`, [accounts])
      await pool.query('analyze one_accounts')
      await pool.end()
    },
    start: withPool(CONNECTIONS, takeAtOnce),
  },
  {
    name: 'one statement a call, 64 connections',
    engine: 'postgres',
    start: withPool(MANY_CONNECTIONS, takeAtOnce),
  },
  {
    name: 'one transaction a call',
    engine: 'postgres',
    note: 'locks the row, decides, writes: five round trips',
    start: withPool(CONNECTIONS, (pool) => async (account) => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const id = accountId(account)
        const { rows } = await client.query<Readonly<Record<string, string>>>({ name: 'lock', text: 'select * from one_accounts where id = $1 for update', values: [id] })
        const [row] = rows
        const at = now()
        const counts = periods.map((period, index) => (Number(row?.[`${period}_at`]) === at[index] ? Number(row?.[`${period}_count`]) : 0))
        if (row === undefined || counts.some((count) => count >= MUCH) || Number(row['balance']) < PRICE) throw new Error('refused')
        await client.query({
          name: 'write',
          text: `update one_accounts set ${periods.map((period, index) => `${period}_at = $${2 * index + 2}, ${period}_count = $${2 * index + 3}`).join(', ')}, balance = $10 where id = $1`,
          values: [id, ...at.flatMap((each, index) => [each, (counts[index] ?? 0) + 1]), Number(row['balance']) - PRICE],
        })
        await client.query({ name: 'ledger', text: 'insert into one_ledger (id, account, units) values ($1, $2, $3)', values: [nextId(), id, PRICE] })
        await client.query('commit')
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    }),
  },
  {
    name: 'a row and its commit, nothing else',
    engine: 'postgres',
    note: 'what the disk and the way there take by themselves',
    isAlone: true,
    async prepare({ postgres }) {
      const pool = createPool(postgres, 1)
      await pool.query('create table bare (id text primary key)')
      await pool.end()
    },
    async start({ urls }) {
      const connection = await connectPostgres({ url: urls.postgres })('lane')
      return {
        admit: () => connection.query({ name: 'bare', text: 'insert into bare (id) values ($1)', values: [nextId()] }),
        stop: () => connection.close(),
      }
    },
  },
]

function takeAtOnce(pool: Pool): (account: number) => Promise<void> {
  return async (account) => {
    const { rowCount } = await pool.query({ name: 'one', text: oneStatement, values: [accountId(account), nextId(), ...now()] })
    if (rowCount !== 1) throw new Error('refused')
  }
}

function withPool(connections: number, create: (pool: Pool) => (account: number) => Promise<void>): (options: StartOptions) => Promise<RunningContender> {
  return async ({ urls, processes }) => {
    const pool = createPool(urls.postgres, connections / processes)
    return { admit: create(pool), stop: () => pool.end() }
  }
}
