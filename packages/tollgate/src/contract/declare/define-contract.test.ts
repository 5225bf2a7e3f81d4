import { describe, expect, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import { ContractError, formatContractProblem } from '../check/contract-error.ts'
import type { ContractDeclaration } from './declaration.ts'
import { defineContract, parseContract } from './define-contract.ts'
import { serverReasons } from './reason.ts'

function problemsOf(value: unknown): readonly string[] {
  const parsed = parseContract(value)
  return parsed.ok ? [] : parsed.problems.map(formatContractProblem)
}

/** A declaration whose first entry is spoiled. */
function withEntry(spoiled: { readonly [member: string]: unknown }): unknown {
  const { entries, ...others } = sampleDeclaration()
  return { ...others, entries: { odd: { ...sampleEntry, reason: 'rate.limited', ...spoiled }, failed: { ...entries['failed'], alsoFor: serverReasons.filter((reason) => reason !== 'internal' && reason !== (spoiled['reason'] ?? 'rate.limited')) } } }
}

function warningsOf(value: unknown): readonly string[] {
  const parsed = parseContract(value)
  return parsed.ok ? parsed.contract.warnings.map(formatContractProblem) : ['it is no contract']
}

function withMember(members: Partial<ContractDeclaration> & { readonly [member: string]: unknown }): unknown {
  return { ...sampleDeclaration(), ...members }
}

it('all problems are told at once, each with path, value and mend', () => {
  const declaration = { ...sampleDeclaration(), nmae: 'x', entries: { odd: { ...sampleEntry, status: 42, details: { reset_at: 'timestmp? from resetAtMs' } } } } as unknown as ContractDeclaration
  expect(() => defineContract(declaration)).toThrow(ContractError)
  expect(problemsOf(declaration)).toEqual(
    expect.arrayContaining([
      'nmae: is not known here; did you mean "name"?',
      'entries.odd.status: 42 is out of range; use at least 200, at most 599',
      'entries.odd.details.reset_at: "timestmp? from resetAtMs" is not a detail type; did you mean "timestamp"?',
      expect.stringMatching(/^entries: nothing answers these reasons; share them out .* alsoFor: \["credential\.\*", .*\]$/),
    ]),
  )
})

it('what is not an object at all is told so', () => {
  expect(problemsOf(null)).toEqual(['contract: null is not an object; expected: How one API answers when it refuses or fails.'])
  expect(problemsOf([])).toHaveLength(1)
})

describe('a mistake in an entry is found', () => {
  const mistakes: readonly (readonly [string, { readonly [member: string]: unknown }, string])[] = [
    ['an unknown member', { mesage: 'x' }, 'entries.odd.mesage: is not known here; did you mean "message"?'],
    ['a missing member', { description: undefined }, 'entries.odd.description: is missing; expected: The real condition behind it, for the docs page.'],
    ['an example of what it is never told', { details: { used: 'integer?' }, example: { usde: 3 } }, 'entries.odd.example: "usde" is no fact of it; did you mean "used"?'],
    ['an example without what it promises', { details: { used: 'integer' }, example: { field: 'a' } }, 'entries.odd.example: "used" is missing; give an integer'],
    ['an unknown reason', { reason: 'rate.limitd' }, 'entries.odd.reason: "rate.limitd" is not one of the known values; did you mean "rate.limited"?'],
    ['a code of the wrong type', { code: true }, "entries.odd.code: true is not a string or a number; expected: The API's own name on the wire. Default: it is sent without a code, which its envelope must allow."],
    ['an unknown figure', { message: '{limt}' }, 'entries.odd.message: "{limt}" is neither a detail nor a fact; did you mean "limit"?'],
    ['a figure that may be unknown', { message: ['{limit} {used}', '{limit}'] }, 'entries.odd.message[1]: "{limit}" may be unknown; give a list of messages whose last one does without it'],
    ['two of them', { message: '{field} {issue}, {field}' }, 'entries.odd.message: "{field}, {issue}" may be unknown; give a list of messages whose last one does without them'],
    ['an amount that is none', { message: '{plan:money}', details: { plan: 'string' } }, 'entries.odd.message: "{plan:money}" is no amount but string; write {plan}'],
    ['an empty list of messages', { message: [] }, 'entries.odd.message: [] is empty; expected: The sentence, with {name} for details and facts. Of several, the first whose figures are all known is sent. By language where there are several: { en: …, de: … }.'],
    ['a slot hidden by an attribute', { attributes: { status: 'x' } }, 'entries.odd.attributes.status: "x" would hide the slot "$status"; choose another name'],
    ['a constant of another type than its detail', { attributes: { n: 'x' }, details: { n: 'integer' } }, 'entries.odd.attributes.n: "x" is no integer, as the detail of the same name is; make the two agree'],
    ['a bad header name', { headers: { 'X Y': 'z' } }, 'entries.odd.headers.X Y: "X Y" is not a header name; use letters, digits and hyphens'],
    ['a bad header value', { headers: { X: 'a\r\nb' } }, 'entries.odd.headers.X: "a\\r\\nb" cannot stand in a header; use printable ASCII on one line'],
    ['a header that is ours', { headers: { 'Retry-After': '5' } }, 'entries.odd.headers.Retry-After: "Retry-After" is reserved: an answer needs it for itself; write retryAfterSeconds in the entry'],
    ['a header that frames an answer', { headers: { 'Content-Length': '5' } }, 'entries.odd.headers.Content-Length: "Content-Length" is reserved: an answer needs it for itself; leave it out, or choose another name'],
    ['methods of no 405', { headers: { Allow: 'GET' } }, 'entries.odd.headers.Allow: "Allow" is reserved: an answer needs it for itself; only an entry with status 405 may have it'],
    ['a protocol of no 426', { headers: { upgrade: 'h2c' } }, 'entries.odd.headers.upgrade: "upgrade" is reserved: an answer needs it for itself; only an entry with status 426 may have it'],
    ['a 426 without a protocol', { status: 426 }, 'entries.odd.headers.Upgrade: is missing, but a 426 says which protocol it wants (RFC 9110 section 15.5.22); name it: headers: { Upgrade: websocket }'],
    ['a 426 whose protocol may be unknown', { status: 426, details: { wants: 'string?' }, headers: { Upgrade: '{wants}' } }, 'entries.odd.headers.Upgrade: is missing, but a 426 says which protocol it wants (RFC 9110 section 15.5.22); name it: headers: { Upgrade: websocket }'],
    ['an unknown figure in a header', { headers: { X: '{limit}' } }, 'entries.odd.headers.X: "{limit}" is neither a detail nor an attribute of the entry; declare the detail "limit"'],
    ['a wait that nothing tells', { retry: 'wait', status: 409 }, 'entries.odd.retryAfterSeconds: is missing, but a client is to wait (retry: wait), and with status 409 nothing else says how long; give the seconds, or another `retry`'],
    ['a slip of a fact', { details: { a: 'integer? from limt' } }, 'entries.odd.details.a: "integer? from limt" takes "limt", which no gateway fills in; did you mean "limit"?'],
    ['a slip of a time', { details: { a: 'timestamp? from restAtMs' } }, 'entries.odd.details.a: "timestamp? from restAtMs" takes "restAtMs", which no gateway fills in; did you mean "resetAtMs"?'],
    ['a slip of a condition', { when: { perod: 'day' } }, 'entries.odd.when.perod: "perod" is no fact that a gateway fills in; did you mean "period"?'],
    ['a slip of a value', { when: { failure: 'garbge' } }, 'entries.odd.when.failure: "garbge" is not one of the known values; did you mean "garbage"?'],
    ['a type cut short', { details: { n: 'int' } }, 'entries.odd.details.n: "int" is not a detail type; did you mean "integer"?'],
    ['a header that is no text', { headers: { X: null } }, 'entries.odd.headers.X: null is not a string; write a string'],
    ['an attribute that nothing shows', { attributes: { tpye: 'x' } }, 'entries.odd.attributes.tpye: is shown by no template, message or header; give the envelope the slot "$tpye", or leave it out'],
    ['a status of no error', { status: 302 }, 'entries.odd.status: 302 is the status of no error; use 400 to 599, by what it means, and sentAs: 302 for what stands on the wire; where that holds for all, alwaysStatus: 302'],
    ['an unknown family', { family: 'v2' }, 'entries.odd.family: "v2" is not one of envelope.families; declare it there, or leave it out'],
    ['a missing code that always stands there', { code: undefined }, 'entries.odd.code: is missing, but "$code" of envelope.error.error.code always stands there; give it a code, or write "$code|null" or "$code?"'],
    ['an empty code that always stands there', { code: '' }, 'entries.odd.code: "" is empty, but "$code" of envelope.error.error.code always stands there; give it a code, or write "$code|null" or "$code?"'],
    ['a 407 without one', { status: 407 }, 'authenticate: is missing, but "odd" has status 407; name the challenge (RFC 9110 section 11.7.1): ApiKey realm="my-api"'],
    ['a 401 without a challenge', { status: 401 }, 'authenticate: is missing, but "odd" has status 401; name the challenge (RFC 9110 section 11.6.1): ApiKey realm="my-api"'],
  ]
  it.each(mistakes)('%s', (name, spoiled, problem) => {
    const declaration = withEntry(spoiled) as { authenticate?: string }
    if (name === 'a 401 without a challenge' || name === 'a 407 without one') delete declaration.authenticate
    expect(problemsOf(declaration)).toContain(problem)
  })

  it('and a slip in the name of a required member is not told as a missing one too', () => {
    expect(problemsOf(withEntry({ description: undefined, descripton: 'x' }))).toEqual(['entries.odd.descripton: is not known here; did you mean "description"?'])
    expect(problemsOf({ ...sampleDeclaration(), title: undefined, titel: 'x' })).toEqual(['titel: is not known here; did you mean "title"?'])
    expect(problemsOf(withEntry({ description: undefined, zzz: 'x' }))).toHaveLength(2)
    for (const name of ['code', 'status', 'reason', 'message', 'description'] as const) {
      const misspelt = `entries.failed.${name}x: is not known here; did you mean "${name}"?`
      const { [name]: value, ...failed } = { ...sampleDeclaration().entries['failed'], [`${name}x`]: 1 }
      expect(problemsOf({ ...sampleDeclaration(), entries: { failed } })).toEqual([misspelt])
      expect(value).toBeDefined()
    }
    expect(problemsOf({ ...sampleDeclaration(), requestId: { formt: 'uuid' }, rateLimitHeaders: { limit: 'a', remaining: 'b', resset: 'c', resetUnit: 'unix' } })).toHaveLength(2)
  })

  it('an id that is none', () => {
    const { entries, ...others } = sampleDeclaration()
    expect(problemsOf({ ...others, entries: { ...entries, '1 2': sampleEntry } })).toContain('entries.1 2: "1 2" is not an id; begin with a letter; use letters, digits, "_" and "-"')
  })
})

describe('a mistake in the envelope is found', () => {
  it('a slot that nothing fills', () => {
    expect(problemsOf(withMember({ envelope: { error: { code: '$cod', message: '$message' } } }))).toEqual(['envelope.error.code: "$cod" is filled by nothing; did you mean "$code"?'])
  })

  it('a detail that no entry has', () => {
    const declaration = sampleDeclaration({ slow: { ...sampleEntry, reason: 'rate.limited', details: { limit: 'integer?' } } })
    expect(problemsOf({ ...declaration, envelope: { error: [{ code: '$code', about: { limit: '$details.limt?' } }] } })).toEqual([
      'envelope.error[0].about.limit: "$details.limt?" is filled by nothing; did you mean "$details.limit"?',
    ])
  })

  it('an entry that does not fill a slot', () => {
    const declaration = sampleDeclaration({ slow: { ...sampleEntry, reason: 'rate.limited', attributes: { type: 'rate' }, details: { limit: 'integer?' } } })
    expect(problemsOf({ ...declaration, envelope: { error: { code: '$code', type: '$type', limit: '$details.limit' } } })).toEqual([
      'entries.failed.attributes: has no "type", which envelope.error.type always shows; add it, or write "$type?" or "$type|null" there',
      'entries.failed.details: has no "limit", which envelope.error.limit always shows; add it, or write "$details.limit?" or "$details.limit|null" there',
    ])
    expect(problemsOf({ ...declaration, envelope: { error: { code: '$code', type: '$type?', limit: '$details.limit|null' } } })).toEqual([])
  })

  it('a detail that stands beside a member of the same name', () => {
    const declaration = sampleDeclaration({ slow: { ...sampleEntry, reason: 'rate.limited', details: { status: 'string?' } } })
    expect(problemsOf({ ...declaration, envelope: { error: { status: '$status', code: '$code', '...': '$details' } } })).toEqual([
      'entries.slow.details.status: "status" stands already in envelope.error, where details are spread; choose another name',
    ])
  })

  it('data in an error, and an error in a success', () => {
    expect(problemsOf(withMember({ envelope: { error: { code: '$code', data: '$data' }, success: { code: '$code' } } }))).toHaveLength(2)
  })

  it('a line break in a stream', () => {
    expect(problemsOf(withMember({ envelope: { error: { code: '$code' }, stream: { event: 'a\nb', data: { code: '$code' } } } }))).toHaveLength(1)
  })

  it('a stream without a form of its own, where a text cannot stand in or an entry does not fit', () => {
    const stream = {}
    expect(problemsOf(withMember({ envelope: { error: { code: '$code' }, stream } }))).toEqual([])
    expect(problemsOf(withMember({ envelope: { error: '$code', contentType: 'text/plain', stream } }))).toEqual(['envelope.stream.data: is missing, and a text cannot stand in for it; write the JSON of a frame'])
    const declaration = sampleDeclaration({ odd: { ...sampleEntry, reason: 'field.invalid', family: 'fields' } })
    const envelope = { error: { type: '$type' }, families: { fields: { code: '$code' } }, stream }
    const failed = { ...declaration.entries['failed'], attributes: { type: 'x' } }
    expect(problemsOf({ ...declaration, envelope, entries: { ...declaration.entries, failed } })).toEqual(['entries.odd.attributes: has no "type", which envelope.error.type always shows; add it, or write "$type?" or "$type|null" there'])
  })

  it('a type in whose format no value could be escaped', () => {
    const problemsWith = (contentType: string): readonly string[] => problemsOf(withMember({ envelope: { error: { code: '$code' }, contentType } }))
    const mend = 'write application/json, application/problem+json, application/xml, application/x-www-form-urlencoded, or for text text/plain'
    const unescaped = 'is neither JSON, XML, a form nor plain text, so that no value in it could be escaped'
    expect(problemsWith('json')).toEqual([`envelope.contentType: "json" is not a media type; ${mend}`])
    for (const xml of ['application/xml', 'text/xml', 'application/problem+xml', 'text/XML; charset=utf-8']) expect(problemsWith(xml)).toEqual([])
    expect(problemsWith('text/html')).toEqual(['envelope.contentType: "text/html" is HTML, in which no contract can escape its values; write text/plain for the bare sentence, or application/json'])
    for (const other of ['text/csv', 'text/markdown', 'text/event-stream', 'application/x-ndjson', 'application/jsonp', 'image/png']) expect(problemsWith(other)).toEqual([`envelope.contentType: "${other}" ${unescaped}; ${mend}`])
    const latin = 'names another charset than bodies have; leave the charset out: bodies are UTF-8'
    expect(problemsWith('application/json; charset=iso-8859-1')).toEqual([`envelope.contentType: "application/json; charset=iso-8859-1" ${latin}`])
    expect(problemsOf(withMember({ envelope: { error: '$code', contentType: 'text/plain;CHARSET="latin1"' } }))).toEqual([expect.stringContaining(latin)])
    for (const good of ['application/json', 'application/problem+json; charset=utf-8', 'application/vnd.api+json', 'text/json', 'application/x-json']) expect(problemsWith(good)).toEqual([])
    expect(problemsOf(withMember({ envelope: { error: '$code: $message', contentType: 'Text/Plain; charset="UTF-8"' } }))).toEqual([])
  })

  it('a family that no entry is written in', () => {
    const families = { fields: { errors: '$message', code: '$code' } }
    const declaration = sampleDeclaration({ odd: { ...sampleEntry, reason: 'field.invalid' } })
    const envelope = { error: { code: '$code' }, families }
    expect(problemsOf({ ...declaration, envelope })).toEqual(['envelope.families.fields: is the shape of no entry; name it in an entry (family: fields), or leave it out'])
    expect(problemsOf({ ...sampleDeclaration({ odd: { ...sampleEntry, reason: 'field.invalid', family: 'fields' } }), envelope })).toEqual([])
  })

  it('headers that are none', () => {
    expect(problemsOf(withMember({ headers: { 'X-Code': '$cod', 'X Y': 'v', Date: 'x' } }))).toHaveLength(3)
    expect(problemsOf(withMember({ requestId: { format: 'uuid', header: 'X Id', prefix: 'é' }, authenticate: 'a\nb' }))).toHaveLength(3)
    expect(problemsOf(withMember({ rateLimitHeaders: { limit: 'X L', remaining: 'R', reset: 'S', resetUnit: 'unix' } }))).toHaveLength(1)
  })

  it('rate headers that cannot be written', () => {
    expect(problemsOf(withMember({ rateLimitHeaders: { of: 'tokens' } }))).toEqual(['rateLimitHeaders: names no header; write remaining: X-RateLimit-Remaining'])
    expect(problemsOf(withMember({ rateLimitHeaders: { reset: 'X-Reset' } }))).toEqual(['rateLimitHeaders.resetUnit: is missing; say how X-Reset is written: one of unix, unix-ms, seconds, ms, duration, date, timestamp'])
    expect(problemsOf(withMember({ rateLimitHeaders: { remaining: 'X-Left', resetUnit: 'ms' } }))).toEqual(['rateLimitHeaders.resetUnit: "ms" has no reset whose unit it could be; name that header: reset: X-RateLimit-Reset'])
    expect(problemsOf(withMember({ rateLimitHeaders: [{ remaining: 'X-A' }, { remaining: 'X-B' }, { of: 'tokens', remaining: 'X-C' }, { of: 'tokens', remaining: 'x-a' }] }))).toEqual([
      'rateLimitHeaders[1].of: is missing, as it is in rateLimitHeaders[0]; say what it limits, such as of: tokens',
      'rateLimitHeaders[3].remaining: "x-a" is written by rateLimitHeaders[0].remaining already; leave one out, or choose another name',
      'rateLimitHeaders[3].of: "tokens" stands already in rateLimitHeaders[2]; say what it limits, such as of: tokens',
    ])
    expect(problemsOf(withMember({ rateLimitHeaders: 'draft-10' as never }))).toHaveLength(1)
    expect(problemsOf(withMember({ rateLimitHeaders: 'draft-11', headers: { RateLimit: 'x' } }))).toHaveLength(1)
    expect(problemsOf(withMember({ rateLimitHeaders: [] }))).toHaveLength(1)
  })
})

it('a status without a body carries no error, not even one that is always sent or only read', () => {
  for (const status of [204, 205, 304]) {
    expect(problemsOf(withMember({ alwaysStatus: status }))).toEqual([`alwaysStatus: ${status} cannot carry a body; use another status`])
    const read = { ...sampleDeclaration({}), decodeOnly: true, entries: { x: { ...sampleEntry, status } } }
    expect(problemsOf(read)).toEqual([`entries.x.status: ${status} cannot carry a body; use another status`])
  }
  expect(problemsOf(withMember({ alwaysStatus: 100 }))).toHaveLength(1)
  expect(problemsOf(withMember({ alwaysStatus: 200 }))).toEqual([])
})

it('a challenge whose figures may be unknown does not serve as the only one of a 401', () => {
  const { authenticate: _, ...others } = sampleDeclaration({ key: { ...sampleEntry, status: 401, reason: 'credential.missing', details: { scope: 'string?' }, headers: { 'WWW-Authenticate': 'Bearer scope="{scope}"' } } })
  expect(problemsOf(others)).toEqual(['authenticate: is missing, but "key" has status 401; name the challenge (RFC 9110 section 11.6.1): ApiKey realm="my-api"'])
})

describe('a header name that would break the answer is found', () => {
  const rates = { limit: 'X-L', remaining: 'X-R', reset: 'X-S', resetUnit: 'unix' } as const
  it.each(['Content-Length', 'transfer-encoding', 'Retry-After', 'SET-COOKIE', 'Content-Encoding', 'Content-Type'])('%s, wherever it stands', (name) => {
    const problem = expect.stringContaining(`"${name}" is reserved`)
    expect(problemsOf(withMember({ requestId: { format: 'uuid', header: name } }))).toEqual([problem])
    expect(problemsOf(withMember({ rateLimitHeaders: { ...rates, reset: name } }))).toEqual([problem])
    expect(problemsOf(withMember({ headers: { [name]: 'x' } }))).toEqual([problem])
    expect(problemsOf(withEntry({ headers: { [name]: 'x' } }))).toEqual([problem])
  })

  it('and one that is written twice', () => {
    expect(problemsOf(withMember({ headers: { 'x-a': '1', 'X-A': '2' } }))).toEqual(['headers.X-A: "X-A" is written by headers.x-a already; leave one out, or choose another name'])
    expect(problemsOf(withMember({ headers: { 'X-Request-Id': '1' } }))).toEqual(['headers.X-Request-Id: "X-Request-Id" is written by requestId.header already; leave one out, or choose another name'])
    expect(problemsOf(withMember({ headers: { 'WWW-Authenticate': 'Basic' } }))).toEqual(['headers.WWW-Authenticate: "WWW-Authenticate" is written by authenticate already; leave one out, or choose another name'])
    expect(problemsOf(withMember({ rateLimitHeaders: { ...rates, remaining: 'x-l' } }))).toHaveLength(1)
    expect(problemsOf(withEntry({ headers: { 'X-Request-Id': '1' } }))).toHaveLength(1)
    expect(problemsOf({ ...(withEntry({ headers: { 'X-A': '1' } }) as object), headers: { 'x-a': '2' } })).toEqual([])
  })
})

describe('an envelope without bounds is told so, not followed', () => {
  it.each([1, 2])('a list that holds itself, %i times', (times) => {
    const cycle: unknown[] = []
    for (let time = 0; time < times; time++) cycle.push(cycle)
    const problems = problemsOf(withMember({ envelope: { error: { code: '$code', more: cycle as never } } }))
    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThan(2_100)
  })

  it('a list of a hundred thousand levels', () => {
    let deep: unknown = 0
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(problemsOf(withMember({ envelope: { error: { code: '$code', more: deep as never } } }))).toHaveLength(1)
  })
})

it('entries that the wire cannot tell apart agree in whether a client repeats, or the one that is read forbids it', () => {
  const slow = { ...sampleEntry, code: 'LIMIT', status: 429, retryAfterSeconds: 5 } as const
  const both = (wait: object, never: object) => sampleDeclaration({ wait: { ...slow, reason: 'rate.limited', retry: 'wait', ...wait }, never: { ...slow, reason: 'quota.exhausted', retry: 'never', ...never } })
  expect(problemsOf(both({}, {}))).toEqual(['entries.never.retry: "never" is read as "wait", for the wire cannot tell it from "wait"; let the two agree, or make one with "never" the primary'])
  expect(problemsOf(both({}, { primary: true }))).toEqual([])
  expect(problemsOf(both({}, { status: 403 }))).toEqual([])
  expect(problemsOf({ ...both({}, { status: 403 }), alwaysStatus: 200 })).toHaveLength(1)
})

describe('every reason is answered', () => {
  it('a reason that no entry has is named', () => {
    const { entries, ...others } = sampleDeclaration()
    const failed = { ...entries['failed'], alsoFor: entries['failed']?.alsoFor?.filter((reason) => !reason.startsWith('session.')) }
    expect(problemsOf({ ...others, entries: { failed } })).toEqual([
      'entries: nothing answers these reasons; share them out to the entries that come nearest, or give one all: alsoFor: ["session.*"]',
    ])
  })

  it('entries with a condition are not enough', () => {
    const declaration = sampleDeclaration({ daily: { ...sampleEntry, reason: 'quota.exhausted', when: { period: 'day' } } })
    expect(problemsOf(declaration)).toEqual([])
    const { entries, ...others } = declaration
    const failed = { ...sampleEntry, alsoFor: serverReasons.filter((reason) => reason !== 'internal' && reason !== 'quota.exhausted') }
    expect(problemsOf({ ...others, entries: { daily: entries['daily'], failed } })).toEqual([
      'entries: only entries with a `when` answer these reasons; share them out to the entries that come nearest, or give one all: alsoFor: ["quota.exhausted"]',
    ])
  })

  it('two entries cannot claim one reason, and none can claim what another owns', () => {
    const { entries, ...others } = sampleDeclaration({ slow: { ...sampleEntry, reason: 'rate.limited', alsoFor: ['internal', 'session.*', 'session.*'] }, session: { ...sampleEntry, reason: 'session.expired', alsoFor: ['session.*'] } })
    const failed = { ...sampleEntry, alsoFor: entries['failed']?.alsoFor?.filter((reason) => !reason.startsWith('session.')) }
    expect(problemsOf({ ...others, entries: { ...entries, failed } })).toEqual([
      'entries.slow.alsoFor[2]: "session.*" stands here twice; leave one out',
      'entries.session.alsoFor[0]: "session.*" is claimed by "slow" too; let one of them have it',
    ])
  })

  it('a family that brings an entry nothing is found, one that brings it a single reason is not', () => {
    const broke = { ...sampleEntry, reason: 'credit.insufficient' } as const
    const slow = { ...sampleEntry, reason: 'rate.limited' } as const
    expect(warningsOf(sampleDeclaration({ broke, slow: { ...slow, alsoFor: ['internal'] } }))).toEqual(['entries.slow.alsoFor[0]: "internal" never comes to this entry: "failed" has it as its own reason; leave it out'])
    expect(warningsOf(sampleDeclaration({ broke, slow: { ...slow, alsoFor: ['credit.*', 'rate.*'] } }))).toEqual([
      'entries.slow.alsoFor[0]: "credit.*" never comes to this entry: others have all that it covers; leave it out',
      'entries.slow.alsoFor[1]: "rate.*" never comes to this entry: others have all that it covers; leave it out',
    ])
    expect(problemsOf(sampleDeclaration({ broke: { ...broke, when: { plan: 'free' } }, slow: { ...slow, alsoFor: ['credit.insufficient'] } }))).toHaveLength(1)
    const { entries, ...others } = sampleDeclaration({ broke: { ...broke, when: { plan: 'free' } }, slow: { ...slow, alsoFor: ['credit.*'] } })
    const failed = { ...sampleEntry, alsoFor: entries['failed']?.alsoFor?.filter((reason) => reason !== 'credit.insufficient') }
    expect(warningsOf({ ...others, entries: { ...entries, failed } })).toEqual([])
  })

  it('one primary for each look on the wire', () => {
    const twin = { ...sampleEntry, primary: true }
    const declaration = sampleDeclaration({ a: { ...twin, reason: 'rate.limited' }, b: { ...twin, reason: 'quota.exhausted' } })
    expect(problemsOf(declaration)).toEqual(['entries.b.primary: true is also said by "a", which looks the same on the wire; leave one out'])
  })

  it('a dialect that is only read need not answer', () => {
    expect(problemsOf({ name: 'read', title: 'Read', decodeOnly: true, envelope: { error: { code: '$code' } }, entries: { x: { ...sampleEntry, status: 401, retry: 'wait' } } })).toEqual([])
  })
})

it('a variant of a declaration is read by the reader of the first, where it is given along', () => {
  const contract = defineContract(sampleDeclaration(), { reader: (body) => (body === 'odd' ? { message: 'understood' } : undefined) })
  const variant = parseContract({ ...contract.declaration, alwaysStatus: 200 }, { reader: contract.reader })
  expect(variant.ok && variant.contract.read({ status: 500, headers: {}, body: 'odd' })).toMatchObject({ message: 'understood' })
})
