import { expect, test } from 'vitest'
import { afterDeath, noDeaths, type Deaths } from './respawn-delay.ts'

const MIDDLE = 0.5

test('who dies as it starts is tried again later each time, and no later than half a minute', () => {
  let deaths: Deaths = noDeaths
  const delays = Array.from({ length: 12 }, () => {
    const after = afterDeath(deaths, 50, MIDDLE)
    deaths = after.deaths
    return after.delayMs
  })
  expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000])
})

test('who has lived is replaced at once, whatever was before', () => {
  expect(afterDeath({ early: 9 }, 10_000, MIDDLE)).toEqual({ deaths: noDeaths, delayMs: 100 })
})

test('those that die together do not come back together', () => {
  expect([afterDeath(noDeaths, 0, 0).delayMs, afterDeath(noDeaths, 0, 1).delayMs]).toEqual([75, 125])
})
