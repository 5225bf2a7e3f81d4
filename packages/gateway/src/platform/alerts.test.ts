import { createManualClock } from 'tollgate/testing'
import { expect, it } from 'vitest'
import { createAlerts } from './alerts.ts'
import type { Log } from './log.ts'

function begin() {
  const clock = createManualClock(0)
  const lines: string[] = []
  const log = { error: (message: string) => void lines.push(message) } as unknown as Log
  let raised = 0
  const alerts = createAlerts(clock, log, () => void (raised += 1))
  return { clock, lines, alerts, raised: () => raised }
}

it('each call of an outage would say the same of the store: it is said at once, and then once in ten seconds, with how often', () => {
  const { clock, lines, alerts, raised } = begin()
  for (let call = 0; call < 1_000; call += 1) alerts.raise({ kind: 'store', message: 'down', requestId: `r${call}` })
  expect(lines).toEqual(['down'])
  clock.advance(10_000)
  expect(lines).toEqual(['down', 'down (999 times more within 10 s)'])
  alerts.raise({ kind: 'store', message: 'down' })
  clock.advance(10_000)
  clock.advance(10_000)
  expect(lines.slice(2)).toEqual(['down (once more within 10 s)'])
  alerts.raise({ kind: 'store', message: 'down' })
  expect(lines.slice(3)).toEqual(['down'])
  expect(raised()).toBe(1_002)
  expect(alerts.kept()[0]).toEqual({ atMs: 0, kind: 'store', message: 'down', requestId: 'r0' })
})

it('what differs, and what is about money, is said each time', () => {
  const { lines, alerts } = begin()
  for (const message of ['down', 'slow', 'down']) alerts.raise({ kind: 'store', message })
  for (let call = 0; call < 2; call += 1) alerts.raise({ kind: 'price', message: 'not charged' })
  expect(lines).toEqual(['down', 'slow', 'not charged', 'not charged'])
})

it('different words without end take no memory without end', () => {
  const { clock, lines, alerts } = begin()
  for (let call = 0; call < 1_000; call += 1) alerts.raise({ kind: 'store', message: `down ${call}` })
  expect(lines).toHaveLength(1_000)
  expect(clock.pending()).toBe(100)
  expect(alerts.kept()).toHaveLength(50)
})
