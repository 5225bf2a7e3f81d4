/** What APIs answer when all is well, and resources that speak of errors without being one. */
import { expect, it } from 'vitest'
import type { JsonValue } from '../contract/declare/facts.ts'
import * as dialects from './dialects.ts'

const successes: readonly JsonValue[] = [
  {}, [], null, true, 0, 'text', { data: {} }, { data: null }, { data: [], errors: [] }, { error: null }, { errors: null }, { message: 'ok' }, { status: 'ok' }, { status: 200, message: 'OK' }, { code: 200, message: 'ok' },
  { success: true, errors: [], messages: [], result: {} },
  { id: 'chatcmpl-1', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'error' }, finish_reason: 'stop' }], usage: { total_tokens: 1 } },
  { id: 'resp_1', object: 'response', status: 'completed', error: null, output: [] },
  { id: 'resp_1', object: 'response', status: 'failed', error: { code: 'server_error', message: 'x' }, output: [] },
  { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'x' }], stop_reason: 'end_turn' },
  { candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }] },
  { id: 'p1', status: 'failed', error: 'CUDA out of memory', output: null },
  { id: 'pi_1', object: 'payment_intent', last_payment_error: { code: 'card_declined', message: 'x', type: 'card_error' } },
  { id: 1, name: 'repo', full_name: 'a/b', message: 'a commit', documentation_url: 'https://docs.github.com' },
  { access_token: 'x', token_type: 'Bearer', expires_in: 3600 }, { ok: true, warning: 'missing_charset' }, { code: 100, message: 'Success', data: {} },
  { title: 'A book', detail: 'about errors', type: 'book', status: 1 }, { Code: 'x', Message: 'y' }, { __type: 'Foo', message: 'x' }, { sid: 'SM1', status: 'queued', error_code: null, error_message: null, code: null },
  { data: { viewer: { login: 'x' } } }, { data: { viewer: {}, a: null }, errors: [{ message: 'x' }] }, { items: [{ error: { code: 1, message: 'x' } }] }, { generated_text: 'x' }, [{ label: 'x', score: 1 }],
]

/** Those of which the answers of an API of their own alone are asked: what is no success of theirs counts as an error there. */
const ofOneForm = new Set(['ai-api', 'chatads', 'jogg', 'json-rpc', 'mcp', 'nexalayer'])
const others = Object.values(dialects).filter(({ name }) => !ofOneForm.has(name))

it.each(others.map((dialect) => [dialect.name, dialect] as const))('%s takes no success for an error, in an answer or in a stream', (_, dialect) => {
  for (const body of successes.map((success) => JSON.stringify(success))) {
    for (const status of [200, 201]) expect([body, dialect.read({ status, headers: {}, body })]).toEqual([body, undefined])
  }
  for (const data of ['[DONE]', '', '{"type":"ping"}', '{"choices":[{"delta":{"content":"error"}}]}', '{"type":"response.created","response":{"status":"in_progress","error":null}}', '{"type":"message_stop"}', '{"candidates":[]}']) {
    expect([data, dialect.readStreamEvent({ data })]).toEqual([data, undefined])
  }
})
