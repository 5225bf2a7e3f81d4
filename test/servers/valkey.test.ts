import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { mayUseValkey, startValkey } from './valkey.ts'

async function run<T>(url: string, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url)
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

describe.skipIf(!mayUseValkey)('a server of Valkey or Redis', () => {
  test('starts empty, has after a crash what is on its disk, and leaves nothing behind', async () => {
    const [volatile, kept] = await Promise.all([startValkey(), startValkey({ appendonly: 'yes', appendfsync: 'always' })])
    for (const { url } of [volatile, kept]) expect(await run(url, async (client) => [await client.dbsize(), await client.set('a', '1')])).toEqual([0, 'OK'])
    const [[, folder]] = [await run(kept.url, (client) => client.config('GET', 'dir'))] as [[string, string]]
    const { pid } = kept
    await kept.kill('SIGKILL')
    await Promise.all([volatile.restart(), kept.restart()])
    expect(kept.pid).not.toBe(pid)
    expect([await run(volatile.url, (client) => client.get('a')), await run(kept.url, (client) => client.get('a'))]).toEqual([null, '1'])
    await Promise.all([volatile.stop(), kept.stop()])
    expect(existsSync(folder)).toBe(false)
  })
})
