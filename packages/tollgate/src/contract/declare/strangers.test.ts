/** What pages of strangers say, and no shipped contract does. */
import { describe, expect, it } from 'vitest'
import { refuse } from './refusal.ts'
import { defineContract } from './define-contract.ts'
import { serverReasons } from './reason.ts'

const context = { requestId: 'r1', nowMs: 0 }
const restOf = (...own: readonly string[]) => serverReasons.filter((reason) => !own.includes(reason))

describe('parts that say by constants whether they succeeded, beside refusals that list fields', () => {
  const parrot = defineContract({
    name: 'parrot',
    title: 'Parrot',
    envelope: {
      error: { messages: { $each: '$errors', as: { status: { group: 5, id: '$code', text: '$message' } } } },
      success: { messages: { $each: '$data', as: { status: { group: 1 }, '...': '$data' } } },
      families: { whole: { problem: { id: '$code', text: '$message', faults: { $each: '$fields?', key: '$field', as: ['$issue'] } } } },
    },
    entries: {
      short: { code: 12, status: 402, sentAs: 200, reason: 'credit.insufficient', message: 'Short.', description: 'Money.' },
      bad: { family: 'whole', code: 'BAD', status: 400, reason: 'internal', alsoFor: restOf('internal', 'credit.insufficient'), message: 'Bad.', description: 'Bad.' },
    },
  })
  const read = (...groups: readonly number[]) => parrot.read({ status: 200, headers: {}, body: JSON.stringify({ messages: groups.map((group) => ({ id: 'm', status: group === 5 ? { group, id: 12, text: 'Short.' } : { group } })) }) })

  it('are counted', () => {
    expect(read(1, 5, 1)).toMatchObject({ entry: 'short', succeeded: 2, retry: 'never' })
    expect(read(1, 1)).toBeUndefined()
  })
})

describe('an error that may come with data', () => {
  const graph = defineContract({
    name: 'graph',
    title: 'Graph',
    alwaysStatus: 200,
    envelope: { error: { data: '$data|null', errors: { $each: '$errors', as: { message: '$message', extensions: { code: '$code' } } } }, success: { data: '$data' } },
    entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: restOf('internal'), message: 'Failed.', description: 'Ours.' } },
  })

  it('is written with null, and read with either', () => {
    const { body } = graph.answer(refuse('internal'), context)
    expect(body).toBe('{"data":null,"errors":[{"message":"Failed.","extensions":{"code":"FAILED"}}]}')
    for (const data of [null, { shop: 1 }]) expect(graph.read({ status: 200, headers: {}, body: JSON.stringify({ ...JSON.parse(body), data }) })).toMatchObject({ entry: 'failed' })
    expect(graph.read({ status: 200, headers: {}, body: '{"data":{"shop":1}}' })).toBeUndefined()
  })
})

it.each([
  [900, 900, '1'],
  [1000, 1000, '1'],
  [0, 1000, '1'],
  [1500, 1500, '2'],
])('a wait of %d ms is said as %d in milliseconds, and rounded up in seconds', (retryAfterMs, said, seconds) => {
  const wire = defineContract({
    name: 'wire',
    title: 'Wire',
    envelope: { error: { code: '$code', '...': '$details' } },
    entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', alsoFor: restOf('rate.limited'), message: 'Slow.', details: { retry_ms: 'integer from retryAfterMs' }, description: 'Slow.' } },
  })
  const { body, headers } = wire.answer(wire.refuse('slow', { retryAfterMs }), context)
  expect([JSON.parse(body), headers[headers.indexOf('Retry-After') + 1]]).toEqual([{ code: 'SLOW', retry_ms: said }, seconds])
})

it('in the middle of a stream, and of a WebSocket, a refusal is said in the language that was asked for', () => {
  const polyglot = defineContract({
    name: 'polyglot',
    title: 'Polyglot',
    language: 'en',
    envelope: { error: { code: '$code', say: '$message' }, stream: { event: 'error' }, webSocket: { close: { reason: '{code} {message}' } } },
    entries: { slow: { code: 'SLOW', status: 429, reason: 'rate.limited', alsoFor: restOf('rate.limited'), message: { en: 'Too fast.', de: 'Zu schnell.' }, description: 'Slow.' } },
  })
  const asked = { ...context, acceptLanguage: 'de-CH, en;q=0.5' }
  const frame = polyglot.streamFrame(polyglot.refuse('slow'), asked)
  expect(frame).toBe('event: error\ndata: {"code":"SLOW","say":"Zu schnell."}\n\n')
  expect(polyglot.webSocketEnd(polyglot.refuse('slow'), asked)).toMatchObject({ frame: '{"code":"SLOW","say":"Zu schnell."}', closeReason: 'SLOW Zu schnell.' })
  for (const message of ['Too fast.', 'Zu schnell.']) expect(polyglot.readStreamEvent({ event: 'error', data: JSON.stringify({ code: 'SLOW', say: message }) })).toMatchObject({ entry: 'slow', message })
})
