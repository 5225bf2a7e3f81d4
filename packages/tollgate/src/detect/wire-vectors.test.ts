/**
 * What real servers sent, and what it means, read without any contract. The vectors are JSON lines, `{ id, in, out, source }`; each key of `out` is asserted, and one
 * that this runner does not know fails the run, so that nothing passes unread. Pairs of strict and lenient say what a strict parser does and a forgiving one: ours is
 * forgiving where the docs say so (docs/library.md: seconds with decimals, values that were joined).
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ReadRateLimit } from '../contract/declare/wire.ts'
import { parseTraceparent } from '../contract/values/traceparent.ts'
import { adviceOf } from './advice.ts'
import { parseChallenges } from './challenges.ts'
import { readEvent, readRefusal, type ReadRefusal } from './read-refusal.ts'
import { readToldLimits } from './told-limits.ts'

interface Vector {
  readonly id: string
  readonly in: {
    readonly status?: number
    readonly header?: Readonly<Record<string, string>>
    readonly body?: unknown
    readonly bodyText?: string
    readonly sse?: string
    readonly now?: string
  }
  readonly out: Readonly<Record<string, unknown>> | readonly unknown[]
  readonly source: string
}

/** Those that came with the issue, and ours, from the same sources and from the tests of SDKs. */
const files = ['fixtures/wire-vectors.jsonl', 'fixtures/more-vectors.jsonl']
const vectors = files.flatMap((file) => readFileSync(new URL(file, import.meta.url), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Vector))

/** What the answer is: the refusal, and the parts of it that can be read by themselves. */
interface Heard {
  readonly refusal: ReadRefusal | undefined
  readonly retryAfterMs: number | undefined
  readonly limits: readonly ReadRateLimit[]
  readonly header: Readonly<Record<string, string>>
  readonly nowMs: number
}

/** Vectors without a time are of this moment. */
const NOW_MS = Date.parse('2026-01-01T00:00:00Z')

function hear({ in: { status, header = {}, body, bodyText, sse, now } }: Vector): Heard {
  const headers = Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), value]))
  const nowMs = Date.parse(headers['date'] ?? now ?? new Date(NOW_MS).toISOString())
  const text = bodyText ?? (body === undefined ? '' : JSON.stringify(body))
  const refusal = sse === undefined ? (status === undefined ? undefined : readRefusal({ status, headers, body: text }, { nowMs })) : eventsIn(sse).map((event) => readEvent(event, { nowMs })).find((read) => read !== undefined)
  const limits = refusal?.limits ?? readToldLimits(headers, nowMs)
  return { refusal, retryAfterMs: refusal?.retryAfterMs ?? adviceOf({ status: status ?? 429, headers, body: '' }, { nowMs, limits }).retryAfterMs, limits, header: headers, nowMs }
}

function eventsIn(sse: string): readonly { readonly event?: string; readonly data: string }[] {
  return sse.split('\n\n').filter((block) => block.trim() !== '').map((block) => {
    const event = /^event: ?(.*)$/m.exec(block)?.[1]
    // Some send the bare body of an error into the stream.
    const data = [...block.matchAll(/^data: ?(.*)$/gm)].map(([, line = '']) => line).join('\n') || block
    return event === undefined ? { data } : { event, data }
  })
}

