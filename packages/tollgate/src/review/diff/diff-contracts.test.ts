/** Each kind of change is found, with its class; and what an old client reads otherwise is never called safe. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../catalog/index.ts'
import type { ContractDeclaration, EntryDeclaration } from '../../contract/declare/declaration.ts'
import { parseContract } from '../../contract/declare/define-contract.ts'
import type { Contract } from '../../contract/declare/contract.ts'
import { refuse } from '../../contract/declare/refusal.ts'
import { serverReasons } from '../../contract/declare/reason.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { typicalFacts } from '../../testing/typical-facts.ts'
import type { Change, ChangeClass } from './change.ts'
import { propertyRuns } from '../../../../../test/runs.ts'
import { changeRules } from './change-rules.ts'
import { diffContracts } from './diff-contracts.ts'
import { nextVersion, suggestBump } from './version-bump.ts'

const base = {
  name: 'shop',
  title: 'Shop',
  docs: 'https://docs.shop.example',
  language: 'en',
  authenticate: 'Bearer realm="shop"',
  idempotencyKey: 'Idempotency-Key',
  waitInMessage: true,
  requestId: { format: 'hex', prefix: 'req_' },
  rateLimitHeaders: { limit: 'X-Limit', remaining: 'X-Left', reset: 'X-Reset', resetUnit: 'unix' },
  headers: { 'X-Code': '$code' },
  envelope: {
    error: { ok: false, error: { code: '$code', message: '$message', details: '$details', type: '$type' }, request_id: '$requestId' },
    success: { ok: true, data: '$data' },
    families: { old: { ok: false, errors: [{ code: '$code', text: '$message', type: '$type' }] } },
    stream: { event: 'error', end: { data: '[DONE]' }, afterError: '[DONE]' },
    webSocket: { close: { code: 4000, reason: '$code' } },
  },
  entries: {
    tooFast: {
      code: 'TOO_FAST', status: 429, reason: 'rate.limited', message: { en: 'Slow down.', de: 'Langsamer.' }, attributes: { type: 'limit' }, headers: { 'X-Hint': 'slow' }, retryAfterSeconds: 5,
      details: { limit: 'integer', left: 'integer? from remaining', note: 'string|null' }, description: 'Too many requests.', remedy: 'Wait.',
    },
    broke: { code: 'BROKE', status: 402, reason: 'credit.insufficient', message: 'Pay.', attributes: { type: 'money' }, details: { balance: 'money?' }, description: 'No money.' },
    expired: { code: 'EXPIRED', status: 401, reason: 'token.expired', message: 'Expired.', attributes: { type: 'key' }, description: 'The token is over.' },
    locked: { code: 'LOCKED', status: 409, reason: 'resource.conflict', retry: 'wait', retryAfterSeconds: 3, message: 'Locked.', attributes: { type: 'state' }, description: 'Somebody else has it.' },
    legacy: { code: '410', status: 410, reason: 'resource.gone', family: 'old', message: 'Gone.', attributes: { type: 'state' }, description: 'It is gone.' },
    failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => !['rate.limited', 'credit.insufficient', 'token.expired', 'resource.conflict', 'resource.gone', 'internal'].includes(reason)), message: 'Failed.', attributes: { type: 'server' }, description: 'It failed.' },
  },
} as const satisfies ContractDeclaration

/** Each compiles contracts. */
const numRuns = Math.ceil(propertyRuns / 8)

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] }
interface Draft extends Omit<Mutable<ContractDeclaration>, 'entries'> {
  entries: { [id: string]: Mutable<EntryDeclaration> }
}

function compiled(declaration: ContractDeclaration): Contract {
  const parsed = parseContract(declaration)
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, problem, mend }) => `${path} ${problem}; ${mend}`).join('\n'))
  return parsed.contract
}

const changedBefore = new Map<unknown, ContractDeclaration>()

/** Each is held against the check once. */
function changedBy(change: (draft: Draft) => void): ContractDeclaration {
  const known = changedBefore.get(change)
  if (known !== undefined) return known
  const draft = structuredClone(base) as unknown as Draft
  change(draft)
  compiled(draft)
  changedBefore.set(change, draft)
  return draft
}

