import { aiApi } from 'tollgate/catalog'
import type { Facts, Reason } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { answerTo, between, codesOf, entriesOf, jsonExamples, readBody, readPage, tableRows } from './page.ts'

const page = readPage('ai-api')
/** The sections with a status in their heading, then those without, whose codes belong to a field. */
const sections = ['401 - Unauthorized', '403 - Forbidden', '400 - Bad Request', '404 - Not Found', '429 - Rate Limit Exceeded', '500 - Internal Server Error', '502/503 - Service Unavailable']
const general = sections.flatMap((heading) => tableRows(partUnder(heading)).map((row) => [heading, ...row]))
const ofFields = ['Text Generation Errors', 'Image Generation Errors'].flatMap((heading) => tableRows(partUnder(heading)))

function partUnder(heading: string): string {
  const part = page.slice(page.indexOf(`### ${heading}\n`) + heading.length + 5)
  return part.slice(0, part.search(/^##/m))
}

describe('the page of the AI-Powered API', () => {
  it('lists 29 codes, in the order of the contract, which has no other', () => {
    expect([...general.map(([, code]) => code), ...ofFields.map(([code]) => code)]).toEqual(codesOf(aiApi))
    expect(codesOf(aiApi)).toHaveLength(29)
  })

  it.each(general)('%s: %s says "%s": %s', (heading = '', code = '', message = '', description = '') => {
    const entries = entriesOf(aiApi, code)
    expect(entries.length).toBeGreaterThan(0)
    for (const entry of entries) {
      expect(heading).toContain(String(entry.status))
      expect(entry.message).toBe(message)
    }
    expect(entries[0]?.description).toContain(description)
  })

  it.each(ofFields)('%s says "%s" of the field %s: %s', (code = '', message = '', field = '', description = '') => {
    const [entry] = entriesOf(aiApi, code)
    expect(entry).toMatchObject({ status: 400, message, retry: 'never', details: { field: 'string?', issue: 'string?' } })
    expect(entry?.description).toContain(description)
    // The violation is a reason of its own; the others are refinements of an invalid field.
    expect(entry?.reason === 'content.blocked' ? 'prompt' : entry?.when?.['field']).toBe(field)
  })

  it('uses only the statuses that the page lists', () => {
    const listed = tableRows(between(page, '## HTTP Status Codes', '## Authentication Errors')).map(([status]) => Number(status))
    const used = new Set([...aiApi.entries.values()].map((entry) => entry.status))
    expect(listed.filter((status) => status >= 400)).toEqual([...used].toSorted((one, other) => one - other))
  })

  const [shape, excerpt] = jsonExamples(page)

  it('shows a shape that a field error has, whole', () => {
    const { json } = answerTo(aiApi, 'field.invalid', { field: 'specific_field_name', issue: 'detailed_issue_description' }, 'req_1234567890')
    expect(json).toEqual({ ...shape, error: { ...(shape?.['error'] as object), code: 'INVALID_FIELD_VALUE', message: 'Field value is invalid' } })
  })

  it('shows an excerpt of an error without details', () => {
    expect(answerTo(aiApi, 'request.invalid', {}, 'req_1234567890').json).toEqual({
      success: false,
      error: excerpt?.['error'],
      meta: { ...(excerpt?.['meta'] as object), timestamp: '2024-01-01T00:00:00Z' },
    })
    expect(readBody(aiApi, 400, excerpt)).toMatchObject({ entry: 'invalidRequest', reason: 'request.invalid', requestId: 'req_1234567890' })
  })
})

describe('what the page of the AI-Powered API leaves open', () => {
  it.each([
    ['a model named by a parameter', 'field.invalid', { field: 'model', rule: 'enum', issue: 'is unknown' }, 400, 'UNSUPPORTED_MODEL'],
    ['a model addressed in the URL', 'resource.not_found', { resource: 'model', id: 'gpt-9' }, 404, 'MODEL_NOT_FOUND'],
    ['a model that is down', 'upstream.unavailable', { resource: 'model', id: 'gpt-4' }, 500, 'MODEL_UNAVAILABLE'],
    ['a dependency that is down', 'upstream.unavailable', {}, 503, 'SERVICE_UNAVAILABLE'],
    ['an upstream that answers with garbage', 'upstream.failed', { failure: 'garbage' }, 502, 'SERVICE_UNAVAILABLE'],
    ['a model that fails', 'upstream.failed', {}, 500, 'PROCESSING_ERROR'],
    ['a prompt that is too long', 'field.invalid', { field: 'prompt', rule: 'maxLength' }, 400, 'PROMPT_TOO_LONG'],
    ['a prompt of the wrong type', 'field.invalid', { field: 'prompt', rule: 'type' }, 400, 'INVALID_FIELD_VALUE'],
    ['a model of the wrong type', 'field.invalid', { field: 'model', rule: 'type' }, 400, 'INVALID_FIELD_VALUE'],
    ['a token limit that is not positive', 'field.invalid', { field: 'max_tokens', rule: 'minimum' }, 400, 'INVALID_MAX_TOKENS'],
    ['a token limit that is too large', 'field.invalid', { field: 'max_tokens', rule: 'maximum' }, 400, 'INVALID_FIELD_VALUE'],
    ['a field without a code of its own', 'field.invalid', { field: 'top_p', rule: 'maximum' }, 400, 'INVALID_FIELD_VALUE'],
    ['a missing field, whatever its code', 'field.missing', { field: 'temperature', rule: 'required' }, 400, 'MISSING_REQUIRED_FIELD'],
    ['a wrong content type', 'request.unsupported_media', {}, 400, 'INVALID_REQUEST'],
    ['an upload of the wrong kind', 'request.unsupported_media', { resource: 'file', field: 'file' }, 400, 'INVALID_FILE_FORMAT'],
    ['a body that is too large', 'request.too_large', { bytesMax: 1024 }, 400, 'INVALID_REQUEST'],
    ['an upload that is too large', 'request.too_large', { resource: 'file', bytesMax: 1024 }, 400, 'FILE_TOO_LARGE'],
    ['money that is short, of which the page knows nothing', 'credit.insufficient', {}, 403, 'INSUFFICIENT_PERMISSIONS'],
    ['a wrong method', 'method.not_allowed', { method: 'PUT', path: '/v1/models' }, 404, 'ENDPOINT_NOT_FOUND'],
    ['a used up month', 'quota.exhausted', { period: 'month' }, 403, 'QUOTA_EXCEEDED'],
    ['a used up day', 'quota.exhausted', { period: 'day' }, 429, 'RATE_LIMIT_EXCEEDED'],
  ] as const satisfies readonly (readonly [string, Reason, Facts, number, string])[])('%s', (_, reason, facts, status, code) => {
    expect(answerTo(aiApi, reason, facts)).toMatchObject({ status, json: { error: { code } } })
  })

  it.each([
    ['credential.missing', { header: 'Authorization' }, { header: 'Authorization' }],
    ['credential.invalid', { keyId: 'key_1234567890' }, { key_id: 'key_1234567890' }],
    ['credential.expired', { expiredAtMs: Date.UTC(2023, 11, 31) }, { expired_at: '2023-12-31T00:00:00Z' }],
    ['credential.revoked', { revokedAtMs: Date.UTC(2023, 11, 31) }, { revoked_at: '2023-12-31T00:00:00Z' }],
    ['permission.denied', { required: 'write', granted: 'read' }, { required: 'write', granted: 'read' }],
    ['account.suspended', {}, { suspended_until: null }],
    ['account.suspended', { untilMs: Date.UTC(2024, 5, 1) }, { suspended_until: '2024-06-01T00:00:00Z' }],
    ['quota.exhausted', { limit: 1000, used: 1000, resetAtMs: Date.UTC(2024, 1, 1) }, { quota: 1000, used: 1000, reset_at: '2024-02-01T00:00:00Z' }],
    ['rate.limited', { retryAfterMs: 59_001, limit: 60, resetAtMs: 1_640_995_200_000 }, { retry_after: 60, limit: 60, reset_time: 1_640_995_200 }],
    ['concurrency.limited', { limit: 4, used: 4, retryAfterMs: 1_000 }, { limit: 4, in_flight: 4, retry_after: 1 }],
    ['request.too_large', { resource: 'file', bytesMax: 1024, field: 'file' }, { field: 'file', max_bytes: 1024 }],
    ['route.unknown', { path: '/v1/x', method: 'GET' }, { path: '/v1/x', method: 'GET' }],
    ['service.maintenance', { retryAfterMs: 90_000 }, { retry_after: 90 }],
  ] as const satisfies readonly (readonly [Reason, Facts, object])[])('%s with %j has the details %j', (reason, facts, details) => {
    const { json } = answerTo(aiApi, reason, facts)
    expect((json as { error: { details: object } }).error.details).toEqual(details)
  })

  it('sends the wait in the header and in the details, equal', () => {
    expect(answerTo(aiApi, 'capacity.overloaded', { retryAfterMs: 7_000 })).toMatchObject({ json: { error: { details: { retry_after: 7 } } } })
    expect(answerTo(aiApi, 'capacity.overloaded', { retryAfterMs: 7_000 }).header('retry-after')).toBe('7')
  })

  it('repeats 429 and 5xx, and no other status', () => {
    for (const entry of aiApi.entries.values()) expect([entry.code, entry.retry !== 'never']).toEqual([entry.code, entry.status === 429 || entry.status >= 500])
  })

  it('loses on the wire only which clock counted the day', () => {
    expect(aiApi.loss).toEqual({ members: [], entries: { dailyLimitExceeded: 'rateLimitExceeded' } })
  })
})
