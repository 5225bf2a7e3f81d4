/** What has changed of a contract beside its entries. Each member is looked at by its own function; what none looks at is told all the same. */
import type { ContractDeclaration, EnvelopeDeclaration, RateLimitHeaderSet, RateLimitHeadersDeclaration, StreamDeclaration, WebSocketDeclaration } from '../../contract/declare/declaration.ts'
import type { JsonValue } from '../../contract/declare/facts.ts'
import { headerSets } from '../../contract/values/rate-limit-headers.ts'
import { REQUEST_ID_HEADER } from '../../contract/values/request-id-header.ts'
import type { FoundChange } from './change.ts'
import { changesOfHeaders } from './entry-changes.ts'
import { changesOfTemplate } from './template-changes.ts'

type Look = (before: ContractDeclaration, after: ContractDeclaration) => readonly FoundChange[]

export function changesOfContract(before: ContractDeclaration, after: ContractDeclaration): readonly FoundChange[] {
  const found = Object.values(looks).flatMap((look) => look?.(before, after) ?? [])
  const names = new Set([...Object.keys(before), ...Object.keys(after)].filter((name) => !Object.hasOwn(looks, name)))
  const others = [...names].flatMap((name) => changed('other-change', name, before[name as keyof ContractDeclaration], after[name as keyof ContractDeclaration], `${name} has changed`))
  return [...found, ...others]
}

function changed(rule: string, path: string, before: unknown, after: unknown, says: string): readonly FoundChange[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ rule, path, before, after, says }]
}

const wordsOf = (member: keyof ContractDeclaration): Look => (before, after) => changed('words-changed', member, before[member], after[member], `${member} has changed`)

const looks: { readonly [member in keyof ContractDeclaration | '$schema']?: Look } = {
  // Looked at one by one.
  entries: () => [],
  $schema: () => [],
  name: (before, after) => changed('name-changed', 'name', before.name, after.name, `it is called "${after.name}" now`),
  title: wordsOf('title'),
  guides: wordsOf('guides'),
  examples: wordsOf('examples'),
  documented: wordsOf('documented'),
  lint: wordsOf('lint'),
  docs: (before, after) => changed('docs-moved', 'docs', before.docs, after.docs, 'the docs are elsewhere'),
  language: (before, after) => changed('language-changed', 'language', before.language, after.language, `its first language is ${after.language ?? 'not said'} now`),
  decodeOnly: (before, after) => changed('read-only-now', 'decodeOnly', before.decodeOnly ?? false, after.decodeOnly ?? false, after.decodeOnly === true ? 'it is only read now' : 'it is written now'),
  alwaysStatus: (before, after) => changed('status-on-wire-changed', 'alwaysStatus', before.alwaysStatus, after.alwaysStatus, after.alwaysStatus === undefined ? 'each refusal has its own status now' : `all is sent with ${after.alwaysStatus} now`),
  waitInMessage: ({ waitInMessage: was = false }, { waitInMessage: is = false }) => changed(is ? 'wait-in-words-added' : 'wait-in-words-removed', 'waitInMessage', was, is, is ? 'messages say how long to wait' : 'messages no longer say how long to wait'),
  headers: (before, after) => changesOfHeaders(before.headers, after.headers, 'headers'),
  requestId: ({ requestId: was }, { requestId: is }) => {
    const [header, next] = [was?.header ?? REQUEST_ID_HEADER, is?.header ?? REQUEST_ID_HEADER]
    const form = (declared: ContractDeclaration['requestId']) => [declared?.format ?? 'base62', declared === undefined ? 'req_' : (declared.prefix ?? '')]
    return [
      ...(header.toLowerCase() === next.toLowerCase() ? [] : [{ rule: 'request-id-header-changed', path: 'requestId.header', before: header, after: next, says: `it stands in ${next} now, and stood in ${header}` }]),
      ...changed('request-id-form-changed', 'requestId', form(was).join(' '), form(is).join(' '), 'request ids look different'),
    ]
  },
  authenticate: ({ authenticate: was }, { authenticate: is }) => {
    if (was === is) return []
    const rule = was === undefined ? 'challenge-added' : schemesOf(was).join() === schemesOf(is).join() ? 'challenge-words-changed' : 'challenge-changed'
    return [{ rule, path: 'authenticate', before: was, after: is, says: is === undefined ? 'there is no challenge any more' : was === undefined ? 'there is a challenge now' : 'the challenge has changed' }]
  },
  idempotencyKey: ({ idempotencyKey: was }, { idempotencyKey: is }) =>
    was?.toLowerCase() === is?.toLowerCase() ? [] : [{ rule: was === undefined ? 'idempotency-key-added' : 'idempotency-key-removed', path: 'idempotencyKey', before: was, after: is, says: was === undefined ? `it takes ${is} now` : `it takes ${was} no longer` }],
  rateLimitHeaders: (before, after) => changesOfRateHeaders(before.rateLimitHeaders, after.rateLimitHeaders),
  envelope: (before, after) => changesOfEnvelope(before.envelope, after.envelope),
}