const entry = (id: string, change: (draft: Draft['entries'][string]) => void) => (draft: Draft) => change(draft.entries[id] as Draft['entries'][string])
const envelope = (members: object) => (draft: Draft) => void (draft.envelope = { ...draft.envelope, ...members })
const error = (members: object, inner: object = {}) => envelope({ error: { ...base.envelope.error, error: { ...base.envelope.error.error, ...inner }, ...members } })
const without = <Value extends object>(value: Value, name: string): Value => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) as Value

/** What is changed, the rule that finds it, and where. */
const mutations: readonly (readonly [what: string, rule: string, path: string, change: (draft: Draft) => void])[] = [
  ['a code is renamed', 'code-changed', 'entries.broke.code', entry('broke', (own) => void (own.code = 'NO_MONEY'))],
  ['a code becomes a number', 'code-retyped', 'entries.legacy.code', entry('legacy', (own) => void (own.code = 410))],
  ['an entry is removed', 'code-removed', 'entries.locked', (draft) => { delete draft.entries['locked']; draft.entries['failed'] = { ...(draft.entries['failed'] as EntryDeclaration), alsoFor: [...((draft.entries['failed'] as EntryDeclaration).alsoFor ?? []), 'resource.conflict'] } }],
  ['its reason has another answer then', 'reason-answered-otherwise', 'entries.failed', (draft) => { delete draft.entries['locked']; draft.entries['failed'] = { ...(draft.entries['failed'] as EntryDeclaration), alsoFor: [...((draft.entries['failed'] as EntryDeclaration).alsoFor ?? []), 'resource.conflict'] } }],
  ['an entry is added', 'code-added', 'entries.busy', (draft) => void (draft.entries['busy'] = { ...base.entries.failed, alsoFor: [], code: 'BUSY', status: 503, reason: 'capacity.overloaded', retryAfterSeconds: 2 })],
  ['an entry gets a second form with its code', 'entry-added', 'entries.brokeKey', (draft) => void (draft.entries['brokeKey'] = { ...base.entries.broke, when: { subject: 'key' } })],
  ['an entry is renamed, its code is not', 'entry-renamed', 'entries.noMoney', (draft) => { draft.entries['noMoney'] = (draft.entries['broke'] as EntryDeclaration); delete draft.entries['broke'] }],
  ['a status is changed', 'status-changed', 'entries.locked.status', entry('locked', (own) => void (own.status = 423))],
  ['it is sent with another status', 'status-on-wire-changed', 'entries.broke.sentAs', entry('broke', (own) => void (own.sentAs = 200))],
  ['all is sent with 200', 'status-on-wire-changed', 'alwaysStatus', (draft) => void (draft.alwaysStatus = 200)],
  ['its reason is changed', 'reason-changed', 'entries.locked.reason', (draft) => { draft.entries['locked'] = { ...(draft.entries['locked'] as EntryDeclaration), reason: 'session.limited', alsoFor: ['resource.conflict'] }; draft.entries['failed'] = { ...(draft.entries['failed'] as EntryDeclaration), alsoFor: ((draft.entries['failed'] as EntryDeclaration).alsoFor ?? []).filter((reason) => reason !== 'session.limited') } }],
  ['what was to be tried again must not be', 'retry-forbidden', 'entries.tooFast.retry', entry('tooFast', (own) => void (own.retry = 'never'))],
  ['what was final may be tried again', 'retry-allowed', 'entries.broke.retry', entry('broke', (own) => void (own.retry = 'backoff'))],
  ['a wait becomes a backoff', 'retry-other', 'entries.tooFast.retry', entry('tooFast', (own) => void (own.retry = 'backoff'))],
  ['an action is changed', 'action-changed', 'entries.broke.action', entry('broke', (own) => void (own.action = 'contact_support'))],
  ['no wait is told any more', 'wait-removed', 'entries.locked.retryAfterSeconds', entry('locked', (own) => { own.retry = 'never'; delete own.retryAfterSeconds })],
  ['another wait', 'wait-changed', 'entries.tooFast.retryAfterSeconds', entry('tooFast', (own) => void (own.retryAfterSeconds = 9))],
  ['a detail is removed', 'detail-removed', 'entries.tooFast.details.limit', entry('tooFast', (own) => void (own.details = without(own.details ?? {}, 'limit')))],
  ['a detail is retyped', 'detail-retyped', 'entries.tooFast.details.limit', entry('tooFast', (own) => void (own.details = { ...own.details, limit: 'digits' }))],
  ['a detail is narrowed', 'detail-type-narrowed', 'entries.broke.details.balance', entry('broke', (own) => void (own.details = { balance: 'integer?' }))],
  ['a detail may be missing', 'detail-made-optional', 'entries.tooFast.details.limit', entry('tooFast', (own) => void (own.details = { ...own.details, limit: 'integer?' }))],
  ['a detail always comes', 'detail-steadied', 'entries.tooFast.details.left', entry('tooFast', (own) => void (own.details = { ...own.details, left: 'integer from remaining' }))],
  ['a detail is missing where it was null', 'detail-null-now', 'entries.tooFast.details.note', entry('tooFast', (own) => void (own.details = { ...own.details, note: 'string?' }))],
  ['a detail has another meaning', 'detail-taken-elsewhere', 'entries.tooFast.details.left', entry('tooFast', (own) => void (own.details = { ...own.details, left: 'integer? from used' }))],
  ['a detail is added', 'detail-added', 'entries.broke.details.price', entry('broke', (own) => void (own.details = { ...own.details, price: 'money? from required' }))],
  ['a sentence is changed', 'message-changed', 'entries.broke.message', entry('broke', (own) => void (own.message = 'Pay first.'))],
  ['a sentence of one language is changed', 'message-changed', 'entries.tooFast.message.de', entry('tooFast', (own) => void (own.message = { en: 'Slow down.', de: 'Bitte langsamer.' }))],
  ['a language is gone', 'language-removed', 'entries.tooFast.message.de', entry('tooFast', (own) => void (own.message = { en: 'Slow down.' }))],
  ['a language is added', 'language-added', 'entries.tooFast.message.fr', entry('tooFast', (own) => void (own.message = { en: 'Slow down.', de: 'Langsamer.', fr: 'Plus lentement.' }))],
  ['another language is the first', 'language-changed', 'language', (draft) => void (draft.language = 'de')],
  ['a constant beside the code is changed', 'attribute-changed', 'entries.broke.attributes.type', entry('broke', (own) => void (own.attributes = { type: 'billing' }))],
  ['a header of an entry is gone', 'header-removed', 'entries.tooFast.headers.X-Hint', entry('tooFast', (own) => void (own.headers = {}))],
  ['a header of an entry is changed', 'header-changed', 'entries.tooFast.headers.X-Hint', entry('tooFast', (own) => void (own.headers = { 'X-Hint': 'wait' }))],
  ['a header of an entry is added', 'header-added', 'entries.broke.headers.X-Hint', entry('broke', (own) => void (own.headers = { 'X-Hint': 'pay' }))],
  ['an entry moves into another form', 'family-changed', 'entries.broke.family', entry('broke', (own) => void (own.family = 'old'))],
  ['a WebSocket is closed with another code', 'socket-close-changed', 'entries.broke.closeCode', entry('broke', (own) => void (own.closeCode = 4402))],
  ['a description is changed', 'words-changed', 'entries.broke.description', entry('broke', (own) => void (own.description = 'Not enough money.'))],
  ['the conditions of an entry are changed', 'choice-changed', 'entries.legacy.alsoFor', (draft) => { draft.entries['legacy'] = { ...(draft.entries['legacy'] as EntryDeclaration), alsoFor: ['session.expired'] }; draft.entries['failed'] = { ...(draft.entries['failed'] as EntryDeclaration), alsoFor: ((draft.entries['failed'] as EntryDeclaration).alsoFor ?? []).filter((reason) => reason !== 'session.expired') } }],
  ['it is recognised by something else', 'read-changed', 'entries.broke.read', entry('broke', (own) => void (own.read = 'Pay*'))],
  ['another side has failed', 'source-changed', 'entries.broke.source', entry('broke', (own) => void (own.source = 'upstream'))],
  ['another one is the primary', 'primary-changed', 'entries.broke.primary', entry('broke', (own) => void (own.primary = true))],
  ['a member of the envelope is gone', 'member-removed', 'envelope.error.request_id', envelope({ error: without(base.envelope.error, 'request_id') })],
  ['a member of the envelope is renamed', 'member-renamed', 'envelope.error.requestId', envelope({ error: { ...without(base.envelope.error, 'request_id'), requestId: '$requestId' } })],
  ['a member of the envelope holds something else', 'member-retyped', 'envelope.error.request_id', error({ request_id: { id: '$requestId' } })],
  ['a member of the envelope may be missing', 'member-made-optional', 'envelope.error.error.details', error({}, { details: '$details?' })],
  ['a member is added to the envelope', 'member-added', 'envelope.error.at', error({ at: '$timestamp' })],
  ['a constant of the envelope is changed', 'constant-changed', 'envelope.error.ok', error({ ok: 0 })],
  ['the content type is changed', 'content-type-changed', 'envelope.contentType', envelope({ contentType: 'application/problem+json' })],
  ['the form of successes is gone', 'success-removed', 'envelope.success', (draft) => void (draft.envelope = without(draft.envelope, 'success'))],
  ['streams have no form', 'stream-removed', 'envelope.stream', (draft) => void (draft.envelope = without(draft.envelope, 'stream'))],
  ['another event in streams', 'stream-event-changed', 'envelope.stream.event', envelope({ stream: { ...base.envelope.stream, event: 'failure' } })],
  ['another end of streams', 'stream-end-changed', 'envelope.stream.end', envelope({ stream: { ...base.envelope.stream, end: { data: '[END]' } } })],
  ['another frame after an error', 'stream-after-changed', 'envelope.stream.afterError', envelope({ stream: without(base.envelope.stream, 'afterError') })],
  ['a frame has another form', 'member-removed', 'envelope.stream.data.request_id', envelope({ stream: { ...base.envelope.stream, data: without(base.envelope.error, 'request_id') } })],
  ['WebSockets have no form', 'socket-removed', 'envelope.webSocket', (draft) => void (draft.envelope = without(draft.envelope, 'webSocket'))],
  ['no message before the close', 'socket-frame-changed', 'envelope.webSocket.frame', envelope({ webSocket: { ...base.envelope.webSocket, frame: null } })],
  ['the close says something else', 'socket-close-words-changed', 'envelope.webSocket.close.reason', envelope({ webSocket: { close: { code: 4000, reason: '{code}: {message}' } } })],
  ['a header is gone', 'header-removed', 'headers.X-Code', (draft) => void (draft.headers = {})],
  ['a header is added', 'header-added', 'headers.X-Shop', (draft) => void (draft.headers = { ...draft.headers, 'X-Shop': 'yes' })],
  ['a rate header is renamed', 'rate-header-removed', 'rateLimitHeaders.remaining', (draft) => void (draft.rateLimitHeaders = { ...(draft.rateLimitHeaders as object), remaining: 'X-Remaining' })],
  ['the unit of the reset is changed', 'rate-header-unit-changed', 'rateLimitHeaders.resetUnit', (draft) => void (draft.rateLimitHeaders = { ...(draft.rateLimitHeaders as object), resetUnit: 'unix-ms' })],
  ['a rate header is added', 'rate-header-added', 'rateLimitHeaders.used', (draft) => void (draft.rateLimitHeaders = { ...(draft.rateLimitHeaders as object), used: 'X-Used' })],
  ['another scheme', 'challenge-changed', 'authenticate', (draft) => void (draft.authenticate = 'ApiKey realm="shop"')],
  ['another realm', 'challenge-words-changed', 'authenticate', (draft) => void (draft.authenticate = 'Bearer realm="store"')],
  ['the request id is in another header', 'request-id-header-changed', 'requestId.header', (draft) => void (draft.requestId = { format: 'hex', prefix: 'req_', header: 'X-Trace' })],
  ['request ids look different', 'request-id-form-changed', 'requestId', (draft) => void (draft.requestId = { format: 'uuid' })],
  ['no key is taken', 'idempotency-key-removed', 'idempotencyKey', (draft) => void delete (draft as Partial<Draft>).idempotencyKey],
  ['messages say no wait', 'wait-in-words-removed', 'waitInMessage', (draft) => void (draft.waitInMessage = false)],
  ['the title is changed', 'words-changed', 'title', (draft) => void (draft.title = 'The shop')],
  ['the docs are elsewhere', 'docs-moved', 'docs', (draft) => void (draft.docs = 'https://shop.example/docs')],
  ['the name is changed', 'name-changed', 'name', (draft) => void (draft.name = 'store')],
]

