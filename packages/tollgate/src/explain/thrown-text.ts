/**
 * What an SDK has thrown, as a terminal or a log shows it. It names a status, a class or a code, and often the body as the language prints objects: `openai.RateLimitError:
 * Error code: 429 - {'error': {…}}`. Where no answer came at all, the system's own word says so.
 */
import type { PastedAnswer, PastedFailure } from './pasted-answer.ts'
import { findLiteral, isTelling } from './loose-literal.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { readRecord } from './logged-record.ts'

/** By the phrases of clients, the surest first. */
const statusPhrases: readonly RegExp[] = [
  /\bError code: (\d{3})\b/,
  /\bstatus(?:[ _-]?code)?(?:["']?\s*[:=]\s*["']?|\s+(?:of\s+)?)(\d{3})\b/i,
  /\b(\d{3}) (?:Client|Server) Error\b/,
  /\btoo many (\d{3}) error responses\b/,
  /\bresponse code:? (\d{3})\b/i,
  /\b([45]\d{2}) \(?(?:Bad Request|Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Conflict|Gone|Unprocessable \w+|Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)\b/i,
  /\bHTTP\/[\d.]+"? (\d{3})\b/,
  /\bHTTP(?: error| status)?[ :]+(\d{3})\b/i,
  /\b\w*(?:Error|Exception|Exhausted|Denied|Unavailable|Unauthenticated|NotFound|Argument): (\d{3})\b/,
  /\b(?:returned|responded with|got|received|answered|unexpected)\D{0,20}\b([45]\d{2})\b/i,
  /\((\d{3})\)/,
  /^\s*(\d{3})\b(?!\.)/,
  /\s([45]\d{2})\s+(?:\d+|-)(?:\s|$)/,
]

/** By the class that was thrown, where no figure says it: OpenAI's, Anthropic's and Stripe's SDKs, Google's, gRPC's codes. */
const statusOfClass: readonly (readonly [RegExp, number])[] = [
  [/\b(?:RateLimitError|TooManyRequests|ResourceExhausted|RESOURCE_EXHAUSTED|ThrottlingException|TooManyRequestsException|ProvisionedThroughputExceededException|TOO_MANY_REQUESTS)\b/, 429],
  [/\b(?:AuthenticationError|Unauthenticated|UNAUTHORIZED|UNAUTHENTICATED|UnrecognizedClientException|InvalidClientTokenId)\b/, 401],
  [/\b(?:PermissionDeniedError|PermissionDenied|PERMISSION_DENIED|PermissionError|AccessDeniedException|Forbidden|FORBIDDEN)\b/, 403],
  [/\b(?:NotFoundError|ResourceNotFoundException|NOT_FOUND)\b/, 404],
  [/\b(?:ConflictError|ALREADY_EXISTS)\b/, 409],
  [/\bUnprocessableEntityError\b/, 422],
  [/\b(?:BadRequestError|InvalidRequestError|InvalidArgument|INVALID_ARGUMENT|ValidationException)\b/, 400],
  [/\bCardError\b/, 402],
  [/\b(?:DeadlineExceeded|DEADLINE_EXCEEDED)\b/, 504],
  [/\b(?:OverloadedError|ServiceUnavailable(?:Error)?|ServiceUnavailableException|UNAVAILABLE|SERVICE_UNAVAILABLE|StatusCode="Unavailable)\b/, 503],
  [/\b(?:InternalServerError|InternalServerException|INTERNAL_SERVER_ERROR)\b/, 500],
]

/** AWS's SDK for Python says the code in its sentence. */
const AWS_SENTENCE = /An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: ([\s\S]*)/

/** Those for Java and for Go, too. */
const AWS_CODE = /\b(\w+Exception): ([^\n]*?)\s*\(Service: [^,()]+, Status Code: \d{3}|\bapi error (\w+): ([^\n]*)/

/** gRPC's status in Go and in Node, and the errors of AWS's SDK for JavaScript: a code, and a sentence. */
const GRPC_SENTENCE = /\brpc error: code = (\w+) desc = ([^\n]*)|\b(?:Error|exception): \d{1,2} ([A-Z_]{4,30}): ([^\n]*)/
const CLASS_SENTENCE = /^(\w+(?:Exception|Error)): ([^\n]*)/m

const network: readonly (readonly [RegExp, Partial<PastedFailure>])[] = [
  [/\b(?:ECONNREFUSED|ConnectionRefusedError|[Cc]onnection refused|[Cc]ould(?:n't| not) connect to server)\b/, { networkCode: 'ECONNREFUSED', isUnsent: true }],
  [/\b(?:ENOTFOUND|no such host|UnknownHostException|Name or service not known|nodename nor servname|getaddrinfo|Could not resolve host)\b/, { networkCode: 'ENOTFOUND', isUnsent: true }],
  [/\b(?:EAI_AGAIN|Temporary failure in name resolution)\b/, { networkCode: 'EAI_AGAIN', isUnsent: true }],
  [/\b(?:EHOSTUNREACH|ENETUNREACH|No route to host|Network is unreachable)\b/, { networkCode: 'EHOSTUNREACH', isUnsent: true }],
  [/\b(?:UND_ERR_CONNECT_TIMEOUT|ConnectTimeout(?:Error)?|connect ETIMEDOUT|dial tcp [^\n]{0,200}i\/o timeout|[Cc]onnect timed out|HttpConnectTimeoutException)\b/, { networkCode: 'CONNECT_TIMEOUT', isUnsent: true, isTimeout: true }],
  [/\b(?:CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_TLS_\w+|SSLCertVerificationError|self[- ]signed certificate|certificate (?:has expired|verify failed))/i, { networkCode: 'CERTIFICATE', isUnsent: true, isLasting: true }],
  [/\b(?:UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|ETIMEDOUT|ReadTimeout(?:Error)?|APITimeoutError|APIConnectionTimeoutError|TimeoutError|ECONNABORTED|timeout of \d+ ?ms exceeded|SocketTimeoutException|HttpTimeoutException|HttpClient\.Timeout|i\/o timeout|[Rr]ead timed out|[Rr]equest timed out|[Oo]peration timed out|context deadline exceeded|The operation was aborted due to timeout)\b/, { networkCode: 'TIMEOUT', isTimeout: true }],
  [/\b(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|socket hang up|other side closed|[Cc]onnection (?:was )?reset|Connection aborted|RemoteDisconnected|ConnectionResetError|Empty reply from server|unexpected EOF)\b/, { networkCode: 'ECONNRESET' }],
  [/\b(?:APIConnectionError|fetch failed|Failed to fetch|NetworkError|Network Error|Max retries exceeded)\b/, { networkCode: 'NETWORK' }],
]

/** Undefined: nothing in it speaks of an answer. */
export function readThrown(text: string): PastedAnswer | undefined {
  const literal = findLiteral(text)
  const prose = literal === undefined ? text : `${text.slice(0, literal.start)} ${text.slice(literal.end)}`
  // `reqwest::Error { kind: Status(429), … }`: an object that is no answer is read as words, too.
  const status = statusIn(prose) ?? (literal === undefined || isTelling(literal.value) ? undefined : statusIn(text))
  const aws = awsErrorIn(text)
  if (aws !== undefined) return { ...bare, status: status ?? 400, body: JSON.stringify(aws) }
  const grpc = sentenceOfGrpc(text)
  if (grpc !== undefined && status !== undefined) return { ...bare, status, body: grpc }
  const inside = literal && readRecord(literal.value)
  const [, className, sentence] = CLASS_SENTENCE.exec(prose) ?? []
  if (inside !== undefined && memberOf(literal?.value, '$metadata') !== undefined) return { ...inside, form: 'exception', body: JSON.stringify({ __type: className, message: sentence }) }
  if (inside !== undefined) return { ...inside, form: 'exception', status: inside.status ?? status, body: inside.body === '' ? sentenceIn(prose) : inside.body }
  if (literal !== undefined) return { ...bare, status, body: JSON.stringify(literal.value) }
  return status === undefined ? undefined : { ...bare, status, body: sentenceIn(prose) }
}

function awsErrorIn(text: string): { readonly __type: string; readonly message: string } | undefined {
  const [, code, message = ''] = AWS_SENTENCE.exec(text) ?? []
  if (code !== undefined) return { __type: code, message: message.trim() }
  const [, javaCode, javaMessage = '', goCode, goMessage = ''] = AWS_CODE.exec(text) ?? []
  const found = javaCode ?? goCode
  return found === undefined ? undefined : { __type: found, message: javaCode === undefined ? goMessage.trim() : javaMessage }
}

function sentenceOfGrpc(text: string): string | undefined {
  const [, , inGo, , inNode] = GRPC_SENTENCE.exec(text) ?? []
  return (inGo ?? inNode)?.trim()
}

const bare = { form: 'exception', headers: {}, hasHeaders: false } as const

/** Of what was never answered. Undefined: it does not say so. */
export function readFailure(text: string): PastedFailure | undefined {
  const found = network.find(([pattern]) => pattern.test(text))
  return found && { form: 'exception', networkCode: 'NETWORK', isTimeout: false, isUnsent: false, isLasting: false, ...found[1] }
}

export function statusIn(text: string): number | undefined {
  for (const phrase of statusPhrases) {
    const status = Number(phrase.exec(text)?.[1] ?? Number.NaN)
    if (status >= 400 && status <= 599) return status
  }
  return statusOfClass.find(([pattern]) => pattern.test(text))?.[1]
}

/** A longer line is no sentence. */
const SENTENCE_CHARS_MAX = 2_000

/** Without the class and the figure before it, and without the stack behind it. */
function sentenceIn(text: string): string {
  const line = text.split(/\r?\n/).find((each) => statusIn(each) !== undefined) ?? text.trim().split(/\r?\n/)[0] ?? ''
  return line.slice(0, SENTENCE_CHARS_MAX).replace(/^.*?\b(?:\w+\.)*\w*(?:Error|Exception|Exhausted|Unauthenticated|Denied):\s*/, '').replace(/^(?:Error code: )?\d{3}(?: - | )/, '').trim()
}
