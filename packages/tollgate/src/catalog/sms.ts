/** SMS gateways that answer a message in parts: status 200, and each part says for itself whether it went out, "0" or the number of an error. */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { successesPart } from '../contract/read/parts/successes-part.ts'

/** An SMS API after the manner of the older ones, written and read. A message of which some parts went out is told as such: `succeeded`. */
export const sms = defineDialect({
  name: 'sms',
  title: 'SMS in parts',
  alwaysStatus: 200,
  envelope: {
    error: { 'message-count': '1', messages: { $each: '$errors', as: { status: '$code', 'error-text': '$message' } } },
    success: { messages: { $each: '$data', as: { status: '0', '...': '$data' } } },
  },
  entries: {
    throttled: { code: '1', status: 429, reason: 'rate.limited', alsoFor: ['concurrency.limited', 'quota.exhausted'], message: 'Throttled', description: 'Messages come faster than allowed.' },
    missing: { code: '2', status: 400, reason: 'field.missing', message: ['Missing {field}', 'Missing parameter'], description: 'A parameter is missing.' },
    invalid: {
      code: '3', status: 400, reason: 'field.invalid', alsoFor: ['request.*', 'resource.*', 'route.*', 'method.*', 'session.*', 'idempotency.*'],
      message: ['Invalid {field}', 'Invalid request'], description: 'A parameter, or the request, is not valid.',
    },
    credentials: { code: '4', status: 403, reason: 'credential.invalid', alsoFor: ['credential.*', 'token.*'], message: 'Invalid credentials', description: 'Key or secret are wrong.' },
    internal: { code: '5', status: 500, reason: 'internal', alsoFor: ['upstream.*', 'capacity.*', 'service.*'], message: 'Internal error', description: 'Something failed at the gateway.' },
    blocked: { code: '7', status: 403, reason: 'content.blocked', alsoFor: ['permission.denied', 'account.*'], message: 'Number barred', description: 'Nothing is sent to this number.' },
    quota: { code: '9', status: 402, reason: 'credit.insufficient', message: 'Partner quota violation', description: 'The credit does not cover the message.' },
  },
}, { parts: [listsPart, successesPart] })