const shown = (changes: readonly Change[]): readonly string[] => changes.map(({ rule, path }) => `${rule} at ${path}`)
const worst = (changes: readonly Change[]): ChangeClass => (changes.some((change) => change.class === 'breaking') ? 'breaking' : changes.some((change) => change.class === 'risky') ? 'risky' : 'safe')

describe.each(mutations)('%s', (_, rule, path, change) => {
  it(`is found as ${rule}, at its place`, () => {
    const changes = diffContracts(base, changedBy(change))
    expect(shown(changes)).toContain(`${rule} at ${path}`)
    expect(changes.find((each) => each.rule === rule)?.class).toBe(changeRules[rule]?.class)
  })
})

it('the mutations reach nearly all rules', () => {
  const reached = new Set(mutations.map(([, rule]) => rule))
  expect(Object.keys(changeRules).filter((rule) => !reached.has(rule))).toEqual([
    'entry-removed', 'wait-in-words-added', 'hidden-detail-changed', 'message-changed-alone', 'attribute-removed', 'attribute-added', 'member-steadied', 'family-removed', 'family-added',
    'batch-changed', 'success-added', 'stream-added', 'socket-added', 'challenge-added', 'idempotency-key-added', 'read-only-now', 'read-differently', 'details-read-differently', 'other-change',
  ].toSorted((one, other) => Object.keys(changeRules).indexOf(one) - Object.keys(changeRules).indexOf(other)))
})

