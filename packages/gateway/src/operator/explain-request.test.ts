import { describe, expect, it } from 'vitest'
import type { LedgerRow } from 'tollgate/engine'
import type { RequestRow } from 'tollgate/journal'
import { chatads, openai } from 'tollgate/catalog'
import { explainRequest } from './explain-request.ts'

const NOW = Date.UTC(2026, 10, 22, 10, 15, 3)
const MIDNIGHT = Date.UTC(2026, 10, 23)

const admitted: RequestRow = {
  requestId: 'b0a9c1d2-0000-4000-8000-000000000001',
  atMs: NOW,
  durationMs: 12.34,
  method: 'POST',
  path: '/chatads/v1/chatads/messages',
  remoteAddress: '203.0.113.7',
  api: 'chatads',
  route: 'POST /v1/chatads/messages',
  accountId: 'acme',
  keyId: 'key_9',
  plan: 'free',
  status: 200,
  meters: [{ name: 'daily', subject: 'account:acme', kind: 'quota', limit: 100, used: 7, remaining: 93, resetAtMs: MIDNIGHT, admitted: true }],
  upstream: [{ target: 'chatads', status: 200, durationMs: 9.1 }],
  timings: { identified: 0.4, admitted: 1.2, answered: 12.3 },
  bytesIn: 40,
  bytesOut: 512,
}

function explained(row: RequestRow, accountName?: string, movements: readonly LedgerRow[] = []): string {
  const entry = row.refusal === undefined ? undefined : chatads.entries.get(row.refusal.entry)
  return explainRequest(row, { entry, accountName, movements, scaleOf: (meter) => (meter === 'credit' ? 2 : undefined) })
    .map(({ about, sentences }) => `${about}: ${sentences.join(' ')}`)
    .join('\n')
}

function entryFor(reason: 'quota.exhausted' | 'upstream.failed' | 'credential.invalid', facts = {}) {
  const { id, code } = chatads.entryFor(reason, facts)
  return { entry: id, code, reason, facts }
}

