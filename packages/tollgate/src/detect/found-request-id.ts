/** The id under which support finds a request: no two APIs have the same name for it. */
import type { ReceivedAnswer } from '../contract/declare/wire.ts'
import { headerOf } from '../contract/read/header-of.ts'
import { memberOf } from '../contract/read/value-at.ts'

/** Of the API before those of what stands in front of it. */
const headerNames = [
  'x-request-id', 'request-id', 'x-ms-request-id', 'apim-request-id', 'x-amzn-requestid', 'x-amzn-request-id', 'x-amz-request-id', 'x-github-request-id', 'twilio-request-id', 'x-slack-req-id', 'x-goog-request-id', 'x-shopify-request-id',
  'x-kong-request-id', 'x-generation-id', 'x-correlation-id', 'x-trace-id', 'x-amz-cf-id', 'x-vercel-id', 'fly-request-id', 'x-railway-request-id', 'cf-ray',
]
const memberNames = ['request_id', 'requestId', 'RequestId', 'requestID', 'req_id', 'ray_id', 'trace_id', 'traceId', 'correlation_id', 'correlationId']
const holders = ['meta', 'error', 'detail', 'details', 'extensions', 'response_metadata']
const CHARS_MAX = 256

export function requestIdIn(headers: ReceivedAnswer['headers'], body: unknown): string | undefined {
  for (const holder of [body, ...holders.map((name) => memberOf(body, name))]) {
    for (const name of memberNames) {
      const value = memberOf(holder, name)
      if (typeof value === 'string' && isId(value)) return value
    }
  }
  return headerNames.map((name) => headerOf(headers, name)).find((value) => value !== undefined && isId(value))
}

function isId(value: string): boolean {
  return value !== '' && value.length <= CHARS_MAX && !/[\p{Cc}]/u.test(value)
}
