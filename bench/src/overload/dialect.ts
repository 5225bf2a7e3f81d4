/** The same answers in the words of each API, so that every SDK reads what it knows. */
import type { Fate, Fault } from './server-model.ts'

export type Dialect = 'plain' | 'openai' | 'anthropic' | 'stripe' | 'gemini' | 'aws'

export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

const successes: { readonly [dialect in Dialect]: unknown } = {
  plain: { ok: true },
  openai: { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }] },
  anthropic: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text: 'hello' }], stop_reason: 'end_turn', usage: { input_tokens: 1, output_tokens: 1 } },
  stripe: { id: 'cus_1', object: 'customer' },
  gemini: { candidates: [{ content: { role: 'model', parts: [{ text: 'hello' }] }, finishReason: 'STOP' }] },
  aws: {},
}

interface Words {
  readonly code: string
  readonly message: string
  readonly google: string
  readonly aws: string
  readonly anthropic: string
}

const words: { readonly [fault in Fault]: Words } = {
  overloaded: { code: 'overloaded', message: 'The service is overloaded', google: 'UNAVAILABLE', aws: 'ServiceUnavailable', anthropic: 'overloaded_error' },
  'rate limit': { code: 'rate_limit_exceeded', message: 'Rate limit reached', google: 'RESOURCE_EXHAUSTED', aws: 'ThrottlingException', anthropic: 'rate_limit_error' },
  quota: {
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details',
    google: 'RESOURCE_EXHAUSTED',
    aws: 'LimitExceededException',
    anthropic: 'billing_error',
  },
  'no credit': { code: 'insufficient_credit', message: 'Your credit balance is too low', google: 'FAILED_PRECONDITION', aws: 'LimitExceededException', anthropic: 'billing_error' },
  'wrong input': { code: 'invalid_request', message: 'A field is missing', google: 'INVALID_ARGUMENT', aws: 'ValidationException', anthropic: 'invalid_request_error' },
  'wrong key': { code: 'invalid_api_key', message: 'Incorrect API key', google: 'UNAUTHENTICATED', aws: 'UnrecognizedClientException', anthropic: 'authentication_error' },
  forbidden: { code: 'forbidden', message: 'Not allowed', google: 'PERMISSION_DENIED', aws: 'AccessDeniedException', anthropic: 'permission_error' },
  unknown: { code: 'not_found', message: 'There is no such thing', google: 'NOT_FOUND', aws: 'ResourceNotFoundException', anthropic: 'not_found_error' },
  late: { code: 'gateway_timeout', message: 'The service did not answer in time', google: 'DEADLINE_EXCEEDED', aws: 'GatewayTimeout', anthropic: 'api_error' },
}

export function answerIn(dialect: Dialect, fate: Extract<Fate, { kind: 'answer' }>): Answer {
  const { status, fault } = fate
  const headers = { 'content-type': dialect === 'aws' ? 'application/x-amz-json-1.0' : 'application/json', ...fate.headers }
  return { status, headers, body: JSON.stringify(fault === undefined ? successes[dialect] : refusalIn(dialect, status, fault)) }
}

function refusalIn(dialect: Dialect, status: number, fault: Fault): unknown {
  const { code, message, google, aws, anthropic } = words[fault]
  switch (dialect) {
    case 'plain':
    case 'openai':
      return { error: { message, type: code, param: null, code } }
    case 'anthropic':
      return { type: 'error', error: { type: anthropic, message } }
    case 'stripe':
      return { error: { type: status === 402 ? 'card_error' : 'api_error', code, message } }
    case 'gemini':
      return { error: { code: status, status: google, message } }
    case 'aws':
      return { __type: `com.amazonaws.dynamodb.v20120810#${aws}`, message }
  }
}
