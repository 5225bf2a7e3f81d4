import { expect, test } from 'vitest'
import { countFailures, recommend } from './telemetry.ts'

test('three failures in a row call for a rotation, and a success forgives them', () => {
  let failures = 0
  const after = (event: Parameters<typeof recommend>[0]) => {
    failures = countFailures(event, failures)
    return recommend(event, failures, 'dynamic')
  }
  expect(['success', 'captcha', 'custom', 'block', 'timeout', 'success'].map((event) => after(event as 'success'))).toEqual([
    'ok',
    'consider_rotate',
    'consider_rotate',
    'consider_rotate',
    'rotate_now',
    'ok',
  ])
})

test('a rate limit is waited for, whatever came before', () => expect(recommend('rate_limit', 9, 'dynamic')).toBe('pause'))

test('a fixed address is never told to rotate', () => {
  expect([1, 2, 3].map((failures) => recommend('block', failures, 'static'))).toEqual(['ok', 'ok', 'pause'])
})
