import { expect, it } from 'vitest'
import type { CallInProgress } from '../call/call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import { allow } from './allow.ts'
import { isOpen } from './open-time.ts'
import type { StepTools } from './step.ts'
import type { AllowOptions, OpenTime } from './step-options.ts'

const fail = (problem: string): never => {
  throw new Error(problem)
}
const run = (options: AllowOptions, call: { headers?: readonly string[]; remoteAddress?: string }, now = '2026-01-05T12:00:00Z') =>
  allow.prepare(options, {} as ApiOptions)({ call: { headers: [], remoteAddress: '203.0.113.7', ...call } } as unknown as CallInProgress, { clock: { wallMs: () => Date.parse(now) } } as unknown as StepTools)

it('lets pass who keeps all rules, and refuses who breaks one, with the rule for the log alone', async () => {
  const options: AllowOptions = { addresses: ['203.0.113.0/24'], headers: { 'x-region': ['eu', 'us'] }, times: [{ from: '08:00', to: '18:00' }] }
  const headers = ['X-Region', 'eu', 'x-region', 'us']
  expect(await run(options, { headers })).toBeUndefined()
  expect(await run(options, { headers, remoteAddress: '203.0.114.7' })).toMatchObject({ reason: 'permission.denied', facts: {}, cause: 'allow: addresses: 203.0.114.7 is in none of them' })
  expect(await run(options, { headers, remoteAddress: '' })).toMatchObject({ reason: 'permission.denied' })
  expect(await run(options, { headers: [] })).toMatchObject({ facts: {}, cause: 'allow: headers: x-region is missing' })
  expect(await run(options, { headers: [...headers, 'x-region', 'EU'] })).toMatchObject({ cause: 'allow: headers: x-region has a value that is not listed' })
  expect(await run(options, { headers }, '2026-01-05T18:00:00Z')).toMatchObject({ reason: 'permission.denied', facts: { retryAfterMs: 14 * 3_600_000 }, cause: 'allow: times: it is none of them' })
})

const berlin: OpenTime = { from: '08:00', to: '18:00', days: ['monday'], timeZone: 'Europe/Berlin' }
const night: OpenTime = { from: '22:00', to: '06:00', days: ['friday'] }

it.each<[string, OpenTime, string, boolean]>([
  ['before it begins', berlin, '2026-01-05T06:59:59.999Z', false],
  ['as it begins', berlin, '2026-01-05T07:00:00Z', true],
  ['before it ends', berlin, '2026-01-05T16:59:59.999Z', true],
  ['as it ends', berlin, '2026-01-05T17:00:00Z', false],
  ['in summer', berlin, '2026-07-06T06:00:00Z', true],
  ['on another day', berlin, '2026-01-06T08:00:00Z', false],
  ['in the evening', night, '2026-01-09T22:00:00Z', true],
  ['past midnight', night, '2026-01-10T05:59:00Z', true],
  ['in the morning after', night, '2026-01-10T06:00:00Z', false],
  ['the night before', night, '2026-01-09T05:00:00Z', false],
  ['at the end of a day', { from: '00:00', to: '24:00' }, '2026-01-10T23:59:59.999Z', true],
])('is open by the clocks of the zone: %s', (_, time, at, open) => {
  expect(isOpen(time, Date.parse(at))).toBe(open)
})

it.each<[AllowOptions, string]>([
  [{}, 'lists nothing'],
  [{ addresses: [] }, 'lists nothing'],
  [{ headers: {} }, 'lists nothing'],
  [{ headers: { a: [] } }, 'lists nothing'],
  [{ addresses: ['10.1.2.3/8'] }, 'write 10.0.0.0/8'],
  [{ headers: { 'X-A': ['b'] } }, 'not in lower case'],
  [{ times: [{ from: '08:00', to: '08:00' }] }, 'is never'],
  [{ times: [{ from: '8:00', to: '24:01' }] }, 'no time of day'],
  [{ times: [{ from: '08:00', to: '09:00', timeZone: 'Berlin' }] }, 'no time zone'],
])('does not build a gate of %j', (options, problem) => {
  expect(() => allow.plan(options, {} as never, fail)).toThrow(problem)
})
