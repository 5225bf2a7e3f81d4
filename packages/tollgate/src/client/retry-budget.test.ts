import { expect, it } from 'vitest'
import { createRetryBudget, sharedRetryBudget } from './retry-budget.ts'

it('begins almost empty, and five successes bring one retry', () => {
  const budget = createRetryBudget()
  expect([budget.mayRetry('failed', 0), budget.mayRetry('failed', 0)]).toEqual([true, false])
  for (let n = 0; n < 5; n++) budget.succeeded(0)
  expect([budget.mayRetry('failed', 0), budget.mayRetry('failed', 0)]).toEqual([true, false])
})

it('is one for each origin', () => {
  expect(sharedRetryBudget('https://a.example')).toBe(sharedRetryBudget('https://a.example'))
  expect(sharedRetryBudget('https://a.example')).not.toBe(sharedRetryBudget('https://b.example'))
})
