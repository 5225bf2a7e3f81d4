import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, truncateSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreUnavailableError, type GrantCommand } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createManualClock, type ManualClock } from 'tollgate/testing'
import type { AlertEvent } from '../platform/alerts.ts'
import { claimDatabase } from './database-claim.ts'
import { openStore } from './open-store.ts'

let directory: string
let file: string
let clock: ManualClock
let alerts: string[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-watch-'))
  file = join(directory, 'tollgate.db')
  clock = createManualClock(Date.UTC(2026, 10, 22))
  alerts = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

async function open(path = file) {
  const { store, backup, watch } = await openStore({ kind: 'sqlite', file: path }, clock, ({ message }: Omit<AlertEvent, 'atMs'>) => void alerts.push(message))
  let grants = 0
  const grant = (): Promise<unknown> => {
    const command: GrantCommand = { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: `g${(grants += 1)}`, units: 100, reason: 'test' }
    return applyOne(store, command)
  }
  const money = async () => (await store.balance('account:acme', 'credit'))?.availableUnits
  return { store, backup, stop: watch(), grant, money }
}

describe('a database that loses its place while it is in use', () => {
  const losses: readonly (readonly [how: string, lose: () => void, says: string])[] = [
    ['deleted', () => unlinkSync(file), 'was moved or deleted while it is in use'],
    ['moved', () => renameSync(file, `${file}.old`), 'was moved or deleted while it is in use'],
    ['replaced', () => (copyFileSync(file, `${file}.new`), renameSync(`${file}.new`, file)), 'was replaced while it is in use'],
    ['cut short', () => truncateSync(file, 512), 'was cut short or written over while it is in use'],
    ['deleted with its directory', () => rmSync(directory, { recursive: true }), 'was moved or deleted while it is in use'],
  ]

  it.each(losses)('%s: an alert comes at once, money is refused soon, and what runs still ends', async (_, lose, says) => {
    const { store, grant } = await open()
    await grant()
    lose()
    clock.advance(1_000)
    expect(alerts).toEqual([expect.stringContaining(says)])
    await grant()
    clock.advance(5_000)
    await expect(grant()).rejects.toThrow(StoreUnavailableError)
    await expect(store.apply([{ kind: 'put', collection: 'accounts', id: 'a', value: {} }])).rejects.toThrow(says)
    expect(await store.apply([{ kind: 'sweep', limit: 10 }])).toHaveLength(1)
    expect(alerts).toHaveLength(1)
    await expect(store.close()).rejects.toThrow(says)
  })

  it('moved back in time loses nothing, and is said too', async () => {
    const { store, stop, grant } = await open()
    await grant()
    renameSync(file, `${file}.old`)
    clock.advance(10_000)
    await expect(grant()).rejects.toThrow('moved or deleted')
    renameSync(`${file}.old`, file)
    await new Promise(setImmediate)
    clock.advance(1_000)
    await grant()
    expect(alerts.at(-1)).toBe(`the database is in its place again: ${file}`)
    stop()
    await store.close()
    const again = await open()
    expect(await again.money()).toBe(200)
    again.stop()
    await again.store.close()
  })

  it('can be saved by a backup', async () => {
    const { store, backup, grant } = await open()
    await grant()
    unlinkSync(file)
    clock.advance(10_000)
    await backup?.(join(directory, 'saved.db'))
    await expect(store.close()).rejects.toThrow('moved or deleted')
    renameSync(join(directory, 'saved.db'), file)
    const again = await open()
    expect(await again.money()).toBe(100)
    again.stop()
    await again.store.close()
  })

  it('does not take the log of the database that came into its place with it when it ends', async () => {
    const first = await open()
    await first.grant()
    unlinkSync(file)
    unlinkSync(`${file}-wal`)
    const second = await open()
    await second.grant()
    expect(existsSync(`${file}-wal`)).toBe(true)
    first.stop()
    await expect(first.store.close()).rejects.toThrow('was replaced')
    expect(existsSync(`${file}-wal`)).toBe(true)
    second.stop()
    await second.store.close()
  })
})

it.each(['deleted', 'replaced'])('a log that was %s is written into the database and begun anew', async (how) => {
  const { store, stop, grant } = await open()
  await grant()
  if (how === 'replaced') copyFileSync(file, `${file}-other`)
  unlinkSync(`${file}-wal`)
  if (how === 'replaced') renameSync(`${file}-other`, `${file}-wal`)
  clock.advance(1_000)
  await new Promise(setImmediate)
  expect(alerts).toEqual([expect.stringContaining(`${file}-wal, was moved, deleted or replaced while it is in use; all of it was written into the database`)])
  await grant()
  // As a crash would leave it: nothing closes it.
  for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, join(directory, `crashed.db${suffix}`))
  const crashed = await open(join(directory, 'crashed.db'))
  expect(await crashed.money()).toBe(200)
  crashed.stop()
  await crashed.store.close()
  clock.advance(5_000)
  expect(alerts).toHaveLength(1)
  stop()
  await store.close()
})

describe.runIf(process.platform === 'linux')('the name of a database', () => {
  it('is held until it is let go of, also where the file is gone, whatever way leads to it', async () => {
    const release = await claimDatabase(file)
    await expect(claimDatabase(join(directory, '..', directory.split('/').at(-1) ?? '', 'tollgate.db'))).rejects.toThrow(
      'the database cannot be used: it is owned by another process; stop that one first',
    )
    const other = await claimDatabase(`${file}2`)
    release()
    other()
    ;(await claimDatabase(file))()
  })
})

it('is looked at once when the clock leaps by a month, not two million times', async () => {
  const { store, stop } = await open()
  const planned = vi.spyOn(clock, 'after')
  clock.advance(30 * 86_400_000)
  expect(planned.mock.calls.length).toBeLessThan(10)
  stop()
  await store.close()
})
