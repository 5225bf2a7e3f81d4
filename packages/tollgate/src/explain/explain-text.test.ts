import { assert, constantFrom, oneof, property, string } from 'fast-check'
import { expect, it } from 'vitest'
import { chatads } from '../catalog/contracts.ts'
import { explainText } from './explain-text.ts'

/** As tools, SDKs and servers print them. What is expected: form, reason, status, who, code, rule, wait, whether a repeat does harm. */
const pasted: readonly (readonly [string, string, string])[] = [
  ['OpenAI in Python', `openai.RateLimitError: Error code: 429 - {'error': {'message': 'You exceeded your current quota, please check your plan.', 'type': 'insufficient_quota', 'param': None, 'code': 'insufficient_quota'}}`, 'exception credit.insufficient 429 openai insufficient_quota never - undone'],
  ['with its traceback', `Traceback (most recent call last):\n  File "/app/main.py", line 12, in <module>\n    client.create(model="gpt-4", messages=[{"role": "user", "content": "hi"}])\nopenai.AuthenticationError: Error code: 401 - {'error': {'message': 'Incorrect API key provided: sk-abc.', 'type': 'invalid_request_error', 'param': None, 'code': 'invalid_api_key'}}`, 'exception credential.invalid 401 openai invalid_api_key never - undone'],
  ['OpenAI in Node', `RateLimitError: 429 Rate limit reached for gpt-4o: Limit 30000, Used 28000, Requested 4000. Please try again in 4s.\n    at APIError.generate (file:///app/node_modules/openai/core/error.mjs:59:20) {\n  status: 429,\n  headers: Headers {\n    date: 'Sun, 29 Nov 2026 12:00:00 GMT',\n    'retry-after': '4',\n    'x-request-id': 'req_123'\n  },\n  requestID: 'req_123',\n  error: {\n    message: 'Rate limit reached for gpt-4o: ' +\n      'Limit 30000, Used 28000, Requested 4000. Please try again in 4s.',\n    type: 'tokens',\n    param: null,\n    code: 'rate_limit_exceeded'\n  },\n  code: 'rate_limit_exceeded',\n  param: null,\n  type: 'tokens'\n}`, 'exception rate.limited 429 openai rate_limit_exceeded wait 4000 undone'],
  ['Anthropic in Python', `anthropic.APIStatusError: {'type': 'error', 'error': {'details': None, 'type': 'overloaded_error', 'message': 'Overloaded'}, 'request_id': 'req_011CQ'}`, 'exception capacity.overloaded 529 anthropic overloaded_error backoff - unknown'],
  ['Anthropic in Node', `InternalServerError: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}`, 'exception capacity.overloaded 529 anthropic overloaded_error backoff - unknown'],
  ['requests in Python', 'requests.exceptions.HTTPError: 402 Client Error: Payment Required for url: https://api.example.com/v1/videos', 'exception credit.insufficient 402 - - never - undone'],
  ['axios', `AxiosError: Request failed with status code 429\n    at settle (/app/node_modules/axios/lib/core/settle.js:19:12) {\n  code: 'ERR_BAD_REQUEST',\n  config: { url: 'https://api.x.com/v1/a', method: 'post', headers: Object [AxiosHeaders] { Accept: 'application/json' } },\n  response: {\n    status: 429,\n    statusText: 'Too Many Requests',\n    headers: Object [AxiosHeaders] { 'retry-after': '12' },\n    data: { success: false, error: { code: 'DAILY_QUOTA_EXCEEDED', message: 'Daily quota exceeded' } }\n  }\n}`, 'exception quota.exhausted 429 chatads DAILY_QUOTA_EXCEEDED never 12000 undone'],
  ['AWS in Python', 'botocore.errorfactory.ThrottlingException: An error occurred (ThrottlingException) when calling the InvokeModel operation (reached max retries: 4): Too many requests.', 'exception rate.limited 429 aws ThrottlingException backoff - undone'],
  ['AWS in Node', `ThrottlingException: Rate exceeded\n    at de_Throttling (/x.js:1:1) {\n  '$fault': 'client',\n  '$metadata': { httpStatusCode: 429, requestId: 'abc', attempts: 3 }\n}`, 'exception rate.limited 429 aws ThrottlingException backoff - undone'],
  ['gRPC in Go', 'rpc error: code = ResourceExhausted desc = quota exceeded for project', 'exception quota.exhausted 429 - - never - undone'],
  ['Guzzle', 'Client error: `POST https://api.x.com/v1` resulted in a `401 Unauthorized` response: {"error":{"type":"invalid_request_error","message":"No such key","code":"invalid_api_key"}}', 'exception credential.invalid 401 openai invalid_api_key never - undone'],
  ['Java', 'java.io.IOException: Server returned HTTP response code: 403 for URL: https://api.x.com', 'exception permission.denied 403 - - never - undone'],
  ['nobody listens', 'TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:8080', 'exception network.failed - - ECONNREFUSED backoff - undone'],
  ['no such name', `requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1/x (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -2] Name or service not known'))`, 'exception network.failed - - ENOTFOUND backoff - undone'],
  ['a certificate', 'Error: self-signed certificate in certificate chain { code: "SELF_SIGNED_CERT_IN_CHAIN" }', 'exception network.failed - - CERTIFICATE never - undone'],
  ['too slow', 'openai.APITimeoutError: Request timed out.', 'exception network.timeout - - TIMEOUT backoff - unknown'],
  ['curl -i', 'HTTP/2 429 \ndate: Sun, 29 Nov 2026 10:00:00 GMT\ncontent-type: application/json\nretry-after: 20\n\n{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}', 'http rate.limited 429 openai rate_limit_exceeded wait 20000 undone'],
  ['curl -v', '*   Trying 127.0.0.1:8080...\n> POST /v1/sessions HTTP/1.1\n> Host: localhost:8080\n>\n< HTTP/1.1 402 Payment Required\n< content-type: application/json\n<\n{ [120 bytes data]\n{"success":false,"error":{"code":"INSUFFICIENT_BALANCE","message":"Insufficient balance"}}\n* Connection #0 to host localhost left intact', 'http credit.insufficient 402 nexalayer INSUFFICIENT_BALANCE never - undone'],
  ['an answer after others', 'HTTP/1.1 100 Continue\n\nHTTP/1.1 502 Bad Gateway\nserver: nginx\ncontent-type: text/html\n\n<html><center>nginx</center></html>', 'http upstream.failed 502 nginx - backoff - unknown'],
  ['a body, whose API has codes', '{"code":18020,"msg":"Insufficient credit","data":null}', 'body credit.insufficient 402 jogg 18020 never - undone'],
  ['a body that says its status', '{"type":"urn:tollgate:problem:rate-limited","title":"Rate limited","status":429,"detail":"Rate limited.","code":"rate.limited","retry_after":5}', 'body rate.limited 429 problem rate.limited wait 5000 undone'],
  ['a page', '<html><head><title>502 Bad Gateway</title></head><body><hr><center>nginx</center></body></html>', 'body upstream.failed 502 nginx - backoff - unknown'],
  ['XML', '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>', 'body rate.limited 400 aws SlowDown backoff - undone'],
  ['a line of a structured log', '{"level":50,"time":1764410000000,"req":{"method":"POST","url":"/v1/x"},"res":{"statusCode":503,"headers":{"retry-after":"7"}},"msg":"request errored"}', 'log upstream.unavailable 503 - - backoff 7000 unknown'],
  ['a line of a web server', '203.0.113.9 - - [29/Nov/2026:10:00:00 +0000] "GET /v1/messages HTTP/1.1" 503 162 "-" "curl/8.5"', 'log upstream.unavailable 503 - - backoff - safe'],
  ['a stream', 'event: message_start\ndata: {"type":"message_start"}\n\nevent: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n', 'events capacity.overloaded 529 anthropic overloaded_error backoff - unknown'],
  ['AWS in Java', 'software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException: The level of throughput was exceeded. (Service: DynamoDb, Status Code: 400, Request ID: A)', 'exception rate.limited 400 aws ProvisionedThroughputExceededException backoff - undone'],
  ['AWS in Go', 'operation error S3: PutObject, https response error StatusCode: 403, RequestID: X, HostID: Y, api error AccessDenied: Access Denied', 'exception permission.denied 403 aws AccessDenied never - undone'],
  ['gRPC in Node', 'Error: 8 RESOURCE_EXHAUSTED: Quota exceeded for the project\n    at call (/app/call.js:31:19) {\n  code: 8,\n  metadata: Metadata { options: {} }\n}', 'exception quota.exhausted 429 - - never - undone'],
  ['.NET', 'System.Net.Http.HttpRequestException: Response status code does not indicate success: 429 (Too Many Requests).', 'exception rate.limited 429 - - backoff - undone'],
  ['Rust', 'reqwest::Error { kind: Status(429), url: Url { scheme: "https" } }', 'exception rate.limited 429 - - backoff - undone'],
  ['tRPC', 'TRPCClientError: TOO_MANY_REQUESTS', 'exception rate.limited 429 - - backoff - undone'],
  ['urllib3, that has tried', "MaxRetryError: Max retries exceeded with url: /v1 (Caused by ResponseError('too many 429 error responses'))", 'exception rate.limited 429 - - backoff - undone'],
  ['axios, too slow', "AxiosError: timeout of 10000ms exceeded {\n  code: 'ECONNABORTED',\n  config: { timeout: 10000 }\n}", 'exception network.timeout - - TIMEOUT backoff - unknown'],
  ['Java, too slow', 'java.net.SocketTimeoutException: Read timed out', 'exception network.timeout - - TIMEOUT backoff - unknown'],
  ['Java, no such name', 'java.net.UnknownHostException: api.example.com', 'exception network.failed - - ENOTFOUND backoff - undone'],
  ['Go, no such name', 'Get "https://api.example.com/": dial tcp: lookup api.example.com on 10.0.0.2:53: no such host', 'exception network.failed - - ENOTFOUND backoff - undone'],
  ['Go, no connection', 'Get "https://10.0.0.1/": dial tcp 10.0.0.1:443: i/o timeout', 'exception network.timeout - - CONNECT_TIMEOUT backoff - undone'],
  ['curl, nobody listens', "curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server", 'exception network.failed - - ECONNREFUSED backoff - undone'],
  ['logfmt', 'time=2026-11-29T10:00:00Z level=error msg="call failed" status=429 retry_after=12 method=GET url="https://api.x.com/a"', 'log rate.limited 429 cohere - backoff 12000 undone'],
  ['logfmt with a code', 'level=error status=402 method=POST path=/v1 code=INSUFFICIENT_BALANCE', 'log credit.insufficient 402 - INSUFFICIENT_BALANCE never - undone'],
  ['Envoy', 'upstream connect error or disconnect/reset before headers. reset reason: connection timeout', 'body upstream.unavailable 503 envoy - backoff - unknown'],
  ['Cloudflare', 'error code: 1015', 'body rate.limited 429 cloudflare-edge 1015 wait - undone'],
  ['a page of Cloudflare', '<!DOCTYPE html><html><head><title>Access denied | x used Cloudflare</title></head><body><h1><span>Error</span> <span>1015</span></h1></body></html>', 'body rate.limited 429 cloudflare-edge 1015 wait - undone'],
  ['Laravel', '{"message":"Too Many Attempts."}', 'body rate.limited 400 cohere - backoff - undone'],
  ['a sentence', 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.', 'text credit.insufficient - - - never - undone'],
]

it.each(pasted)('%s', (_, text, expected) => {
  const [first] = explainText(text, { nowMs: 0 })
  expect(first?.kind === 'explained' ? summary(first.explanation) : first).toBe(expected)
})

function summary({ form, reason, refusal, networkCode, again, lacks }: Extract<ReturnType<typeof explainText>[number], { kind: 'explained' }>['explanation']): string {
  const status = form === 'text' && lacks.includes('status') ? undefined : refusal?.status
  return [form, reason, status ?? '-', refusal?.dialect ?? '-', (refusal?.code ?? networkCode ?? '') || '-', again.rule, again.afterMs ?? '-', again.repeatable].join(' ')
}

it('an archive gives each of its refusals, and when it may be tried again', () => {
  const entry = (status: number, text: string) => ({ startedDateTime: '2026-11-29T10:00:00.000Z', time: 1_000, request: { method: 'POST', url: 'https://api.x/v1', headers: [{ name: 'Idempotency-Key', value: 'k' }] }, response: { status, headers: [{ name: 'Retry-After', value: '3' }, { name: 'Content-Type', value: 'application/json' }], content: { text } } })
  const found = explainText(JSON.stringify({ log: { entries: [entry(200, '{}'), entry(503, '{"message":"busy"}'), entry(200, '{}')] } }))
  expect(found).toMatchObject([{ kind: 'explained', explanation: { form: 'har', again: { atMs: Date.parse('2026-11-29T10:00:04.000Z'), repeatable: 'safe' }, lacks: [] } }])
})

it('lines of a log give each of theirs', () => {
  const line = (statusCode: number) => JSON.stringify({ level: 50, time: 0, res: { statusCode } })
  expect(explainText([line(429), line(200), line(500)].join('\n'))).toHaveLength(2)
})

it('a contract has the first word, and its statuses are tried', () => {
  const [found] = explainText('{"success":false,"error":{"code":"DAILY_QUOTA_EXCEEDED","message":"Daily quota exceeded"}}', { contract: chatads })
  expect(found).toMatchObject({ kind: 'explained', explanation: { refusal: { certainty: 'contract', entry: 'dailyQuotaExceeded', status: 429 }, lacks: ['status', 'headers', 'request'] } })
})

it('the status of a body and the method of its request can be said beside it', () => {
  expect(explainText('{"oops":true}', { status: 503, method: 'get' })).toMatchObject([{ explanation: { reason: 'upstream.unavailable', again: { repeatable: 'safe' }, lacks: ['headers'] } }])
})

it('what speaks of no refusal is none', () => {
  expect(explainText('HTTP/1.1 200 OK\ncontent-type: application/json\n\n{"ok":true}')).toEqual([{ kind: 'no-refusal', status: 200 }])
  expect([explainText(''), explainText('word')]).toEqual([[], []])
  expect(explainText('Hello there, how are you?')).toEqual([{ kind: 'no-refusal', status: undefined }])
})

it('a body that only its status would explain says so', () => {
  expect(explainText('{"message":"Limit Exceeded"}')).toEqual([{ kind: 'no-refusal', status: undefined }])
  expect(explainText('{"message":"Limit Exceeded"}', { status: 429 })).toMatchObject([{ explanation: { reason: 'rate.limited' } }])
})

it('any text gives an answer', () => {
  const pieces = oneof(string(), constantFrom('{', '}', '[', ']', "'", '"', ':', ',', '\\', '{a: ', 'HTTP/1.1 429 x\n', '\n\n', 'data: ', 'event: ', '<', 'status 500', 'Error: ', '{"error":{"code":', '__proto__', 'Error code: 429 - {', '\n{'))
  expect(() => assert(property(pieces, pieces, pieces, pieces, pieces, (...parts) => void explainText(parts.join(''))))).not.toThrow()
})

it('large and hostile texts end', () => {
  for (const piece of ['{', '[{', "{'a': ", 'a.', 'Error', '\\', '{"a":[', '<', 'data: x\n\n', '1 ', '4', '{a:1}']) expect(explainText(piece.repeat(200_000 / piece.length)).length).toBeLessThan(1_000)
})
