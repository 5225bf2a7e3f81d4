import { describe, expect, it } from 'vitest'
import { corsHeaders, preflightAnswer } from './cors.ts'
import type { ApiOptions } from './gate-options.ts'

const api = (origins: string[]): ApiOptions =>
  ({
    routes: [{ methods: ['POST'], path: '/a', steps: [] }, { methods: ['GET', 'POST'], path: '/b', steps: [] }],
    contract: { requestIdHeader: 'x-request-id', declaration: {} },
    cors: { origins, allowHeaders: ['content-type', 'x-api-key'], maxAgeSeconds: 600 },
  }) as unknown as ApiOptions

const preflight = ['origin', 'https://app.example', 'access-control-request-method', 'POST']

describe('cross-origin answers', () => {
  it('an allowed origin may read the request id and the wait', () => {
    expect(corsHeaders(api(['https://app.example']), ['Origin', 'https://app.example'])).toEqual([
      'access-control-allow-origin', 'https://app.example', 'access-control-expose-headers', 'retry-after, x-request-id', 'vary', 'origin',
    ])
  })

  it('another origin, or none, gets nothing', () => {
    expect(corsHeaders(api(['https://app.example']), ['origin', 'https://evil.example'])).toEqual([])
    expect(corsHeaders(api(['*']), [])).toEqual([])
  })

  it('a preflight is answered with the methods of the API, before any key is asked for', () => {
    const answer = preflightAnswer(api(['*']), 'OPTIONS', preflight)
    expect(answer?.status).toBe(204)
    expect(answer?.headers).toContain('POST, GET')
  })

  it('an OPTIONS that is no preflight, or from elsewhere, is left to the routes', () => {
    expect(preflightAnswer(api(['*']), 'OPTIONS', ['origin', 'https://app.example'])).toBeUndefined()
    expect(preflightAnswer(api(['https://other.example']), 'OPTIONS', preflight)).toBeUndefined()
    expect(preflightAnswer(api(['*']), 'POST', preflight)).toBeUndefined()
  })
})
