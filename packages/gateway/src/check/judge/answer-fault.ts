/** What is wrong with an answer: by which rule, where, and what it should be. Pure data. */

/** Each rule with what it asks for. Their names are stable: plans switch them off by them, and reports name them. */
export const checkRules = {
  answered: 'an answer comes, whole and in time',
  succeeds: 'a call that should succeed does',
  refused: 'a request that should be refused is',
  'in-contract': 'a refusal has the envelope of the contract, and a code that it declares',
  entry: 'it is the refusal that the contract has for this',
  status: 'its status is the one of its entry',
  body: 'its body is what the contract writes: no member more, none less, none of another type',
  details: 'each detail that the entry promises is there',
  message: 'its message is one that the entry says, with the figures of the details',
  header: 'each header that the contract writes is there, with its value',
  'content-type': 'its media type and charset are those of the contract',
  'content-length': 'the length of its body is told once and rightly, and it is not encoded unasked',
  'content-bytes': 'its body is UTF-8 without a byte order mark, not empty, and no member stands in it twice',
  'no-store': 'no cache may keep it',
  challenge: 'a 401 or 407 carries a challenge that can be read',
  allow: 'a 405 says which methods there are, and not the one that it refuses',
  'retry-after': 'Retry-After is whole seconds, at least one, where the contract has one, and only there',
  'wait-agrees': 'header, body and reset tell the same wait',
  'rate-headers': 'rate headers come together, and their figures agree',
  'request-id': 'it carries a request id in the form of the contract, the same in header and body',
  'request-id-fresh': 'each answer has an id of its own, which the caller has not chosen',
  'no-stack': 'nothing of a stack trace or of a query is in it',
  'no-secret': 'no credential is in it',
  'no-internals': 'it says nothing of addresses, files and versions behind the API',
  redirect: 'it leads nowhere else',
  date: 'its Date is the time',
  head: 'HEAD is answered as GET, without a body',
  'same-form': 'the same refusal has the same form each time',
  replay: 'a repeat under the same idempotency key gets the first answer',
  'at-once': 'of two requests at once under one idempotency key one is done',
  'not-charged': 'a refusal changes no usage and no balance',
} as const satisfies { readonly [rule: string]: string }

export type CheckRule = keyof typeof checkRules

export interface AnswerFault {
  readonly rule: CheckRule
  /** Where: a header, a path in the body. Two faults of one rule, place and entry are one. */
  readonly at: string
  readonly message: string
  /** A note is legal, and seldom meant. */
  readonly isNote: boolean
}

export function faultOf(rule: CheckRule, at: string, message: string): AnswerFault {
  return { rule, at, message, isNote: false }
}

export function noteOf(rule: CheckRule, at: string, message: string): AnswerFault {
  return { rule, at, message, isNote: true }
}

/** A value as a fault quotes it. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length <= 100 ? text : `${text.slice(0, 97)}…`
}