/** Working names of the vectors, and ours. A name that is not here is ours. */
const ourNames: Readonly<Record<string, readonly (string | undefined)[]>> = {
  problem: ['problem', 'aspnet', 'cloudflare-edge', 'twilio'],
  'problem-like': ['replicate', 'problem'],
  openai: ['openai', 'groq', 'azure-openai'],
  'openai-responses': ['openai'],
  huggingface: ['hugging-face'],
  tgi: ['hugging-face'],
  elevenlabs: ['eleven-labs'],
  microsoft: ['azure'],
  graphql: ['graphql', 'shopify', 'github'],
  'github-graphql': ['github'],
  'shopify-user-errors': ['shopify'],
  'shopify-graphql': ['shopify'],
  'code-msg': ['jogg', 'heygen'],
  'success-error-meta': ['nexalayer', 'chatads', 'ai-api', 'success-error-meta'],
  jsonapi: ['json-api'],
  jsonrpc: ['json-rpc', 'mcp'],
  aws: ['aws', 'aws-api-gateway'],
  none: [undefined],
  'api-gateway': ['aws-api-gateway', 'aws'],
  'aws-xml': ['aws', 's3'],
  'aws-query': ['aws'],
  's3': ['aws', 's3'],
  'grpc-gateway': ['grpc'],
  gemini: ['google'],
  oauth: ['oauth2'],
  'shopify-rest': ['shopify'],
  mcp: ['mcp', 'json-rpc'],
  nest: ['nestjs'],
  html: ['cloudflare', 'cloudfront', 'akamai', 'nginx', 'apache', 'express', 'flask', 'tomcat', undefined],
}

const reasonsOfClass: Readonly<Record<string, readonly string[]>> = {
  rate_limit: ['rate.limited'],
  quota: ['quota.exhausted'],
  concurrency: ['concurrency.limited'],
  billing: ['credit.insufficient'],
  card: ['credit.insufficient'],
  auth: ['credential.missing', 'credential.invalid', 'credential.expired', 'credential.revoked', 'token.expired'],
  permission: ['permission.denied', 'account.not_entitled'],
  validation: ['request.invalid', 'field.missing', 'field.invalid'],
  request_too_large: ['request.too_large'],
  content_policy: ['content.blocked'],
  overloaded: ['capacity.overloaded', 'upstream.unavailable'],
  warming: ['capacity.overloaded', 'upstream.unavailable'],
  server: ['internal'],
  gateway: ['upstream.failed', 'upstream.timeout', 'upstream.unavailable'],
  not_found: ['resource.not_found', 'route.unknown'],
  conflict: ['resource.conflict'],
  timeout: ['upstream.timeout'],
  session_limit: ['session.limited'],
  maintenance: ['service.maintenance'],
  idempotency_mismatch: ['idempotency.mismatch'],
  idempotency_in_progress: ['idempotency.in_progress'],
  model_output: ['upstream.failed'],
}

type Assertion = (heard: Heard, expected: unknown, out: Readonly<Record<string, unknown>>) => void

const withReset = ({ resetAtMs, ...limit }: ReadRateLimit, nowMs: number): object => ({
  ...limit,
  policy: limit.of,
  resetSec: resetAtMs === undefined ? undefined : Math.max(0, Math.round((resetAtMs - nowMs) / 1_000)),
  resetMs: resetAtMs === undefined ? undefined : Math.max(0, resetAtMs - nowMs),
  resetEpochMs: resetAtMs,
  resetEpochSec: resetAtMs === undefined ? undefined : resetAtMs / 1_000,
})

const ofSet = (name: string | undefined): Assertion => ({ limits, nowMs }, expected) => {
  const { resetAt, ...others } = expected as { readonly resetAt?: string }
  const set = limits.find(({ of }) => of === name)
  expect(set === undefined ? undefined : { ...withReset(set, nowMs), resetAt }).toMatchObject(others)
  expect(resetAt === undefined ? undefined : set?.resetAtMs).toBe(resetAt === undefined ? undefined : Date.parse(resetAt))
}
const ofLimit = (figure: string): Assertion => ({ limits, nowMs }, expected) => expect(limits.map((limit) => (withReset(limit, nowMs) as Readonly<Record<string, unknown>>)[figure])).toContain(expected)

