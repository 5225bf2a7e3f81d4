import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert, constantFrom, oneof, property, string } from 'fast-check'
import { catalog } from 'tollgate/catalog'
import { parseContract, sentencesIn, type EntryDeclaration } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isProving } from '../../../../test/runs.ts'
import type { DraftedContract } from './draft-imported.ts'
import { importSource, sourceKindOf } from './import-source.ts'
import { importedYaml } from './imported-yaml.ts'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

function draftOf(text: string, name = 'drafted'): DraftedContract {
  const imported = importSource(text, { name })
  if (!imported.ok) throw new Error(imported.fault)
  return imported.draft
}

/** `CODE status reason "sentence"` of each entry. */
function summaryOf({ declaration }: DraftedContract): readonly string[] {
  return Object.values(declaration.entries).map(({ code, status, reason, message }: EntryDeclaration) => `${code ?? '-'} ${status} ${reason} ${JSON.stringify(sentencesIn(message)[0])}`)
}

function expectWhole({ declaration }: DraftedContract): void {
  const parsed = parseContract(declaration)
  expect(parsed.ok ? [] : parsed.problems).toEqual([])
}

describe('the five pages of the reference', () => {
  /** Of the finished contracts that which their pages say: their other entries are the contract's own. */
  const notOnThePage: { readonly [api: string]: readonly string[] } = {
    chatads: ['notFound', 'methodNotAllowed', 'disabledKey', 'disabledAccount', 'notInPlan'],
    jogg: ['methodNotAllowed', 'missingKey'],
    nexalayer: ['notFound', 'methodNotAllowed', 'idempotencyInProgress'],
    'ai-api': ['dailyLimitExceeded'],
    // It names statuses and one code.
    leaperone: ['missingField', 'modelNotFound', 'missingKey', 'notPermitted'],
  }
  const sentence = (text: string): string => text.replaceAll(/\{[^}]*\}/g, '#').replace(/[.\s]+$/, '').toLowerCase()

  it.each(Object.keys(notOnThePage))('%s: codes, statuses and messages, as its finished contract has them', (api) => {
    const page = readFileSync(join(import.meta.dirname, '../../../../test/reference-pages', `${api}.md`), 'utf8')
    const draft = draftOf(page, api)
    const entries = Object.values(draft.declaration.entries)
    const wanted = [...(catalog[api]?.entries.values() ?? [])].filter(({ id }) => notOnThePage[api]?.includes(id) !== true)
    const missing = wanted.flatMap(({ code, status, message }) => {
      const same = entries.filter((entry) => String(entry.code) === String(code))
      return [
        ...(same.length > 0 ? [] : [`code ${code}`]),
        ...(same.some((entry) => entry.status === status) ? [] : [`status ${status} of ${code}`]),
        ...(same.some((entry) => sentencesIn(entry.message).some((said) => sentencesIn(message).map(sentence).includes(sentence(said)))) ? [] : [`message of ${code}`]),
      ]
    })
    // What the finished contract says otherwise than its page, which has no such words.
    const notSaid = { chatads: ['message of MONTHLY_QUOTA_EXCEEDED'], leaperone: ['message of invalid_request', 'message of invalid_api_key', 'code resource_expired', 'status 410 of resource_expired', 'message of resource_expired', 'message of internal_error'] }[api] ?? []
    expect(missing).toEqual(notSaid)
    expectWhole(draft)
  })

  it('figures of a sample become details, and slots of its sentence', () => {
    const { declaration } = draftOf(readFileSync(join(import.meta.dirname, '../../../../test/reference-pages/nexalayer.md'), 'utf8'))
    expect(declaration.entries['insufficientBalance']).toMatchObject({ message: ['Insufficient balance. Current balance: {current_balance:money}; required: {required_amount:money}', 'Insufficient balance.'], details: { current_balance: 'money? from balance', required_amount: 'money? from required' } })
    expect(declaration).toMatchObject({ requestId: { format: 'hex', prefix: 'req_' }, rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset' }, envelope: { error: { success: false, data: null, error: { code: '$code', message: '$message', details: '$details?' }, meta: { request_id: '$requestId' } } } })
    expect(declaration.entries['authExpiredToken']?.retry).toBeUndefined()
    expect(declaration.entries['productOutOfStock']?.retry).toBe('backoff')
  })
})

describe('pages of strangers', () => {
  it('a list: status, code, sentence', () => {
    const draft = draftOf(fixture('list.md'))
    expectWhole(draft)
    expect(summaryOf(draft)).toEqual([
      'invalid_request_error 400 request.invalid "There was an issue with the format or content of your request."',
      'authentication_error 401 credential.invalid "There\'s an issue with your API key."',
      'permission_error 403 permission.denied "Your API key does not have permission to use the specified resource."',
      'not_found_error 404 resource.not_found "The requested resource could not be found."',
      'request_too_large 413 request.too_large "Request exceeds the maximum allowed number of bytes."',
      'rate_limit_error 429 rate.limited "Your account has hit a rate limit."',
      'api_error 500 internal "An unexpected error has occurred internal to our systems."',
      'overloaded_error 529 capacity.overloaded "The API is temporarily overloaded."',
    ])
    expect(draft.declaration.envelope.error).toEqual({ type: 'error', error: { type: '$code', message: '$message' }, request_id: '$requestId' })
  })

  it('headings that are codes, and the status below them', () => {
    const draft = draftOf(fixture('headings.md'))
    expectWhole(draft)
    expect(Object.values(draft.declaration.entries).map(({ code, status }) => `${code} ${status}`)).toEqual(['authentication_required 401', 'insufficient_permissions 403', 'invalid_parameter 400', 'not_found 404', 'rate_limit_exceeded 429', 'service_unavailable 503', 'internal_error 500'])
    expect(draft.declaration.envelope.error).toEqual({ ok: false, error: { code: '$code', message: '$message', param: '$details.param?' }, meta: { request_id: '$requestId' } })
  })

  it('components of a documentation site, and an envelope without codes', () => {
    const draft = draftOf(fixture('components.mdx'))
    expectWhole(draft)
    expect(summaryOf(draft).slice(0, 5)).toEqual(['- 400 request.invalid "Invalid URL format"', '- 401 credential.invalid "Invalid API key"', '- 401 credential.expired "The API key has expired"', '- 429 rate.limited "Too many requests"', '- 500 internal "An error occurred while processing your request"'])
    expect(draft.declaration.envelope.error).toEqual({ error: '$message' })
  })

  it('status and name in one cell, cause and solution in another', () => {
    const draft = draftOf(fixture('cause-and-solution.md'))
    expectWhole(draft)
    expect(draft.declaration.entries['youExceededYourCurrentQuota']).toMatchObject({ status: 429, reason: 'credit.insufficient', description: 'You have run out of credits.', remedy: 'Buy more credits.' })
    expect(draft.questions.filter(({ entry }) => entry === 'youExceededYourCurrentQuota').map(({ question }) => question)).toContain('With which code? The source has none.')
  })

  it('labels below headings, codes that a section lists, components with names, codes in a sentence', () => {
    const draft = draftOf(fixture('labels.mdx'))
    expectWhole(draft)
    expect(summaryOf(draft)).toEqual([
      'stamp_missing 401 credential.invalid "There is no stamp on your letter."',
      'purse_empty 402 credit.insufficient "Your purse is empty."',
      'owl_resting 503 service.maintenance "The owls sleep by day."',
      'letter_too_heavy 413 request.too_large "The letter is too much for an owl."',
      'ink_unreadable 400 request.invalid "Nobody can read this letter."',
      'roost_unknown 400 request.invalid "Nobody can read this letter."',
      'DELIVERY_NOT_FOUND 404 resource.not_found "The resource does not exist, or is not yours."',
      'DELIVERY_OVER 409 resource.conflict "The state of the resource does not allow this."',
      'DELIVERY_LOST 409 resource.conflict "The state of the resource does not allow this."',
      'rate_limit_exceeded 429 rate.limited "You sent too many letters."',
      'internal 500 internal "Something failed that should not have."',
    ])
    expect(draft.declaration.entries).toMatchObject({ stampMissing: { remedy: 'Put a stamp on it.' }, owlResting: { remedy: 'Retry with backoff at night.' }, inkUnreadable: { remedy: 'Write it again.' }, roostUnknown: { remedy: 'Write it again.' } })
  })

  it('what only some of the answers have is a figure of those, and no part of the envelope', () => {
    const answer = (code: string, more: object): string => `\`\`\`json\n${JSON.stringify({ error: code, message: `It is ${code}.`, ...more })}\n\`\`\`\n`
    const { declaration } = draftOf(`## 400\n${answer('TOO_MANY', { max: 50, asked: 73 })}\n## 409\n${answer('GONE_OFF', {})}`)
    expect(declaration.envelope.error).toEqual({ error: '$code', message: '$message', '...': '$details' })
    expect(declaration.entries['tooMany']?.details).toEqual({ max: 'integer? from limit', asked: 'integer?' })
  })

  it('a sentence alone is what is sent, where a table has neither codes nor statuses', () => {
    const draft = draftOf('| Error | Cause |\n|---|---|\n| `Invalid request body` | No letter. |\n| `Roost not found` | No owl there. |\n')
    expect(summaryOf(draft).slice(0, 2)).toEqual(['invalid_request 400 request.invalid "Invalid request body"', 'not_found 404 resource.not_found "Roost not found"'])
  })

  it('words that stand in many sentences say nothing of money, keys and rates', () => {
    const draft = draftOf('| Code | Status | Description |\n|---|---|---|\n| CARD_UNKNOWN | 400 | This card does not exist |\n| FORBIDDEN_ROOST | 403 | Your key does not have the required permissions |\n| ZONE_UNKNOWN | 400 | Unknown names: flood zone |\n')
    expect(summaryOf(draft).slice(0, 3).map((line) => line.split(' ')[2])).toEqual(['resource.not_found', 'permission.denied', 'request.invalid'])
  })

  it('a word in capitals that every page has is no code', () => {
    expect(summaryOf(draftOf('- NOTE: keep your key secret.\n- HTTP: only over TLS.\n- BANNED (403): you may not fly.\n')).filter((line) => /^(?:NOTE|HTTP|BANNED) /.test(line))).toEqual(['BANNED 403 account.suspended "you may not fly."'])
  })

  it('a code as `error`, beside a sentence', () => {
    const draft = draftOf(fixture('flat.md'))
    expectWhole(draft)
    expect(summaryOf(draft)).toContain('payment_required 402 credit.insufficient "The account has no remaining credits or entitlement."')
    expect(draft.questions.map(({ question }) => question)).toContain('url = "https://example.com/missing" stands in the answer that is shown: is it the same in every answer?')
  })
})

it('a page of HTML: what is shown, and not its scripts', () => {
  const draft = draftOf(fixture('saved.html'))
  expectWhole(draft)
  expect(summaryOf(draft).slice(0, 5)).toEqual(['KEY_UNKNOWN 401 credential.invalid "The key is unknown."', 'KEY_EXPIRED 401 credential.expired "The key has expired."', 'PURSE_EMPTY 402 credit.insufficient "Your balance is too low: 3 < 5."', 'SLOW_DOWN 429 rate.limited "Too many requests."', 'BROKEN 500 internal "Something went wrong."'])
  expect(draft.declaration).toMatchObject({ requestId: { format: 'uuid' }, envelope: { error: { error: { code: '$code', message: '$message', details: '$details?' }, trace_id: '$requestId' } } })
})

it('folds, lists of terms, cells over several rows and tables by role are read as a browser shows them', () => {
  const codes = (html: string): readonly string[] => summaryOf(draftOf(`<html><body>${html}</body></html>`)).map((line) => line.split(' ').slice(0, 2).join(' '))
  const sentences = (html: string): readonly string[] => summaryOf(draftOf(`<html><body>${html}</body></html>`)).map((line) => line.replace(/^\S+ \d+ \S+ /, ''))
  expect(sentences('<details><summary><div>401 Unauthorized</div></summary><div><p>No key.</p></div></details><details><summary>402 Pay</summary><div>No <b>coins</b>.</div></details>').slice(0, 2)).toEqual(['"No key."', '"No coins."'])
  expect(codes('<dl><dt><code>kite_torn</code> <small>(409)</small></dt><dd>It is torn.</dd><dt>too_windy (503)</dt><dd>Wait.</dd></dl>').slice(0, 2)).toEqual(['kite_torn 409', 'too_windy 503'])
  expect(codes('<table><tr><th>Status</th><th>Code</th></tr><tr><td rowspan="2">400 Bad Request</td><td>TOO_SHORT</td></tr><tr><td>TOO_LONG</td></tr><tr><td>404</td><td>NO_KITE</td></tr></table>').slice(0, 3)).toEqual(['TOO_SHORT 400', 'TOO_LONG 400', 'NO_KITE 404'])
  const cell = (text: string): string => `<div role="cell"><p>${text}</p></div>`
  expect(codes(`<div role="table"><div role="row"><span role="columnheader">Code</span><span role="columnheader">Status</span></div><div role="row">${cell('TORN')}${cell('409')}</div></div>`)[0]).toBe('TORN 409')
  expect(codes('<h3><a href="#x">\u200B</a><span>purse_empty</span></h3><ul><li><b>Status:</b> 402</li><li><b>Message:</b> No coins.</li></ul>')[0]).toBe('purse_empty 402')
})

it('an OpenAPI document: examples, codes of schemas, references', () => {
  const draft = draftOf(fixture('openapi.yaml'))
  expectWhole(draft)
  expect(summaryOf(draft)).toEqual(expect.arrayContaining(['TOO_HEAVY 400 field.invalid "Must be at most 120 grams."', 'FIELD_MISSING 400 field.missing "to is required"', 'PURSE_EMPTY 402 credit.insufficient "Your balance is too low."', 'SLOW_DOWN 429 rate.limited "Too many letters."']))
  expect(draft.declaration.title).toBe('Herald')
})

it('TypeScript: enums with their comments, tables, classes, unions', () => {
  const draft = draftOf(fixture('errors.ts.txt'))
  expectWhole(draft)
  expect(summaryOf(draft)).toEqual(
    expect.arrayContaining(['MISSING_KEY 401 credential.missing "The key is missing."', 'UNKNOWN_KEY 401 credential.invalid "The key is unknown."', 'OUT_OF_CREDIT 402 credit.insufficient "Your balance is too low."', 'FILE_TOO_LARGE 413 request.too_large "The file is too large."', 'NOT_FOUND 404 resource.not_found "There is nothing here."']),
  )
  expect(Object.values(draft.declaration.entries).map(({ code }) => code)).toContain('OLDER_CODE')
})

it('TypeScript: statuses above groups and in comments, what a class tells its parent, names that stand for codes', () => {
  const draft = draftOf(fixture('classes.ts.txt'))
  expectWhole(draft)
  expect(summaryOf(draft)).toEqual(
    expect.arrayContaining([
      'STAMP_INVALID 401 credential.invalid "The stamp is false."',
      'ROOST_NOT_FOUND 404 resource.not_found "Roost not found"',
      'OWLS_TIRED 429 rate.limited "Too many letters"',
      'PURSE_EMPTY 402 credit.insufficient "Payment failed"',
      'LETTER_SENT_TWICE 422 idempotency.mismatch "The same idempotency key came with another letter."',
      'OWL_007 423 resource.conflict "The owl is locked."',
      'NAME_TAKEN 409 resource.conflict "An owl of this name is there already."',
    ]),
  )
})

it('the kind of a source is known by its looks', () => {
  expect(['list.md', 'components.mdx', 'saved.html', 'openapi.yaml', 'errors.ts.txt'].map((name) => sourceKindOf(fixture(name)))).toEqual(['markdown', 'markdown', 'html', 'openapi', 'typescript'])
})

it('each question stands above what it is about, and the file is the contract', () => {
  const draft = draftOf(fixture('cause-and-solution.md'))
  const text = importedYaml(draft, 'page.md')
  expect(parse(text)).toEqual(draft.declaration)
  expect(text).toMatch(/^# A draft, made from page\.md\./)
  expect(text).toMatch(/\n {2}#\? With which code\? The source has none\.\n {2}invalidAuthentication:/)
})

it('what has no errors is refused, and says how it was read', () => {
  expect(importSource('# Hello\n\nNothing here.', { name: 'x' })).toEqual({ ok: false, fault: 'nothing in it looks like an error: no table, sample or list with codes or statuses (it was read as markdown; --from says otherwise)' })
  expect(importSource('export enum {', { name: 'x' }, 'typescript')).toMatchObject({ ok: false })
  expect(importSource('a: 1', { name: 'x' }, 'openapi')).toEqual({ ok: false, fault: 'it is no OpenAPI document: neither "openapi" nor "swagger" stands at its top' })
})

it('any text is read or refused, in whatever kind', () => {
  const pieces = oneof(string(), constantFrom('| Code | Status |\n|---|---|\n| A_B | 400 |\n', '```json\n{"error":{"code":"X_Y","message":"$a {b} *"}}\n```\n', '<table><tr><td>', 'CodeHTTPDescription\nA_B400Bad\n', 'enum A { B = "C_D" }\n', '{"openapi":"3.1.0"', '__proto__', '# 429\n', 'constructor: ', '$ref'))
  const any = property(pieces, pieces, pieces, constantFrom(undefined, 'markdown', 'html', 'openapi', 'typescript'), (one, two, three, kind) => {
    const imported = importSource(one + two + three, { name: 'x' }, kind)
    if (imported.ok) importedYaml(imported.draft, 'x')
  })
  expect(() => assert(any)).not.toThrow()
})

it('schemas that name themselves twice end', () => {
  const self = '{ $ref: "#/components/schemas/S" }'
  const text = `openapi: 3.1.0\ninfo: { title: t, version: "1" }\npaths: { /a: { get: { responses: { "400": { description: d, content: { application/json: { schema: ${self} } } } } } } }\ncomponents: { schemas: { S: { properties: { a: ${self}, b: ${self}, error: ${self}, message: { type: string } }, oneOf: [${self}, ${self}] } } }\n`
  expect(importSource(text, { name: 'x' })).toMatchObject({ ok: true, found: 1 })
})

it('a page of many codes and sentences ends', () => {
  const page = Array.from({ length: 1_500 }, (_, at) => `## CODE_${at}\n\nDo not retry it: CODE_${at + 1}.\n`).join('\n')
  expect(importSource(page, { name: 'x' })).toMatchObject({ ok: true, found: 1_500 })
})

it('large and deep sources end', () => {
  for (const piece of ['<div>', '| a ', '{"a":', '- ', '> ', '`', '[', '**', '<table>']) expect(importSource(piece.repeat((isProving ? 60_000 : 15_000) / piece.length), { name: 'x' }).ok).toBe(false)
})
