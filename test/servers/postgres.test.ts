/** The servers that other tests start: they come up, outlive a crash with their data, and leave nothing. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { isProving } from '../runs.ts'
import { findPostgres } from './postgres-binaries.ts'
import { startPostgres, type TestPostgres } from './postgres.ts'

async function ask(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query({ text, rowMode: 'array' })
  await client.end()
  return (rows[0] as unknown[] | undefined)?.[0]
}

async function expectCrashAndEnd(server: TestPostgres): Promise<void> {
  const url = await server.freshDatabase()
  await ask(url, 'create table notes as select 7 as number')
  const folder = dirname((await ask(url, 'show data_directory')) as string)
  const { pid } = server
  expect(process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '').not.toMatch(/^Uid:\s0\s/mu)
  await server.kill('SIGKILL')
  await expect(ask(url, 'select 1')).rejects.toThrow(/ECONNREFUSED|terminat|closed/u)
  await server.restart()
  expect(server.pid).not.toBe(pid)
  expect(await ask(url, 'select number from notes')).toBe(7)
  await server.stop()
  expect(existsSync(folder)).toBe(false)
}

test('a server comes up, is killed, recovers, and goes with its folder', async () => {
  await expectCrashAndEnd(await startPostgres())
})

test.runIf(isProving)('the one that npm brings does so too', async () => {
  const binaries = await findPostgres('')
  expect(binaries.postgres).toContain('node_modules')
  await expectCrashAndEnd(await startPostgres({ binaries }))
})
