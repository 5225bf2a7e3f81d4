import { describe, expect, it } from 'vitest'
import { toldWaitSeconds } from './told-wait.ts'

describe('a wait in words', () => {
  it.each([
    ['Rate limit reached for requests. Please try again in 9m52.272s.', 592.272],
    ['Please try again in 20s.', 20],
    ['Please try again in 850ms.', 0.85],
    ['Please try again in 1h0m3.2s. Contact us.', 3603.2],
    ['Please try again in 6m0s.', 360],
    ['try again in 3m', 180],
    ['Please retry in 34.074824224s.', 34.074824224],
    ['Please retry in 100ms', 0.1],
    ['Request was throttled. Your rate limit resets in ~30s.', 30],
    ['have exceeded token rate limit. Please retry after 6 seconds. Please go here:', 6],
    ['Please retry after 86400 seconds.', 86_400],
    ['You have been rate limited. Retry after: 21 seconds.', 21],
    ['Rate limit of 15 per 60s exceeded. Please wait 25 seconds before retrying.', 25],
    ['Rate limit is exceeded. Try again in 11 seconds.', 11],
    ['All providers are at capacity. Retry after 40 seconds.', 40],
    ['Try again in 5 minutes.', 300],
    ['Try again in 5min.', 300],
    ['Try again in 2 days.', 172_800],
    ['Out of call volume quota. Quota will be replenished in 00:06:46.', 406],
    ['Please wait and try again in 7 seconds.', 7],
  ])('"%s" is %s seconds', (text, seconds) => {
    expect(toldWaitSeconds(text)).toBeCloseTo(seconds, 6)
  })

  it.each(['', 'Please try again in a while.', 'Please wait and try again later.', 'Retry 5 times.', 'Your 30s are over.', 'try again in 0s', 'resets in constructor', 'Awaiting 5 seconds'])('"%s" tells none', (text) => {
    expect(toldWaitSeconds(text)).toBeUndefined()
  })

  it('is found in time that grows with the text alone', () => {
    const before = process.cpuUsage()
    for (const text of [`try again in ${'9m'.repeat(500_000)}`, 'wait '.repeat(200_000), 'try again in 1'.repeat(70_000), `retry after ${'9'.repeat(1_000_000)} seconds`]) toldWaitSeconds(text)
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
  })
})
