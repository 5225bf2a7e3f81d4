/** What of a request a mock goes by. */
import { parseBoundedJson } from '../../contract/read/bounded-json.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import type { MockRequest } from './mock-plan.ts'
import { printOf } from './request-print.ts'

export interface SeenRequest {
  readonly request: MockRequest
  readonly headers: { readonly [name: string]: string }
  readonly path: string
  readonly key: string | undefined
  readonly credential: string | undefined
  readonly print: string
  readonly json: unknown
}

/** The first of them that a request has carries its credentials. */
const credentialHeaders = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'x-auth-token', 'proxy-authorization', 'cookie']

/** `keyHeader`: lower case. */
export function seeRequest(request: MockRequest, keyHeader: string): SeenRequest {
  const headers = toReceivedHeaders(request.headers)
  const [path = '/'] = request.target.split('?', 1)
  const key = headers[keyHeader]?.trim()
  const name = credentialHeaders.find((each) => headers[each] !== undefined)
  return {
    request, headers, path,
    key: key === '' ? undefined : key,
    credential: name === undefined ? undefined : headers[name],
    print: printOf(request),
    json: request.body.length === 0 ? undefined : parseBoundedJson(new TextDecoder().decode(request.body)),
  }
}
