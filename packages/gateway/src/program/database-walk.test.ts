import { createManualClock } from 'tollgate/testing'
import type { WalkPlace, WalkSlice } from 'tollgate/stores/sqlite'
import { expect, it } from 'vitest'
import { startDatabaseWalk } from './database-walk.ts'

const place = (tree: number): WalkPlace => ({ tree, after: undefined })
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** A file of three trees; each slice takes so long. */
function walked(slices: readonly (WalkSlice | Error)[], tookMs = 0) {
  const clock = createManualClock(0)
  const asked: (WalkPlace | undefined)[] = []
  const alerts: string[] = []
  const faults: string[] = []
  const store = {
    async walk(from: WalkPlace | undefined) {
      const slice = slices[asked.push(from) - 1] ?? { fault: undefined, next: undefined }
      await Promise.resolve()
      clock.advance(tookMs)
      if (slice instanceof Error) throw slice
      return slice
    },
  }
  const stop = startDatabaseWalk({ store, file: 'x.db', clock, alert: ({ message }) => void alerts.push(message), damaged: (fault) => void faults.push(fault) })
  return { clock, asked, alerts, faults, stop }
}

it('goes on in slices from where it was, leaves the disk to others nine times as long as each took, and ends', async () => {
  const { clock, asked, alerts } = walked([{ fault: undefined, next: place(1) }, { fault: undefined, next: place(2) }], 10)
  clock.advance(1_000)
  await settled()
  expect(asked).toEqual([undefined])
  clock.advance(89)
  await settled()
  expect(asked).toHaveLength(1)
  clock.advance(1)
  await settled()
  clock.advance(90)
  await settled()
  expect(asked).toEqual([undefined, place(1), place(2)])
  expect([clock.pending(), alerts]).toEqual([0, []])
})

it('says what is damaged and what to do, and looks on for more', async () => {
  const { clock, asked, alerts, faults } = walked([{ fault: 'table calls: malformed', next: place(1) }])
  clock.advance(1_000)
  await settled()
  clock.advance(20)
  await settled()
  expect(alerts).toEqual(['the database x.db is damaged (table calls: malformed); restore a backup, or save what can be read with: sqlite3 FILE .recover | sqlite3 NEW'])
  expect([faults, asked]).toEqual([['table calls: malformed'], [undefined, place(1)]])
})

it('where the disk does not answer it asks again later; once stopped, no more', async () => {
  const { clock, asked, alerts, stop } = walked([{ fault: undefined, next: place(1) }, new Error('busy')])
  clock.advance(1_000)
  await settled()
  clock.advance(20)
  await settled()
  clock.advance(30_000)
  await settled()
  expect([asked, alerts]).toEqual([[undefined, place(1), place(1)], []])
  stop()
  expect(clock.pending()).toBe(0)
})
