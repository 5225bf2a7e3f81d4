import { expect, test } from 'vitest'
import { createSessionRows } from './session-rows.ts'
import type { Session } from './session.ts'

const DAY_MS = 86_400_000

function session(id: string, parts: Partial<Session> = {}): Session {
  return {
    id,
    account: 'acc_1',
    idempotencyKey: 'k',
    request: { type: 'static', productNo: 'P', quantity: 1, durationDays: 30, location: { country: 'DE', city: null } },
    createdAtMs: 0,
    unitCents: 1,
    priceCents: 30,
    state: { status: 'creating', bound: false },
    call: undefined,
    renewedAtMs: new Map(),
    usedMb: 0,
    failuresInARow: 0,
    ...parts,
  }
}

test('a session is found by its own account only', () => {
  const rows = createSessionRows(() => 0)
  rows.add(session('ses_1'))
  expect(rows.find('acc_1', 'ses_1')?.id).toBe('ses_1')
  expect(rows.find('acc_2', 'ses_1')).toBeUndefined()
  expect(rows.createdBy('acc_2', 'k')).toBeUndefined()
})

test('a key leads to its session for a day, and past one that failed', () => {
  let nowMs = 0
  const rows = createSessionRows(() => nowMs)
  const first = session('ses_1')
  rows.add(first)
  expect(rows.createdBy('acc_1', 'k')).toBe(first)
  first.state = { status: 'failed', endedAtMs: 0, failure: 'not_allocated' }
  expect(rows.createdBy('acc_1', 'k')).toBeUndefined()
  first.state = { status: 'terminated', endedAtMs: 0 }
  nowMs = DAY_MS - 1
  expect(rows.createdBy('acc_1', 'k')).toBe(first)
  nowMs = DAY_MS
  expect(rows.createdBy('acc_1', 'k')).toBeUndefined()
})

test('what ended a month ago is forgotten when the next one comes, what lives is not', () => {
  const rows = createSessionRows(() => 31 * DAY_MS)
  rows.add(session('ended', { state: { status: 'terminated', endedAtMs: 0 } }))
  rows.add(session('expired', { state: { status: 'active', endpoints: [], expiresAtMs: 0 } }))
  rows.add(session('active', { state: { status: 'active', endpoints: [], expiresAtMs: 60 * DAY_MS } }))
  rows.add(session('new'))
  expect(rows.ofAccount('acc_1').map(({ id }) => id)).toEqual(['active', 'new'])
})