describe('a change of one place', () => {
  it('is told alone: safe changes are safe', () => {
    const safe = mutations.filter(([, rule]) => changeRules[rule]?.class === 'safe' && rule !== 'entry-added')
    expect(safe.length).toBeGreaterThan(10)
    expect(safe.flatMap(([what, , , change]) => (worst(diffContracts(base, changedBy(change))) === 'safe' ? [] : [what]))).toEqual([])
  })

  it('back again undoes what was added: what is new one way breaks the other', () => {
    const withHeader = changedBy((draft) => void (draft.headers = { ...draft.headers, 'X-Shop': 'yes' }))
    expect(diffContracts(withHeader, base).map(({ rule }) => rule)).toEqual(['header-removed'])
    const withDetail = changedBy(entry('broke', (own) => void (own.details = { ...own.details, price: 'money? from required' })))
    expect(shown(diffContracts(withDetail, base))).toContain('detail-removed at entries.broke.details.price')
  })

  it('a sentence alone is risky where nothing else tells what happened', () => {
    const codeless = (message: string): ContractDeclaration => ({ ...base, headers: {}, envelope: { error: { ok: false, code: '$code?', message: '$message' } }, entries: { ...Object.fromEntries(Object.entries(base.entries).map(([id, own]: [string, EntryDeclaration]) => [id, without(without(own, 'attributes'), 'family')])), odd: { status: 418, reason: 'resource.conflict', when: { resource: 'pot' }, message, read: 'Short*', description: 'x' } } })
    compiled(codeless('Short.'))
    expect(shown(diffContracts(codeless('Short.'), codeless('Short and stout.')))).toContain('message-changed-alone at entries.odd.message')
  })
})

