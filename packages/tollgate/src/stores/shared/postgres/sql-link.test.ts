import { expect, test } from 'vitest'
import { createManualClock } from '../../../testing/manual-clock.ts'
import type { SqlConnection } from './sql-connection.ts'
import { createSqlLink } from './sql-link.ts'

test('all who ask while a connection is being made are told in the same words that there is none, and who asks soon after, too', async () => {
  let made = 0
  const link = createSqlLink({
    connect(): Promise<SqlConnection> {
      made += 1
      return Promise.reject(new Error('Connection terminated unexpectedly'))
    },
    role: 'lane',
    clock: createManualClock(0),
    answerWithinMs: 1_000,
  })
  const together = await Promise.allSettled([link.connection(), link.connection(), link.read({ text: 'select 1' })])
  const later = await Promise.allSettled([link.connection()])
  for (const outcome of [...together, ...later]) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailableError', applied: 'no', message: 'the database cannot be reached: Connection terminated unexpectedly' } })
  }
  expect(made).toBe(1)
})
