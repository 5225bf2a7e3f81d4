/** What facts, slots and headers mean, in words. */
import type { DetailType, FactName } from 'tollgate/contract'

export const factWords: { readonly [F in FactName]: string } = {
  meter: 'Which limit refused, by its name.',
  counts: 'What the limit counts, where it is money.',
  subject: 'Whose limit it is: of the account, of a user, or of the key.',
  limit: 'How much is allowed.',
  used: 'How much is used. Where refused attempts count too, it may be more than the limit.',
  remaining: 'How much is left.',
  resetAtMs: 'When it begins anew.',
  windowMs: 'How long the window is in which it is counted.',
  period: 'The period of the quota: a day or a month.',
  plan: 'The plan of the account.',
  retryAfterMs: 'How long to wait before a repeat can succeed.',
  waitHelps: 'Whether any wait helps. Where it is false, none does.',
  field: 'The field at fault, as a dotted path.',
  issue: 'What is wrong with it, in words.',
  rule: 'The rule that it breaks.',
  fields: 'All fields at fault, each with what is wrong with it.',
  issues: 'All faults, one by one, the most important first.',
  issueCount: 'How many faults there are.',
  furtherIssues: 'How many faults there are beside the first.',
  allow: 'The methods that the path takes.',
  method: 'The method of the request.',
  path: 'The path of the request.',
  header: 'The header in which the credential was looked for.',
  parameter: 'The parameter of the query in which the credential was looked for.',
  keyId: 'The id of the key that was sent. It is no secret.',
  expiredAtMs: 'When it expired.',
  revokedAtMs: 'When it was revoked.',
  untilMs: 'When it ends.',
  required: 'What is needed.',
  granted: 'What the credential has.',
  balance: 'How much credit is available.',
  resource: 'What kind of thing it is about.',
  id: 'The id of what it is about.',
  bytesMax: 'How many bytes are taken at most.',
  failure: 'In which way the service behind the API failed.',
  state: 'The state of what it is about.',
}

/** What stands on the wire for a detail of each type, and in which unit. */
export const detailTypeWords: { readonly [T in DetailType]: { readonly type: string; readonly unit: string | undefined } } = {
  string: { type: 'string', unit: undefined },
  integer: { type: 'integer', unit: undefined },
  number: { type: 'number', unit: undefined },
  boolean: { type: 'boolean', unit: undefined },
  strings: { type: 'array of strings', unit: undefined },
  money: { type: 'number', unit: 'major units: 50.5 is fifty and a half' },
  timestamp: { type: 'string', unit: 'RFC 3339, in UTC' },
  unix: { type: 'integer', unit: 'seconds since 1970' },
  seconds: { type: 'integer', unit: 'seconds, rounded up' },
  digits: { type: 'string', unit: 'an integer in digits' },
  json: { type: 'any JSON', unit: undefined },
}

/** What the members of an envelope hold. */
export const slotWords: { readonly [slot: string]: string } = {
  code: 'Which refusal it is. Branch on this.',
  message: 'A sentence for people and logs. It may change; do not parse it.',
  details: 'The facts of this refusal, under names that stay.',
  requestId: 'The id of this request, for support. The same stands in a header.',
  timestamp: 'When the answer was written: RFC 3339, in UTC.',
  status: 'The HTTP status, once more.',
  fields: 'All fields at fault, each with what is wrong with it.',
  errors: 'All faults, one by one.',
  data: 'Where a success has its data.',
  docsUrl: 'The page of this refusal.',
  field: 'The field at fault, as a dotted path.',
  property: 'The field at fault, as programs write it: items[0].name.',
  path: 'The field at fault, segment by segment.',
  pointer: 'The field at fault, as a JSON Pointer.',
  parameter: 'The parameter at fault.',
  in: 'Where the field stands: body, query, path, header or cookie.',
  issue: 'What is wrong with it, in words.',
  rule: 'The rule that it breaks.',
}

const headerMeanings: { readonly [name: string]: string } = {
  allow: 'The methods that the path takes.',
  'cache-control': 'No cache may keep a refusal.',
  'content-language': 'The language of the message.',
  'content-type': 'The form of the body.',
  'proxy-authenticate': 'How to authenticate.',
  'rate-limit': 'What is left of the limits.',
  ratelimit: 'What is left of the limits, and when they begin anew.',
  'ratelimit-policy': 'The limits, and their windows.',
  'retry-after': 'Whole seconds to wait, counted from when the answer came, rounded up.',
  upgrade: 'The protocol that is wanted in place of this one.',
  vary: 'What of the request decides what the answer says.',
  'www-authenticate': 'How to authenticate.',
}

/** Undefined: the contract itself must say what it means. */
export function headerWords(name: string): string | undefined {
  const lower = name.toLowerCase()
  return Object.hasOwn(headerMeanings, lower) ? headerMeanings[lower] : undefined
}