describe.each(Object.entries(catalog))('%s', (_, { declaration, reader }) => {
  it('has not changed beside itself', () => {
    expect(diffContracts(declaration, structuredClone(declaration), { before: { reader }, after: { reader } })).toEqual([])
  })
})

it('no order of members is a change for callers', () => {
  const turned = { ...base, entries: Object.fromEntries(Object.entries(base.entries).toReversed()) } as ContractDeclaration
  expect(worst(diffContracts(base, turned))).toBe('safe')
})

it('where two entries fit the same refusal, their order is a change', () => {
  const ofKey = { ...base.entries.broke, when: { subject: 'key' } } as const
  const declared = (...ids: readonly string[]) => ({ ...base, entries: { ...base.entries, ...Object.fromEntries(ids.map((id) => [id, { ...ofKey, code: id.toUpperCase() }])) } }) as ContractDeclaration
  compiled(declared('one', 'two'))
  expect(shown(diffContracts(declared('one', 'two'), declared('two', 'one')))).toContain('read-differently at entries.one')
})

/** What an old client makes of the same refusal, answered by each contract. */
function readsAlike(before: Contract, after: Contract, differs: string[]): void {
  const read = (writer: Contract, refusal: ReturnType<typeof refuse>) => {
    const { status, headers, body } = writer.answer(refusal, { requestId: 'req_0', nowMs: 0 })
    return before.read({ status, headers: toReceivedHeaders(headers), body })
  }
  for (const old of before.entries.values()) {
    for (const facts of [{}, typicalFacts(old, 0)]) {
      const [was, is] = [read(before, refuse(old.reason, facts)), read(after, refuse(old.reason, facts))]
      const lost = Object.entries(was?.details ?? {}).filter(([name, value]) => JSON.stringify(is?.details[name]) !== JSON.stringify(value))
      if (was?.entry !== is?.entry || String(was?.code) !== String(is?.code) || was?.retry !== is?.retry || lost.length > 0) differs.push(old.id)
    }
  }
}

