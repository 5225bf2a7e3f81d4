/** Where an API has a finite list of codes, each of them is known. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { anthropic, connect, grpc, openai, openRouter, stripe } from './dialects.ts'
import type { Dialect } from '../contract/read/dialect.ts'

function entryOf(dialect: Dialect, status: number, body: unknown): string | undefined {
  return dialect.read({ status, headers: {}, body: JSON.stringify(body) })?.entry
}

describe('each code is known', () => {
  // `PaymentIntent.LastPaymentError.Code` of stripe-node, August 2026.
  it.each(readFileSync(new URL('fixtures/stripe-codes.txt', import.meta.url), 'utf8').trim().split('\n'))('of Stripe: %s', (code) => {
    for (const status of [400, 402]) expect(entryOf(stripe, status, { error: { type: 'invalid_request_error', code, message: 'x' } })).toBeDefined()
  })

  // `ResponseError.code` of openai-node, August 2026.
  it.each([
    'server_error', 'rate_limit_exceeded', 'invalid_prompt', 'data_residency_mismatch', 'bio_policy', 'vector_store_timeout', 'invalid_image', 'invalid_image_format', 'invalid_base64_image', 'invalid_image_url',
    'image_too_large', 'image_too_small', 'image_parse_error', 'image_content_policy_violation', 'invalid_image_mode', 'image_file_too_large', 'unsupported_image_media_type', 'empty_image_file', 'failed_to_download_image', 'image_file_not_found',
  ])("of OpenAI's responses: %s", (code) => {
    expect(openai.readStreamEvent({ event: 'response.failed', data: JSON.stringify({ type: 'response.failed', response: { error: { code, message: 'x' } } }) })?.entry).toBeDefined()
  })

  // `error_type` of the page on errors.
  it.each([
    'context_length_exceeded', 'max_tokens_exceeded', 'token_limit_exceeded', 'string_too_long', 'authentication', 'permission_denied', 'payment_required', 'rate_limit_exceeded', 'provider_overloaded', 'provider_unavailable',
    'invalid_request', 'invalid_prompt', 'not_found', 'precondition_failed', 'payload_too_large', 'unprocessable', 'content_policy_violation', 'refusal', 'invalid_image', 'image_too_large', 'image_too_small',
    'unsupported_image_format', 'image_not_found', 'image_download_failed', 'server', 'timeout', 'unmapped',
  ])('of OpenRouter: %s', (error_type) => {
    expect(openRouter.readStreamEvent({ data: JSON.stringify({ error: { code: 400, message: 'x', metadata: { error_type } } }) })?.entry).toBeDefined()
  })

  // `ErrorType` of anthropic-sdk-typescript, and those of the page.
  it.each(['invalid_request_error', 'authentication_error', 'permission_error', 'not_found_error', 'rate_limit_error', 'timeout_error', 'overloaded_error', 'api_error', 'billing_error', 'conflict_error', 'request_too_large'])('of Anthropic: %s', (type) => {
    expect(anthropic.readStreamEvent({ event: 'error', data: JSON.stringify({ type: 'error', error: { type, message: 'x' } }) })?.entry).toBeDefined()
  })

  it('of gRPC, by number and by name', () => {
    for (let code = 1; code <= 16; code++) expect(entryOf(grpc, 500, { code, message: 'x' })).toBeDefined()
    expect(Object.values(connect.declaration.entries).map(({ code }) => code)).toHaveLength(16)
    for (const { code } of Object.values(connect.declaration.entries)) expect(entryOf(connect, 500, { code, message: 'x' })).toBeDefined()
  })
})