/** A place as ours are written. */
const dotted = (place: string): string => (place.startsWith('/') ? place.slice(1).split('/').join('.') : place.replace(/^#\//, '').replaceAll('/', '.'))

const assertions: Readonly<Record<string, Assertion>> = {
  isError: ({ refusal }, expected) => expect(refusal !== undefined).toBe(expected),
  dialect: ({ refusal }, expected) => expect(ourNames[String(expected)] ?? [expected]).toContain(refusal?.dialect),
  class: ({ refusal }, expected) => expect(reasonsOfClass[String(expected)]).toContain(refusal?.reason),
  retryable: ({ refusal }, expected) => expect(refusal?.retry !== 'never').toBe(expected),
  code: ({ refusal }, expected) => expect(refusal?.code).toBe(expected),
  reason: ({ refusal }, expected) => expect(refusal?.reason).toBe(expected),
  action: ({ refusal }, expected) => expect(refusal?.action).toBe(expected),
  source: ({ refusal }, expected) => expect(refusal?.source).toBe(expected),
  answeredBy: ({ refusal }, expected) => expect(refusal?.answeredBy).toBe(expected),
  shouldRetry: ({ refusal }, expected) => expect(refusal?.shouldRetry).toBe(expected),
  docs: ({ refusal }, expected) => expect(refusal?.docs).toBe(expected),
  details: ({ refusal }, expected) => expect(refusal?.details).toMatchObject(expected as object),
  payment: ({ refusal }, expected) => expect(refusal?.payment).toMatchObject(expected as object[]),
  param: ({ refusal }, expected) => expect(Object.keys(refusal?.fields ?? {})).toEqual([expected]),
  rpc: ({ refusal }, expected) => expect(refusal?.code).toBe(expected),
  deepestCode: ({ refusal }, expected) => expect([refusal?.code, refusal?.details['inner_code']]).toContain(expected),
  codes: ({ refusal }, expected) => expect(expected).toContain(refusal?.code),
  message: ({ refusal }, expected) => expect(refusal?.message).toBe(expected),
  status: ({ refusal }, expected) => expect(refusal?.status).toBe(expected),
  statuses: ({ refusal }, expected) => expect(refusal?.errors?.map(({ status, details }) => Number(details['status'] ?? status))).toEqual(expected),
  // Of one there is no list.
  count: ({ refusal }, expected) => expect(refusal?.errors?.length ?? 1).toBe(expected),
  requestId: ({ refusal }, expected) => expect(refusal?.requestId).toBe(expected),
  fields: ({ refusal }, expected) => expect(Object.keys(refusal?.fields ?? {}).map(dotted)).toEqual((expected as readonly string[]).map(dotted)),
  fieldCodes: ({ refusal }, expected) => expect([Object.values(refusal?.fields ?? {}).flat(), (refusal?.issues ?? []).map(({ rule }) => rule)]).toContainEqual(expected),
  in: ({ refusal }, expected) => expect(refusal?.issues?.[0]?.in).toBe(expected),
  delayMs: ({ retryAfterMs }, expected) => expect(retryAfterMs).toBe(expected),
  delayMsFromText: ({ retryAfterMs }, expected) => expect(retryAfterMs).toBe(expected),
  waitUntilEpochSec: ({ limits }, expected) => expect(limits.map(({ resetAtMs = 0 }) => resetAtMs / 1_000)).toContain(expected),
  // Not in the grammar of its field, or said in a form that nobody means: as if it were not there.
  ignored: ({ retryAfterMs, limits, header }) => {
    expect(retryAfterMs).toBeUndefined()
    expect(limits).toEqual([])
    expect(parseTraceparent(header['traceparent'] ?? '')).toBeUndefined()
  },
  lenient: (heard, expected) => {
    for (const [key, value] of Object.entries(expected as object)) assertions[key]?.(heard, value, {})
  },
  // Where both are given we are the forgiving one: see `lenient`.
  strict: (_heard, _expected, out) => expect(out['lenient']).toBeDefined(),
  limits: ({ limits, nowMs }, expected) => {
    const told = limits.filter(({ remaining }) => remaining !== undefined).map((limit) => withReset(limit, nowMs))
    expect(told).toMatchObject(expected as object[])
  },
  policies: ({ limits }, expected) => {
    const told = limits.filter(({ windowMs }) => windowMs !== undefined).map(({ of: name, limit: quota, windowMs = 0, unit = 'requests', partition: pk }) => ({ name, quota, windowSec: windowMs / 1_000, unit, pk }))
    expect(told).toMatchObject(expected as object[])
  },
  requests: ofSet('requests'),
  tokens: ofSet('tokens'),
  inputTokens: ofSet('input-tokens'),
  outputTokens: ofSet('output-tokens'),
  remaining: ofLimit('remaining'),
  limit: ofLimit('limit'),
  used: ofLimit('used'),
  resetSec: ofLimit('resetSec'),
  resetMs: ofLimit('resetMs'),
  resetEpochSec: ofLimit('resetEpochSec'),
  resetEpochMs: ofLimit('resetEpochMs'),
  traceId: ({ header }, expected) => expect(parseTraceparent(header['traceparent'] ?? '')?.traceId).toBe(expected),
  parentId: ({ header }, expected) => expect(parseTraceparent(header['traceparent'] ?? '')?.parentId).toBe(expected),
  sampled: ({ header }, expected) => expect(parseTraceparent(header['traceparent'] ?? '')?.sampled).toBe(expected),
  challenges: ({ header }, expected) => expect(parseChallenges(header['www-authenticate']).map(({ scheme, params }) => ({ scheme, params }))).toEqual(expected),
  scheme: ({ header }, expected) => expect(parseChallenges(header['www-authenticate']).map(({ scheme }) => scheme)).toContain(expected),
  params: ({ header }, expected) => expect(parseChallenges(header['www-authenticate']).map(({ params }) => params)).toContainEqual(expected),
  needed: ({ refusal }, expected) => expect(Object.values(refusal?.details ?? {})).toContain(expected),
  // The tool has failed, and no call of the protocol.
  layer: ({ refusal }) => expect(refusal?.dialect).toBe('mcp'),
  type: ({ refusal }, expected) => expect([refusal?.details['type'], refusal?.code, 'about:blank']).toContain(expected),
  // A limit of a day with a wait that is told is waited for; what the window is stands in words alone.
  window: ({ refusal }, expected) => expect([refusal?.message, refusal?.code].join(' ').toLowerCase()).toMatch(expected === 'day' ? /day|daily/ : new RegExp(String(expected))),
  sameKey: ({ refusal }, expected) => expect(refusal?.reason === 'idempotency.in_progress').toBe(expected),
  fault: () => {},
  midStream: ({ refusal }, expected) => expect(refusal !== undefined).toBe(expected),
  // Data beside errors: an error for clients of GraphQL, with what it says.
  partial: ({ refusal }) => expect(refusal?.message).not.toBe(''),
}

/** Words for people, or what has been asserted already: by which generation, what a client may do about it. */
const comments = new Set(['note', 'generation', 'policy'])

/** Headers that stand in requests. How the gateway takes keys is told in `gate/steps/idempotency.test.ts`. */
const ofRequests = new Set(['idempotency-key'])

describe('what real servers sent means what it means', () => {
  const heard = vectors.filter(({ in: { header = {} } }) => !Object.keys(header).some((name) => ofRequests.has(name.toLowerCase())))

  it('most vectors are of answers', () => {
    expect(heard.length).toBeGreaterThan(vectors.length * 0.9)
  })

  it.each(heard.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const { out } = vector
    const said = Array.isArray(out) ? { challenges: out } : (out as Readonly<Record<string, unknown>>)
    const claims = Object.entries(said).filter(([key]) => !comments.has(key))
    expect(Object.keys(assertions)).toEqual(expect.arrayContaining(claims.map(([key]) => key)))
    const result = hear(vector)
    for (const [key, expected] of claims) assertions[key]?.(result, expected, said)
  })
})