describe('a request explained', () => {
  it('tells of an admitted one who, when, what was counted, what the service did and how long it took', () => {
    expect(explained(admitted, 'Acme Ltd')).toBe(
      [
        'who: Account acme (Acme Ltd) on plan free, with key key_9 from 203.0.113.7, asked for POST /chatads/v1/chatads/messages at 2026-11-22 10:15:03 UTC.',
        'decision: It went to the route POST /v1/chatads/messages of chatads, was admitted and was answered with status 200.',
        'meters: daily: 7 used of 100 allowed on plan free, 93 left; starts anew at 2026-11-23 00:00:00 UTC.',
        'upstream: The upstream chatads answered 200 after 9.1 ms.',
        'timing: It took 12.3 ms (identified after 0.4 ms, admitted after 1.2 ms, answered after 12.3 ms); 40 bytes in, 512 bytes out.',
      ].join('\n'),
    )
  })

  it('tells of a refused one which meter refused, what the caller was told and what they should do', () => {
    const text = explained({
      ...admitted,
      status: 429,
      refusal: { ...entryFor('quota.exhausted', { period: 'day' }), source: 'client', message: 'Daily request limit exceeded.', facts: { retryAfterMs: MIDNIGHT - NOW } },
      meters: [{ name: 'daily', subject: 'account:acme', kind: 'quota', limit: 100, used: 120, remaining: 0, resetAtMs: MIDNIGHT, admitted: false }],
      upstream: [],
    })
    expect(text).toContain('decision: It went to the route POST /v1/chatads/messages of chatads, and it was refused because of the request (quota.exhausted). DAILY_QUOTA_EXCEEDED means: ')
    expect(text).toContain('daily: 120 used of 100 allowed on plan free, this is what refused it; starts anew at 2026-11-23 00:00:00 UTC.')
    expect(text).toContain(
      'answer: The caller was told: 429 DAILY_QUOTA_EXCEEDED, "Daily request limit exceeded.", request id b0a9c1d2-0000-4000-8000-000000000001. They were asked to wait 14 hours before trying again.',
    )
    expect(text).toContain('advice: ')
    expect(text).not.toContain('upstream:')
  })

  it('does not advise to wait for what can never pass', () => {
    const text = explained({
      ...admitted,
      status: 429,
      refusal: { ...entryFor('quota.exhausted', { period: 'day' }), source: 'client', message: 'Daily request limit exceeded.', facts: { waitHelps: false, limit: 0 } },
      upstream: [],
    })
    expect(text).toContain('advice: No wait lets it pass. They should top up or upgrade their plan. Repeating it unchanged does not help.')
    expect(text).not.toContain('asked to wait')
  })

  it('says of what a wait helps for, and a repeat does not, when the repeat is of use', () => {
    const text = explained({
      ...admitted,
      status: 429,
      refusal: { ...entryFor('quota.exhausted', { period: 'day' }), source: 'client', message: 'Daily request limit exceeded.', facts: { retryAfterMs: MIDNIGHT - NOW } },
      upstream: [],
    })
    expect(text).toContain('Repeating it before that does not help.')
    expect(text).not.toContain('unchanged')
  })

  it('says that the service refused it where it did', () => {
    const { id, code } = chatads.entryFor('field.invalid', {})
    const row: RequestRow = { ...admitted, status: 400, refusal: { entry: id, code, reason: 'field.invalid', source: 'api', message: 'Too long.', facts: {} }, upstream: [{ target: 'chatads', status: 422, durationMs: 3 }] }
    expect(explained(row)).toContain('and it was refused by the service behind us (field.invalid).')
    expect(explained({ ...row, upstream: [] })).toContain('and it was not served by us (field.invalid).')
  })

  it('calls an entry by its id where the contract gives it no code', () => {
    const { id, code, description } = openai.entryFor('internal', {})
    expect(code).toBe('')
    const row: RequestRow = { ...admitted, status: 500, refusal: { entry: id, code, reason: 'internal', source: 'api', message: 'An error.', facts: {} } }
    const text = explainRequest(row, { entry: openai.entries.get(id), accountName: undefined, movements: [], scaleOf: () => undefined })
    const sentences = text.flatMap(({ sentences: some }) => some)
    expect(sentences).toContain(`${id} means: ${description}`)
    expect(sentences).toContain('The caller was told: 500, "An error.", request id b0a9c1d2-0000-4000-8000-000000000001.')
  })

  it('keeps the cause for the operator, and says what was given back', () => {
    const text = explained({
      ...admitted,
      status: 500,
      refusal: { ...entryFor('upstream.failed'), source: 'upstream', message: 'Internal error.', cause: 'Error: shard 7 is corrupt', midStream: true },
      uncounted: ['daily'],
      upstream: [{ target: 'chatads', error: 'reset', durationMs: 3 }],
    })
    expect(text).toContain('it was not served because the service behind us failed')
    expect(text).toContain('The answer had already begun when it broke off. Because of this outcome it was not counted in daily.')
    expect(text).toContain('upstream: The upstream chatads did not answer (reset) after 3 ms.')
    expect(text).toContain('operator: The cause, which the caller was not told: Error: shard 7 is corrupt')
  })

  it('works for a caller that nobody knows, and for one that went away', () => {
    const { accountId: _account, keyId: _key, plan: _plan, route: _route, ...unknown } = admitted
    const text = explained({ ...unknown, status: 403, refusal: { ...entryFor('credential.invalid'), source: 'client', message: 'Invalid API key.' }, meters: [] })
    expect(text).toContain('who: Somebody at 203.0.113.7, without a known key, asked for POST')
    expect(text).toContain('decision: No route of chatads was chosen, and it was refused')
    const gone = explained({ ...admitted, status: 499, refusal: { entry: '', code: '', reason: 'aborted', source: 'client', message: 'the caller went away', facts: {} } })
    expect(gone).toContain('answer: The caller had gone before there was an answer (logged as 499).')
  })

  it('tells of a paid one what was available and alive, and how the money moved', () => {
    const movement = { subject: 'account:acme', name: 'credit', scale: 2, atMs: NOW, callId: admitted.requestId }
    const reading = { subject: 'account:acme', limit: 0, resetAtMs: NOW, admitted: true }
    const text = explained(
      {
        ...admitted,
        meters: [
          { ...reading, name: 'credit', kind: 'balance', used: 120, remaining: 380 },
          { ...reading, name: 'sessions', kind: 'lease', limit: 3, used: 3, remaining: 0 },
          { ...reading, name: 'bonus', kind: 'balance', used: 0, remaining: 5, admitted: false },
        ],
      },
      undefined,
      [
        { ...movement, number: 2, cursor: 2, kind: 'hold', units: 120, availableUnits: 380, heldUnits: 120, reason: 'request' },
        { ...movement, number: 3, cursor: 3, kind: 'settle', units: 70, availableUnits: 380, heldUnits: 50, reason: 'price' },
        { ...movement, number: 4, cursor: 4, kind: 'release', units: 50, availableUnits: 430, heldUnits: 0, reason: 'price' },
      ],
    )
    expect(text).toContain('meters: credit: 3.80 available, 1.20 held. sessions: 3 alive of at most 3. bonus: 5 units available, 0 units held, too little: this is what refused it.')
    expect(text).toContain(
      'money: 1.20 held of credit at 2026-11-22 10:15:03 UTC (request). 0.70 charged to credit at 2026-11-22 10:15:03 UTC (price). 0.50 given back to credit at 2026-11-22 10:15:03 UTC (price).',
    )
  })
})
