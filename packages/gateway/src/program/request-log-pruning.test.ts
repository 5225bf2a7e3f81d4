import { createManualClock } from 'tollgate/testing'
import { expect, it } from 'vitest'
import { silentLog } from '../platform/log.ts'
import { ROWS_AT_ONCE, startRequestLogPruning } from './request-log-pruning.ts'

const EVERY_MS = 600_000

/** A log with so many rows that are old; each slice takes so long. */
function oldRows(count: number, tookMs: number) {
  const clock = createManualClock(0)
  const slices: number[] = []
  let left = count
  const store = {
    async pruneRequests(_beforeMs: number, limit: number) {
      const deleted = Math.min(left, limit)
      left -= deleted
      slices.push(deleted)
      // Not while the clock is being turned.
      await Promise.resolve()
      clock.advance(tookMs)
      return deleted
    },
  }
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  return { clock, store, slices, settled, more: (rows: number) => void (left += rows) }
}

it('deletes in slices, and after each leaves the disk to others for as long as it took', async () => {
  const { clock, store, slices, settled, more } = oldRows(2 * ROWS_AT_ONCE + 1, 40)
  const stop = startRequestLogPruning({ store, clock, log: silentLog, keepMs: () => 1 })
  clock.advance(EVERY_MS)
  await settled()
  expect(slices).toEqual([ROWS_AT_ONCE])
  clock.advance(39)
  await settled()
  expect(slices).toHaveLength(1)
  clock.advance(1)
  await settled()
  expect(slices).toHaveLength(2)
  clock.advance(40)
  await settled()
  expect(slices).toEqual([ROWS_AT_ONCE, ROWS_AT_ONCE, 1])
  more(3)
  clock.advance(EVERY_MS - 1)
  await settled()
  expect(slices).toHaveLength(3)
  clock.advance(1)
  await settled()
  expect(slices).toEqual([ROWS_AT_ONCE, ROWS_AT_ONCE, 1, 3])
  stop()
  expect(clock.pending()).toBe(0)
})

it('a store that fails is said, and asked again at the next time', async () => {
  const { clock, settled } = oldRows(0, 0)
  const said: string[] = []
  let asked = 0
  const store = { pruneRequests: () => ((asked += 1), Promise.reject(new Error('the disk is full'))) }
  const stop = startRequestLogPruning({ store, clock, log: { ...silentLog, error: (message) => void said.push(message) }, keepMs: () => 1 })
  for (let round = 0; round < 2; round += 1) {
    clock.advance(EVERY_MS)
    await settled()
  }
  expect([asked, said.length]).toEqual([2, 2])
  stop()
  clock.advance(2 * EVERY_MS)
  await settled()
  expect(asked).toBe(2)
})
