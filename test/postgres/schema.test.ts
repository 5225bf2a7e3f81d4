/** How a database becomes ours: the schema is made once, said before, and never taken for an older one. */
import { createSystemClock } from '@tollgate/gateway'
import { createPostgresStore, migratePostgres, type ConnectSql } from 'tollgate/stores/postgres'
import { beforeEach, expect, test } from 'vitest'
import { connectPostgres } from '../../packages/gateway/src/platform/postgres.ts'
import { freshDatabase } from '../servers/postgres.ts'

const clock = createSystemClock()
let connect: ConnectSql
beforeEach(async () => {
  connect = connectPostgres({ url: await freshDatabase() })
})

async function run(text: string): Promise<readonly { readonly [column: string]: unknown }[]> {
  const connection = await connect('migration')
  try {
    return (await connection.query({ text })).rows
  } finally {
    await connection.close()
  }
}

test('a dry run says each statement and does none; what it says is what is done', async () => {
  const planned = await migratePostgres({ connect, dryRun: true })
  expect(planned).toMatchObject({ from: 0, to: 1 })
  expect(planned.statements[0]).toBe('create schema if not exists tollgate')
  expect(await run("select 1 from information_schema.schemata where schema_name = 'tollgate'")).toEqual([])
  await run([...planned.statements, ''].join(';\n'))
  expect(await migratePostgres({ connect, dryRun: true })).toEqual({ from: 1, to: 1, statements: [] })
  await (await createPostgresStore({ connect, clock, migrate: false })).close()
})

test('of many gateways that start at once one makes the tables, and all have them', async () => {
  const stores = await Promise.all(Array.from({ length: 6 }, () => createPostgresStore({ connect, clock })))
  expect(stores.filter(({ migrations }) => migrations.statements.length > 0)).toHaveLength(1)
  await Promise.all(stores.map((store) => store.close()))
})

test('an older schema is left alone where it may not be changed, and a newer one always', async () => {
  await expect(createPostgresStore({ connect, clock, migrate: false })).rejects.toThrow('the database has schema 0, this version of Tollgate needs 1: run tollgate migrate')
  await migratePostgres({ connect })
  await run('update tollgate.schema_version set version = 7')
  await expect(createPostgresStore({ connect, clock })).rejects.toThrow('the database has schema 7, this version of Tollgate knows 1: run the newer version, or restore a backup')
  expect(await run('select version from tollgate.schema_version')).toEqual([{ version: 7 }])
})

test('no extension, trigger, function, foreign key or sequence is used', async () => {
  await migratePostgres({ connect })
  expect(await run("select extname from pg_extension where extname <> 'plpgsql'")).toEqual([])
  expect(await run('select tgname from pg_trigger where not tgisinternal')).toEqual([])
  expect(await run("select proname from pg_proc join pg_namespace n on n.oid = pronamespace where nspname = 'tollgate'")).toEqual([])
  expect(await run("select relname from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'tollgate' and relkind = 'S'")).toEqual([])
  expect(await run("select conname from pg_constraint where contype = 'f'")).toEqual([])
})

test('a lane finds by its keys in tables that were empty when it began, however they grow', async () => {
  const plans: string[] = []
  const store = await createPostgresStore({
    clock,
    lanes: 1,
    // Each statement once more, explained, as the connection has planned it.
    async connect(role) {
      const connection = await connect(role)
      if (role !== 'lane') return connection
      return {
        ...connection,
        query(query) {
          const answer = connection.query(query)
          if (query.name === undefined || !/^tollgate_(?:subjects|movements|update|calls)/.test(query.name)) return answer
          const values = (query.values ?? []).map((value) => (Array.isArray(value) ? `array[${value.map((each) => `'${String(each)}'`).join(', ')}]::text[]` : `'${String(value)}'`))
          void connection.query({ text: `explain execute ${query.name}(${values.join(', ')})` }).then(({ rows }) => plans.push(rows.map((row) => row['QUERY PLAN']).join('\n')), () => undefined)
          return answer
        },
      }
    },
  })
  // A plan is kept from the sixth time on.
  for (let round = 0; round < 8; round += 1) {
    await Promise.all(Array.from({ length: 200 }, (_, at) => store.apply([{ kind: 'grant', subject: `account:${at % 20}`, name: 'credit', scale: 2, grantId: `g${round} ${at}`, units: 5, reason: 'test' }])))
  }
  await store.close()
  expect(plans.length).toBeGreaterThan(10)
  expect(plans.filter((plan) => /Seq Scan on (?:subjects|movements|calls)/.test(plan))).toEqual([])
})
