/**
 * What real servers sent, and what it means. The vectors are JSON lines, `{ id, in, out, source }`; each key of `out` is asserted, and one that this
 * runner does not know fails the run, so that nothing passes unread.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ReadError } from '../contract/declare/wire.ts'
import { catalog } from './index.ts'

interface Vector {
  readonly id: string
  readonly in: { readonly status: number; readonly header?: Readonly<Record<string, string>>; readonly body?: unknown; readonly sse?: string }
  readonly out: Readonly<Record<string, unknown>>
}

const lines = readFileSync(new URL('fixtures/wire-vectors.jsonl', import.meta.url), 'utf8').trim().split('\n')
const vectors = lines.map((line) => JSON.parse(line) as Vector)

/** The dialects of the vectors that shipped contracts speak. */
const contractOfDialect: Readonly<Record<string, string>> = {
  problem: 'problem',
  'cloudflare-edge': 'cloudflare-edge',
  openai: 'openai',
  'openai-responses': 'openai',
  'azure-openai': 'azure-openai',
  google: 'google',
  slack: 'slack',
  graphql: 'shopify',
  'shopify-user-errors': 'shopify',
  'code-msg': 'jogg',
}
/** Vectors that name no dialect, or one that three reference APIs share. */
const contractOfVector: Readonly<Record<string, string>> = { 'PD-5': 'problem', 'PD-6': 'problem', 'JG-2': 'jogg', 'SD-1': 'nexalayer', 'SD-2': 'chatads' }

const reasonsOfClass: Readonly<Record<string, readonly string[]>> = {
  rate_limit: ['rate.limited'],
  quota: ['quota.exhausted'],
  billing: ['credit.insufficient'],
  auth: ['credential.invalid'],
  validation: ['request.invalid', 'field.missing', 'field.invalid'],
  request_too_large: ['request.too_large'],
  content_policy: ['content.blocked'],
  overloaded: ['capacity.overloaded', 'upstream.unavailable'],
  server: ['internal'],
  idempotency_in_progress: ['idempotency.in_progress'],
}

type Assertion = (error: ReadError | undefined, expected: unknown) => void

const assertions: Readonly<Record<string, Assertion>> = {
  isError: (error, expected) => expect(error !== undefined).toBe(expected),
  class: (error, expected) => expect(reasonsOfClass[String(expected)]).toContain(error?.reason),
  retryable: (error, expected) => expect(error?.retry !== 'never').toBe(expected),
  code: (error, expected) => expect(error?.code).toBe(expected),
  rpc: (error, expected) => expect(error?.code).toBe(expected),
  message: (error, expected) => expect(error?.message).toBe(expected),
  status: (error, expected) => expect(error?.status).toBe(expected),
  requestId: (error, expected) => expect(error?.requestId).toBe(expected),
  fields: (error, expected) => expect(Object.keys(error?.fields ?? {})).toEqual(expected),
  delayMs: (error, expected) => expect(waitMsOf(error)).toBe(expected),
  // A wait in words is rounded up to the seconds of Retry-After.
  delayMsFromText: (error, expected) => expect(error?.retryAfterSeconds).toBe(Math.ceil(Number(expected) / 1000)),
}

/** Not asserted: the dialect chose the contract, `midStream` the way of reading; the others are finer than an error that was read. */
const unread = new Set(['dialect', 'midStream', 'note', 'type', 'sameKey', 'window', 'deepestCode'])

/** Where a dialect computes the wait, it is exact to the millisecond. */
function waitMsOf(error: ReadError | undefined): unknown {
  return error?.details['wait_ms'] ?? (error?.retryAfterSeconds === undefined ? undefined : error.retryAfterSeconds * 1000)
}

function readVector({ id, in: { status, header = {}, body, sse }, out }: Vector): ReadError | undefined {
  const contract = catalog[contractOfVector[id] ?? contractOfDialect[String(out['dialect'])] ?? '']
  if (contract === undefined) throw new Error(`no shipped contract speaks the dialect of ${id}`)
  if (sse === undefined) return contract.read({ status, headers: header, body: JSON.stringify(body) })
  const event = /^event: (.*)$/m.exec(sse)?.[1]
  const data = /^data: (.*)$/m.exec(sse)?.[1] ?? ''
  return contract.readStreamEvent(event === undefined ? { data } : { event, data })
}

describe('answers of real servers mean what they mean', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const error = readVector(vector)
    expect(error !== undefined).toBe(vector.out['isError'] ?? true)
    const claims = Object.entries(vector.out).filter(([key]) => !unread.has(key))
    expect(Object.keys(assertions)).toEqual(expect.arrayContaining(claims.map(([key]) => key)))
    for (const [key, expected] of claims) assertions[key]?.(error, expected)
  })
})
