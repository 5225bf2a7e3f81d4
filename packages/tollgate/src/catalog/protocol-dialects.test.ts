/** Protocols that many APIs share: MCP, Connect, gRPC, OAuth 2.0. */
import { describe, expect, it } from 'vitest'
import { mcp as mcpContract } from './contracts.ts'
import { connect, grpc, mcp, oauth2 } from './dialects.ts'
import type { Dialect } from '../contract/read/dialect.ts'

function readerOf(dialect: Dialect) {
  return (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => dialect.read({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

describe('MCP', () => {
  const read = readerOf(mcp)
  const error = (code: number, message = 'x', data?: unknown) => ({ jsonrpc: '2.0', id: 1, error: { code, message, data } })

  it('what a server refuses for reasons of its own has numbers that the protocol leaves to it', () => {
    const defined = new Set([-32_700, -32_600, -32_601, -32_602, -32_603, -32_020, -32_021, -32_022])
    for (const { code } of mcpContract.entries.values()) expect(defined.has(Number(code)) || Number(code) > -32_000 || Number(code) < -32_768).toBe(true)
  })

  it('a tool that failed is a refusal under 200, and no repetition cures it', () => {
    const result = { resultType: 'complete', content: [{ type: 'text', text: 'Invalid departure date: must be in the future.' }], isError: true }
    expect(read(200, { jsonrpc: '2.0', id: 1, result })).toMatchObject({ entry: 'toolFailed', retry: 'never', message: 'Invalid departure date: must be in the future.' })
    expect(mcp.readStreamEvent({ event: 'message', data: JSON.stringify({ jsonrpc: '2.0', id: 1, result }) })).toMatchObject({ entry: 'toolFailed' })
    expect(read(200, { jsonrpc: '2.0', id: 1, result: { ...result, structuredContent: { x402Version: 2, accepts: [] } } })).toMatchObject({ reason: 'credit.insufficient', retry: 'never' })
    expect(read(200, { jsonrpc: '2.0', id: 1, result: { ...result, isError: false } })).toBeUndefined()
  })

  it('errors of the protocol, those of an older version, and limits', () => {
    expect(read(200, error(-32_602, 'Unknown tool: x'))).toMatchObject({ reason: 'field.invalid', status: 400, retry: 'never' })
    expect(read(200, error(-32_002))).toMatchObject({ reason: 'resource.not_found' })
    expect(read(400, error(-32_022, 'Unsupported protocol version', { supported: ['2026-07-28'] }))).toMatchObject({ entry: 'unsupportedVersion', details: { supported: ['2026-07-28'] } })
    expect(read(429, error(429, 'Too many requests.', { retry_after: 2 }))).toMatchObject({ reason: 'rate.limited', retry: 'wait', retryAfterSeconds: 2 })
    expect(mcp.readStreamEvent({ data: JSON.stringify(error(503)) })).toMatchObject({ reason: 'upstream.unavailable', status: 503 })
  })
})

describe('Connect', () => {
  const read = readerOf(connect)

  it('the code is a word, and the status true', () => {
    expect(read(503, { code: 'unavailable', message: 'overloaded' })).toMatchObject({ code: 'unavailable', reason: 'upstream.unavailable', retry: 'backoff' })
    expect(read(429, { code: 'resource_exhausted', message: 'x' })).toMatchObject({ reason: 'rate.limited' })
    expect(read(504, { code: 'deadline_exceeded', message: 'x' })).toMatchObject({ reason: 'upstream.timeout', retry: 'never' })
    expect(read(500, { code: null })).toBeUndefined()
  })

  it.each([
    ['bytes', { type: 'google.rpc.RetryInfo', value: 'CgIIHg' }, 30],
    ['bytes with a fraction', { type: 'google.rpc.RetryInfo', value: 'CgcIARCAyrXuAQ' }, 2],
    ['what is shown', { type: 'google.rpc.RetryInfo', value: '', debug: { retryDelay: '1.5s' } }, 2],
    ['bytes of another message', { type: 'google.rpc.RetryInfo', value: 'AAAAAAAA' }, undefined],
    ['no base64', { type: 'google.rpc.RetryInfo', value: '!!!!' }, undefined],
    ['another detail', { type: 'google.rpc.ErrorInfo', value: 'CgIIHg' }, undefined],
  ])('a wait in %s is %s seconds', (_, detail, seconds) => {
    expect(read(503, { code: 'unavailable', message: 'x', details: [detail] })?.retryAfterSeconds).toBe(seconds)
  })

  it('a stream says it at its end', () => {
    expect(connect.readStreamEvent({ data: '{"error":{"code":"unavailable","message":"overloaded"}}' })).toMatchObject({ code: 'unavailable', status: 503, message: 'overloaded' })
    expect(connect.readStreamEvent({ data: '{"metadata":{}}' })).toBeUndefined()
  })
})

describe('gRPC', () => {
  const read = readerOf(grpc)

  it('the status stands in headers under 200, and 0 is a success', () => {
    expect(read(200, '', { 'grpc-status': '8', 'grpc-message': 'too%20fast', 'grpc-retry-pushback-ms': '1500' })).toMatchObject({ code: 8, status: 429, reason: 'rate.limited', retry: 'wait', message: 'too fast', retryAfterSeconds: 2 })
    expect(read(200, '', { 'grpc-status': '14', 'grpc-message': '%' })).toMatchObject({ code: 14, reason: 'upstream.unavailable', retry: 'backoff', message: '%' })
    expect(read(200, '', { 'grpc-status': '0' })).toBeUndefined()
    expect(read(200, '', { 'grpc-status': 'x' })).toBeUndefined()
  })

  it.each(['-1', 'soon'])('a pushback of %s forbids another try', (pushback) => {
    expect(read(200, '', { 'grpc-status': '14', 'grpc-retry-pushback-ms': pushback })).toMatchObject({ retry: 'never' })
  })

  it('grpc-gateway says the number of gRPC as the code', () => {
    expect(read(429, { code: 8, message: 'x', details: [] })).toMatchObject({ code: 8, reason: 'rate.limited' })
    expect(grpc.readStreamEvent({ data: '{"error":{"code":14,"message":"x","details":[]}}' })).toMatchObject({ code: 14, status: 503 })
    expect(read(429, { code: 429, message: 'x' })?.entry).toBeUndefined()
  })
})

describe('OAuth 2.0', () => {
  const read = readerOf(oauth2)

  it.each([
    [400, 'invalid_grant', 'credential.expired', 'never'], [401, 'invalid_client', 'credential.invalid', 'never'], [400, 'authorization_pending', 'idempotency.in_progress', 'backoff'],
    [400, 'slow_down', 'rate.limited', 'backoff'], [400, 'expired_token', 'session.expired', 'never'], [503, 'temporarily_unavailable', 'upstream.unavailable', 'backoff'], [401, 'invalid_token', 'token.expired', 'refresh'],
  ])('%s %s is %s', (status, code, reason, retry) => {
    expect(read(status, { error: code, error_description: 'x' })).toMatchObject({ code, reason, retry, message: 'x' })
  })

  it('a resource says it in its challenge', () => {
    expect(read(401, '', { 'www-authenticate': 'Bearer realm="example", error="invalid_token", error_description="The access token expired"' })).toMatchObject({ code: 'invalid_token', reason: 'token.expired', retry: 'refresh', message: 'The access token expired' })
    expect(read(403, '<html>', { 'www-authenticate': 'Bearer error="insufficient_scope", scope="contents:read"' })).toMatchObject({ reason: 'permission.denied', details: { scope: 'contents:read' } })
    expect(read(401, '', { 'www-authenticate': 'Bearer realm="example"' })).toMatchObject({ reason: 'credential.missing', retry: 'never' })
    expect(read(401, '', { 'www-authenticate': 'Basic realm="example"' })).toBeUndefined()
  })
})