/** A contract to which all of that has happened; undefined where one has taken away what another wants to change, or where it is no contract any more. */
function draftOf(changes: readonly ((draft: Draft) => void)[]): Draft | undefined {
  const draft = structuredClone(base) as unknown as Draft
  try {
    for (const change of changes) change(draft)
  } catch {
    return undefined
  }
  return parseContract(draft).ok ? draft : undefined
}

function expectHolds<Of>(arbitrary: fc.Arbitrary<Of>, faultsOf: (value: Of) => readonly string[]): void {
  fc.assert(fc.property(arbitrary, (value) => void expect(faultsOf(value)).toEqual([])), { numRuns })
}

describe('the truth behind it', () => {
  const some = fc.uniqueArray(fc.constantFrom(...mutations), { minLength: 1, maxLength: 3, selector: ([what]) => what })

  it('what an old client reads otherwise is never called safe', () => {
    expectHolds(some, (chosen) => {
      const draft = draftOf(chosen.map(([, , , change]) => change))
      if (draft === undefined) return []
      const differs: string[] = []
      readsAlike(compiled(base), compiled(draft), differs)
      const changes = diffContracts(base, draft)
      if (changes.length === 0) return [`nothing is told of ${chosen.map(([what]) => what).join(', ')}`]
      return differs.length > 0 && worst(changes) === 'safe' ? [`${differs.join()} read otherwise, and called safe`] : []
    })
  })

  it('a diff with itself is empty, whatever was changed', () => {
    expectHolds(some, (chosen) => {
      const draft = draftOf(chosen.map(([, , , change]) => change))
      return draft === undefined ? [] : shown(diffContracts(draft, structuredClone(draft)))
    })
  })

  // A name that is gone takes what was said of it along.
  const takesAlong = new Set(['entry-renamed', 'code-removed', 'reason-answered-otherwise', 'family-changed'])
  const apart = fc.tuple(fc.constantFrom(...mutations), fc.constantFrom(...mutations)).filter((both) => placeOf(both[0]) !== placeOf(both[1]) && !both.some(([, rule]) => takesAlong.has(rule)))

  it('of several changes each is found', () => {
    expectHolds(apart, (both) => {
      const draft = draftOf(both.map(([, , , change]) => change))
      if (draft === undefined) return []
      const found = shown(diffContracts(base, draft))
      return both.flatMap(([, rule, path]) => (found.includes(`${rule} at ${path}`) ? [] : [`${rule} at ${path}`]))
    })
  })
})

function placeOf([, , path]: (typeof mutations)[number]): string {
  return path.split('.').slice(0, 2).join('.')
}

describe('the next version', () => {
  const bumpOf = (rule: string): string => suggestBump(diffContracts(base, changedBy(mutations.find(([, each]) => each === rule)?.[3] ?? (() => undefined))))

  it.each([['code-changed', 'major'], ['retry-other', 'minor'], ['detail-added', 'minor'], ['words-changed', 'patch']] as const)('%s asks for a %s one', (rule, bump) => expect(bumpOf(rule)).toBe(bump))

  it.each([
    ['1.4.2', 'major', '2.0.0'], ['1.4.2', 'minor', '1.5.0'], ['1.4.2', 'patch', '1.4.3'], ['1.4.2', 'none', '1.4.2'], ['v2.0.0-rc.1', 'patch', 'v2.0.1'],
    ['0.4.2', 'major', '0.5.0'], ['0.4.2', 'minor', '0.4.3'], ['1.4', 'major', undefined], ['next', 'minor', undefined],
  ] as const)('after %s, with a %s change, it is %s', (current, bump, next) => expect(nextVersion(current, bump)).toBe(next))
})
