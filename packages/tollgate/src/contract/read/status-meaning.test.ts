import { expect, it } from 'vitest'
import { meaningOfStatus } from './status-meaning.ts'

it('a status without a known code still means something', () => {
  expect(meaningOfStatus(402)).toEqual({ reason: 'credit.insufficient', retry: 'never', action: 'pay_or_upgrade' })
  expect(meaningOfStatus(429)).toMatchObject({ reason: 'rate.limited', retry: 'wait' })
  expect(meaningOfStatus(504)).toMatchObject({ reason: 'upstream.timeout', retry: 'backoff' })
})

it('an unassigned status is the x00 of its class', () => {
  expect(meaningOfStatus(499)).toEqual(meaningOfStatus(400))
  expect(meaningOfStatus(529)).toEqual(meaningOfStatus(500))
})

it('where there is nothing to go by, nothing is claimed', () => {
  for (const status of [undefined, 200, 302, 0, 999, Number.NaN]) expect(meaningOfStatus(status)).toMatchObject({ reason: 'unknown', retry: 'never' })
})
