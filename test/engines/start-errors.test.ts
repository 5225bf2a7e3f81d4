/** What a start, a check and a migration say about a database that cannot be had: each by the server that says no, and never with the password. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGateway, type GatewayConfigInput } from '@tollgate/gateway'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isProving } from '../runs.ts'
import { freshDatabase, sharedPostgres } from '../servers/postgres.ts'
import { mayUseValkey, startValkey } from '../servers/valkey.ts'
import { configOf } from './engine-world.ts'
import { type } from './program.ts'

let url: string
let port: number
let folder: string

beforeAll(async () => {
  url = await freshDatabase()
  ;({ port } = await sharedPostgres())
  folder = mkdtempSync(join(tmpdir(), 'tollgate-start-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function faultOf(postgres: NonNullable<Exclude<GatewayConfigInput['store'], 'memory'>['postgres']>): Promise<string> {
  const gateway = await startGateway({ config: configOf({ postgres }, 9) }).catch((error: unknown) => error)
  if (gateway instanceof Error) return gateway.message
  await (gateway as { close(): Promise<void> }).close()
  return 'it started'
}

async function ask(at: string, text: string): Promise<void> {
  const client = new Client({ connectionString: at })
  await client.connect()
  await client.query(text)
  await client.end()
}

it('nobody listens there', async () => {
  expect(await faultOf('postgres://tollgate:hunter2@127.0.0.1:1/app')).toBe('postgres 127.0.0.1:1/app: nothing listens at this address; start the server, or mend the address')
})

it('there is no such database', async () => {
  expect(await faultOf(`postgres://tollgate:hunter2@127.0.0.1:${port}/nowhere`)).toBe(`postgres 127.0.0.1:${port}/nowhere: there is no database nowhere; create it (createdb), or mend the address`)
})

it('there is no such user', async () => {
  expect(await faultOf(`postgres://nobody_here:hunter2@127.0.0.1:${port}/postgres`)).toBe(`postgres 127.0.0.1:${port}/postgres: the server does not let the user nobody_here in from here (pg_hba.conf says who may, and whether by TLS)`)
})

it('it speaks no TLS', async () => {
  expect(await faultOf({ url, tls: {} })).toMatch(/: it does not speak TLS; take tls \(or sslmode\) away, or switch it on there$/)
})

it('a user who may make no tables is told what it lacks', async () => {
  await ask(url, "do $$ begin if not exists (select from pg_roles where rolname = 'weak') then create role weak login; end if; end $$")
  expect(await faultOf(url.replace('tollgate@', 'weak@'))).toMatch(/weak may not do what is needed: it must own the schema tollgate, or may create one|permission denied for database/)
})

// There has been but one schema so far, so that no database can have an older one.
it.runIf(isProving)('migrate makes the tables, once, and those of a newer version are left alone for ever', async () => {
  const own = await freshDatabase()
  writeFileSync(join(folder, 'tollgate.yaml'), JSON.stringify(configOf({ postgres: '${DATABASE_URL}' }, 9)))
  const env = { DATABASE_URL: own.replace('tollgate@', 'tollgate:hunter2@') }
  const preview = await type(['migrate', '--dry-run', '--sql'], folder, env)
  expect([preview.code, preview.err]).toEqual([0, ''])
  expect(preview.out).toMatch(/^-- postgres 127\.0\.0\.1:\d+\/\w+ would get the tables of schema \d+\ncreate schema/)
  expect((await type(['migrate'], folder, env)).out).toMatch(/has got the tables of schema \d+\n$/)
  expect((await type(['migrate'], folder, env)).out).toMatch(/has schema \d+, which is the newest: nothing to do\n$/)
  await ask(own, 'update tollgate.schema_version set version = version + 1')
  expect(await faultOf(own)).toMatch(/^postgres \S+: the database has schema \d+, this version of Tollgate knows \d+: run the newer version, or restore a backup$/)
  const newer = await type(['migrate'], folder, env)
  expect([newer.code, newer.err]).toEqual([1, expect.stringContaining('run the newer version')])
})

it.skipIf(!mayUseValkey)('a server of counters that lets nobody in is told from one that is not there', async () => {
  const server = await startValkey()
  const redis = new Redis(server.url)
  await redis.config('SET', 'requirepass', 'hunter2')
  redis.disconnect()
  const own = await freshDatabase()
  const at = server.url.replace('redis://', '')
  const said = async (valkey: string): Promise<string> => {
    const gateway = await startGateway({ config: configOf({ postgres: own }, 9, { counters: { valkey } }) }).catch((error: unknown) => error)
    return gateway instanceof Error ? gateway.message : 'it started'
  }
  try {
    expect(await said(`redis://:hunter3@${at}`)).toMatch(/^valkey 127\.0\.0\.1:\d+\/0: the password is wrong, or there is no such user$/)
    expect(await said(`redis://${at}`)).toMatch(/: it asks for a password; give one in the address$/)
    expect(await said('redis://127.0.0.1:1')).toBe('valkey 127.0.0.1:1/0: nothing listens at this address; start the server, or mend the address')
  } finally {
    await server.stop()
  }
})

it.runIf(isProving)('check says where things are kept, without asking them and without their passwords', async () => {
  writeFileSync(join(folder, 'tollgate.yaml'), JSON.stringify(configOf({ postgres: '${DATABASE_URL}' }, 9, { workers: 2 })))
  const { code, out } = await type(['check'], folder, { DATABASE_URL: 'postgres://tollgate:hunter2@db.internal/app' })
  expect(code).toBe(0)
  expect(out).toContain('store: postgres db.internal:5432/app, 2 workers\n')
  expect(out).not.toContain('hunter2')
})
