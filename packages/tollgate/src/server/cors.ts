/** Cross-origin access for browsers (Fetch standard, CORS protocol). Refusals carry it too: else a browser client could not read why. */
import type { Answer } from '../contract/wire.ts'
import type { ApiOptions, CorsOptions } from './gate-options.ts'
import { soleHeader } from './headers.ts'

/** The headers for an answer to this caller, flat; empty when it is not a cross-origin one that is allowed. */
export function corsHeaders(api: ApiOptions, headers: readonly string[]): readonly string[] {
  const origin = allowedOrigin(api.cors, headers)
  if (origin === undefined) return []
  return ['access-control-allow-origin', origin, 'access-control-expose-headers', exposedHeaders(api), ...(origin === '*' ? [] : ['vary', 'origin'])]
}

/** The answer to a preflight; undefined when the request is none, or from an origin that is not allowed. */
export function preflightAnswer(api: ApiOptions, method: string, headers: readonly string[]): Answer | undefined {
  const origin = allowedOrigin(api.cors, headers)
  if (api.cors === undefined || origin === undefined || method !== 'OPTIONS') return undefined
  if (soleHeader(headers, 'access-control-request-method') === undefined) return undefined
  return {
    status: 204,
    headers: [
      'access-control-allow-origin',
      origin,
      'access-control-allow-methods',
      [...new Set(api.routes.flatMap((route) => route.methods))].join(', '),
      'access-control-allow-headers',
      api.cors.allowHeaders.join(', '),
      'access-control-max-age',
      String(api.cors.maxAgeSeconds),
      'vary',
      'origin, access-control-request-method, access-control-request-headers',
    ],
    body: '',
  }
}

function allowedOrigin(cors: CorsOptions | undefined, headers: readonly string[]): string | undefined {
  const origin = soleHeader(headers, 'origin')
  if (cors === undefined || origin === undefined) return undefined
  if (cors.origins.includes('*')) return '*'
  return cors.origins.includes(origin) ? origin : undefined
}

/** What a script needs in order to obey a refusal: without this list browsers hide these headers. */
function exposedHeaders(api: ApiOptions): string {
  const rate = api.contract.declaration.rateLimitHeaders
  return ['retry-after', api.contract.requestIdHeader, ...(rate === undefined ? [] : [rate.limit, rate.remaining, rate.reset])].join(', ')
}