/** The names of the schemes that a challenge offers (RFC 9110 section 11.6.1). */
function schemesOf(challenge = ''): readonly string[] {
  return [...challenge.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').matchAll(/(?:^|,)\s*([A-Za-z][\w-]*)(?=\s+[^\s=]|\s*$|\s*,)/g)].map(([, scheme = '']) => scheme.toLowerCase()).toSorted()
}

function changesOfRateHeaders(before: RateLimitHeadersDeclaration | undefined, after: RateLimitHeadersDeclaration | undefined): readonly FoundChange[] {
  const path = 'rateLimitHeaders'
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (typeof before === 'string' || typeof after === 'string') return [{ rule: before === undefined ? 'rate-header-added' : 'rate-header-removed', path, before, after, says: 'the limits are told in another form' }]
  const [own, others] = [headerSets(before), headerSets(after)]
  const ids = [...new Set([...own, ...others].map(({ of }) => of))]
  const found = ids.flatMap((of): readonly FoundChange[] => {
    const [was, is]: readonly (RateLimitHeaderSet | undefined)[] = [own.find((set) => set.of === of), others.find((set) => set.of === of)]
    const at = of === undefined ? path : `${path} (${of})`
    return [
      ...(['limit', 'remaining', 'used', 'reset'] as const).flatMap((member): readonly FoundChange[] => {
        const [name, next] = [was?.[member], is?.[member]]
        if (name?.toLowerCase() === next?.toLowerCase()) return []
        return [{ rule: name === undefined ? 'rate-header-added' : 'rate-header-removed', path: `${at}.${member}`, before: name, after: next, says: name === undefined ? `${next} is new` : next === undefined ? `${name} is gone` : `${name} is ${next} now` }]
      }),
      ...(was?.reset !== undefined && is?.reset !== undefined ? changed('rate-header-unit-changed', `${at}.resetUnit`, was.resetUnit, is.resetUnit, `${is.reset} is in ${is.resetUnit} now, and was in ${was.resetUnit}`) : []),
    ]
  })
  return found.length > 0 ? found : [{ rule: 'words-changed', path, before, after, says: 'the headers are declared in another order' }]
}

function changesOfEnvelope(before: EnvelopeDeclaration, after: EnvelopeDeclaration): readonly FoundChange[] {
  const path = 'envelope'
  const [families, others] = [before.families ?? {}, after.families ?? {}]
  return [
    ...changesOfTemplate(before.error, after.error, `${path}.error`),
    ...changesOfSuccess(before.success, after.success, `${path}.success`),
    ...[...new Set([...Object.keys(families), ...Object.keys(others)])].flatMap((family): readonly FoundChange[] => {
      const [was, is] = [families[family], others[family]]
      const at = `${path}.families.${family}`
      if (was === undefined || is === undefined) return [{ rule: is === undefined ? 'family-removed' : 'family-added', path: at, before: was, after: is, says: is === undefined ? `the form "${family}" is gone` : `the form "${family}" is new` }]
      return changesOfTemplate(was, is, at)
    }),
    ...changed('content-type-changed', `${path}.contentType`, before.contentType ?? 'application/json', after.contentType ?? 'application/json', `it is ${after.contentType ?? 'application/json'} now`),
    ...changed('batch-changed', `${path}.batch`, before.batch ?? false, after.batch ?? false, 'lists of requests are answered in another way'),
    ...changesOfStream(before, after, `${path}.stream`),
    ...changesOfSocket(before, after, `${path}.webSocket`),
    ...Object.keys({ ...before, ...after }).flatMap((name) => (envelopeMembers.has(name) ? [] : changed('other-change', `${path}.${name}`, before[name as keyof EnvelopeDeclaration], after[name as keyof EnvelopeDeclaration], `${name} has changed`))),
  ]
}

const envelopeMembers: ReadonlySet<string> = new Set(['error', 'success', 'families', 'contentType', 'batch', 'stream', 'webSocket'] satisfies (keyof EnvelopeDeclaration)[])

function changesOfSuccess(was: JsonValue | undefined, is: JsonValue | undefined, path: string): readonly FoundChange[] {
  if (was === undefined || is === undefined) return was === is ? [] : [{ rule: is === undefined ? 'success-removed' : 'success-added', path, before: was, after: is, says: is === undefined ? 'successes are bare now' : 'successes have a form now' }]
  return changesOfTemplate(was, is, path)
}

/** Without a form of its own, a frame is written as an answer is. */
function changesOfStream({ stream: was, error }: EnvelopeDeclaration, { stream: is, error: next }: EnvelopeDeclaration, path: string): readonly FoundChange[] {
  if (was === undefined || is === undefined) return was === is ? [] : [{ rule: is === undefined ? 'stream-removed' : 'stream-added', path, before: was, after: is, says: is === undefined ? 'errors have no form in streams any more' : 'errors have a form in streams now' }]
  const ends = ({ end }: StreamDeclaration): readonly string[] => [end ?? []].flat().map((each) => JSON.stringify(each)).toSorted()
  return [
    ...changed('stream-event-changed', `${path}.event`, was.event, is.event, `errors have the event ${is.event ?? '(none)'} now`),
    ...changed('stream-end-changed', `${path}.end`, ends(was), ends(is), 'another event ends a stream'),
    ...changed('stream-after-changed', `${path}.afterError`, was.afterError, is.afterError, 'another frame follows an error'),
    ...(was.data === undefined && is.data === undefined ? [] : changesOfTemplate(was.data ?? error, is.data ?? next, `${path}.data`)),
  ]
}

function changesOfSocket({ webSocket: was, error }: EnvelopeDeclaration, { webSocket: is, error: next }: EnvelopeDeclaration, path: string): readonly FoundChange[] {
  if (was === undefined || is === undefined) return was === is ? [] : [{ rule: is === undefined ? 'socket-removed' : 'socket-added', path, before: was, after: is, says: is === undefined ? 'errors have no form in WebSockets any more' : 'errors have a form in WebSockets now' }]
  const frame = (form: WebSocketDeclaration, standIn: JsonValue): JsonValue => (form.frame === undefined ? standIn : form.frame)
  const frames = (was.frame === null) !== (is.frame === null) ? changed('socket-frame-changed', `${path}.frame`, was.frame, is.frame, is.frame === null ? 'no message comes before the close any more' : 'a message comes before the close') : was.frame === undefined && is.frame === undefined ? [] : changesOfTemplate(frame(was, error), frame(is, next), `${path}.frame`)
  return [...frames, ...changed('socket-close-words-changed', `${path}.close.reason`, was.close?.reason ?? '$code', is.close?.reason ?? '$code', 'the close says something else'), ...changed('socket-close-changed', `${path}.close.code`, was.close?.code, is.close?.code, 'another code closes WebSockets')]
}
