import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { CountingMeter, Take } from '../../engine/meters/meter.ts'
import { kindOf } from '../../engine/kinds/kinds.ts'
import { applyOne } from '../store.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { createStoreTime } from '../../testing/timed-store.ts'
import { createSqliteStore } from './sqlite.ts'

const Database = createRequire(import.meta.url)('libsql') as new (path: string) => SqlDatabase
const NOON = Date.UTC(2026, 2, 10, 12)
const YEAR = 365 * 86_400_000
const meters: { readonly [name: string]: CountingMeter } = { minute: { kind: 'window', windowMs: 60_000 }, daily: { kind: 'quota', period: 'day' } }

test('set back, a store goes by the earlier time: counts of a wrong year are gone, those of now and money stay', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-time-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const open = (setBack?: Parameters<typeof createSqliteStore>[0]['setBack']) => {
    const time = createStoreTime(createManualClock(NOON))
    return time.over(createSqliteStore({ database: new Database(join(directory, 'store.db')), clock: time.clock, setBack }))
  }
  const take = (subject: string, name: string): Take => ({ subject, name, meter: meters[name] ?? { kind: 'quota', period: 'day' }, limit: 9, cost: 1 })
  const use = (store: ReturnType<typeof open>, subject: string, nowMs: number) => applyOne(store.at(nowMs), { kind: 'admit', takes: [take(subject, 'minute'), take(subject, 'daily')] })

  const first = open()
  await applyOne(first.at(NOON), { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 500, reason: 'test' })
  await use(first, 'account:a', NOON)
  // On disk before the leap.
  await applyOne(first, { kind: 'put', collection: 'c', id: 'x', value: 1 })
  await use(first, 'account:b', NOON + YEAR)
  await first.close()
  const unmended = open()
  expect(unmended.highWaterMs()).toBe(NOON + YEAR)
  await unmended.close()

  const back = open({ toMs: NOON + 1_000, periodEndsMs: new Set(Object.values(meters).flatMap((meter) => kindOf(meter).periodEndMs(meter, NOON + 1_000) ?? [])) })
  expect(back.highWaterMs()).toBe(NOON + 1_000)
  const used = async (subject: string) => (await back.at(NOON + 2_000).peek([take(subject, 'minute'), take(subject, 'daily')])).map((reading) => reading.used)
  expect(await used('account:a')).toEqual([1, 1])
  expect(await used('account:b')).toEqual([0, 0])
  expect((await back.at(NOON + 2_000).balance('account:a', 'credit'))?.availableUnits).toBe(500)
  await back.close()
})
