/** What has changed of one entry. Each member is looked at by its own function; what none looks at is told all the same. */
import { closeCodeOf } from '../../contract/declare/close-code.ts'
import type { Entry } from '../../contract/declare/contract.ts'
import type { ContractDeclaration } from '../../contract/declare/declaration.ts'
import { detailsIn, type Detail } from '../../contract/declare/details.ts'
import { isSameLanguage, translationsOf } from '../../contract/declare/messages.ts'
import { mayTellWait } from '../../contract/values/retry-after.ts'
import { headerSlots } from '../../contract/write/slot-text.ts'
import { slotsOf, type Slot } from '../../contract/write/template.ts'
import { templateParserFor } from '../../contract/write/template-parser.ts'
import { parseMessage, placeholdersOf } from '../../contract/write/message.ts'
import type { FoundChange } from './change.ts'

/** An entry, with the contract that it is of. */
export interface EntrySide {
  readonly entry: Entry
  readonly declaration: ContractDeclaration
}

type Look = (before: EntrySide, after: EntrySide, path: string) => readonly FoundChange[]

/** Paths are those of the new contract. */
export function changesOfEntry(before: EntrySide, after: EntrySide): readonly FoundChange[] {
  const path = `entries.${after.entry.id}`
  const found = Object.values(looks).flatMap((look) => look?.(before, after, path) ?? [])
  const renamed = before.entry.id === after.entry.id ? [] : [{ rule: 'entry-renamed', path, before: before.entry.id, after: after.entry.id, says: `"${before.entry.id}" is called "${after.entry.id}" now` }]
  // A change that is told by nothing would be taken for none.
  const names = new Set([...Object.keys(before.entry), ...Object.keys(after.entry)].filter((name) => !known.has(name)))
  const others = [...names].flatMap((name) => changed('other-change', `${path}.${name}`, before.entry[name as keyof Entry], after.entry[name as keyof Entry], `${name} has changed`))
  return [...renamed, ...found, ...others]
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function changed(rule: string, path: string, before: unknown, after: unknown, says: string): readonly FoundChange[] {
  return isSame(before, after) ? [] : [{ rule, path, before, after, says }]
}

const looks: { readonly [member in keyof Entry]?: Look } = {
  code: ({ entry: one }, { entry: other }, path) => {
    if (one.code === other.code) return []
    const rule = one.code === '' ? 'code-added' : String(one.code) === String(other.code) ? 'code-retyped' : 'code-changed'
    return [{ rule, path: `${path}.code`, before: one.code, after: other.code, says: one.code === '' ? `it has the code ${JSON.stringify(other.code)} now` : `${JSON.stringify(one.code)} is ${JSON.stringify(other.code)} now` }]
  },
  status: ({ entry: one }, { entry: other }, path) => changed('status-changed', `${path}.status`, one.status, other.status, `it means ${other.status} now, and meant ${one.status}`),
  // What stands there instead of what it means, where that alone has changed; `alwaysStatus` is told once for all.
  sentAs: (before, after, path) => {
    const [own, otherOwn] = [before.entry.sentAs, after.entry.sentAs]
    const follows = before.entry.status !== after.entry.status && own === before.entry.status && otherOwn === after.entry.status
    const isOfAll = before.declaration.alwaysStatus !== after.declaration.alwaysStatus && isSame(declaredSentAs(before), declaredSentAs(after))
    return follows || isOfAll ? [] : changed('status-on-wire-changed', `${path}.sentAs`, own, otherOwn, `it is sent with ${otherOwn} now, and was with ${own}`)
  },
  reason: ({ entry: one }, { entry: other }, path) => changed('reason-changed', `${path}.reason`, one.reason, other.reason, `it is ${other.reason} now, and was ${one.reason}`),
  when: ({ entry: one }, { entry: other }, path) => changed('choice-changed', `${path}.when`, one.when, other.when, 'it is the answer under other conditions'),
  alsoFor: ({ entry: one }, { entry: other }, path) => changed('choice-changed', `${path}.alsoFor`, one.alsoFor?.toSorted(), other.alsoFor?.toSorted(), 'it is the answer to other reasons'),
  source: ({ entry: one }, { entry: other }, path) => changed('source-changed', `${path}.source`, one.source, other.source, 'another side is said to have failed'),
  primary: ({ entry: one }, { entry: other }, path) => changed('primary-changed', `${path}.primary`, one.primary ?? false, other.primary ?? false, 'of those that look alike, another one is read'),
  read: ({ entry: one }, { entry: other }, path) => changed('read-changed', `${path}.read`, one.read, other.read, 'it is recognised by something else'),
  retry: ({ entry: one }, { entry: other }, path) => {
    if (one.retry === other.retry) return []
    const rule = other.retry === 'never' ? 'retry-forbidden' : one.retry === 'never' ? 'retry-allowed' : 'retry-other'
    return [{ rule, path: `${path}.retry`, before: one.retry, after: other.retry, says: `its rule is ${other.retry} now, and was ${one.retry}` }]
  },
  action: ({ entry: one }, { entry: other }, path) => changed('action-changed', `${path}.action`, one.action, other.action, `people are to ${other.action} now, and were to ${one.action}`),
  retryAfterSeconds: ({ entry: one }, { entry: other }, path) => {
    if (mayTellWait(one) && !mayTellWait(other)) return [{ rule: 'wait-removed', path: `${path}.retryAfterSeconds`, before: one.retryAfterSeconds, after: other.retryAfterSeconds, says: 'no Retry-After comes any more' }]
    return changed('wait-changed', `${path}.retryAfterSeconds`, one.retryAfterSeconds, other.retryAfterSeconds, 'another wait, where no exact one is known')
  },
  details: changesOfDetails,
  message: changesOfMessage,
  attributes: ({ entry: one }, { entry: other }, path) => {
    const [own, others] = [one.attributes ?? {}, other.attributes ?? {}]
    return namesOf(own, others).flatMap((name): readonly FoundChange[] => {
      const [was, is] = [own[name], others[name]]
      const rule = is === undefined ? 'attribute-removed' : was === undefined ? 'attribute-added' : 'attribute-changed'
      return changed(rule, `${path}.attributes.${name}`, was, is, is === undefined ? `${name} is gone` : was === undefined ? `${name} is new` : `${name} is ${JSON.stringify(is)} now, and was ${JSON.stringify(was)}`)
    })
  },
  headers: ({ entry: one }, { entry: other }, path) => changesOfHeaders(one.headers, other.headers, `${path}.headers`),
  family: (before, after, path) => {
    const [one, other] = [before.entry.family, after.entry.family]
    if (one === other) return []
    const isOther = !isSame(formOf(before), formOf(after))
    return [{ rule: isOther ? 'family-changed' : 'words-changed', path: `${path}.family`, before: one, after: other, says: isOther ? 'it is written in another form' : 'its form has another name' }]
  },
  closeCode: (before, after, path) => {
    const [one, other] = [before.declaration.envelope.webSocket, after.declaration.envelope.webSocket]
    if (one === undefined || other === undefined) return []
    const [was, is] = [closeCodeOf(before.entry, one), closeCodeOf(after.entry, other)]
    return changed('socket-close-changed', `${path}.closeCode`, was, is, `it closes a WebSocket with ${is} now, and did with ${was}`)
  },
  description: ({ entry: one }, { entry: other }, path) => changed('words-changed', `${path}.description`, one.description, other.description, 'its description has changed'),
  remedy: ({ entry: one }, { entry: other }, path) => changed('words-changed', `${path}.remedy`, one.remedy, other.remedy, 'its remedy has changed'),
  // Of another address of the docs it is told once, for all.
  docsUrl: (before, after, path) => (before.declaration.docs !== after.declaration.docs ? [] : changed('docs-moved', `${path}.docsUrl`, before.entry.docsUrl, after.entry.docsUrl, 'its page is elsewhere')),
  example: ({ entry: one }, { entry: other }, path) => changed('words-changed', `${path}.example`, one.example, other.example, 'its example has changed'),
}

const known: ReadonlySet<string> = new Set(['id', ...Object.keys(looks)])

function declaredSentAs({ entry, declaration }: EntrySide): number | undefined {
  return declaration.entries[entry.id]?.sentAs
}

function formOf({ entry, declaration }: EntrySide): unknown {
  return entry.family === undefined ? declaration.envelope.error : declaration.envelope.families?.[entry.family]
}

function namesOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
}

/** Names in whatever case are the same (RFC 9110 section 5.1). */
export function changesOfHeaders(one: { readonly [name: string]: string } = {}, other: { readonly [name: string]: string } = {}, path: string): readonly FoundChange[] {
  const lowered = (headers: { readonly [name: string]: string }) => new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { name, value }]))
  const [own, others] = [lowered(one), lowered(other)]
  return [...new Set([...own.keys(), ...others.keys()])].flatMap((key): readonly FoundChange[] => {
    const [was, is] = [own.get(key), others.get(key)]
    const at = `${path}.${is?.name ?? was?.name ?? key}`
    if (is === undefined) return [{ rule: 'header-removed', path: at, before: was?.value, says: `${was?.name} is gone` }]
    if (was === undefined) return [{ rule: 'header-added', path: at, after: is.value, says: `${is.name} is new` }]
    return changed('header-changed', at, was.value, is.value, `${is.name} says something else`)
  })
}

function changesOfDetails(before: EntrySide, after: EntrySide, path: string): readonly FoundChange[] {
  const [own, others] = [detailsOf(before), detailsOf(after)]
  const order = namesOf(Object.fromEntries(own), Object.fromEntries(others))
  return order.flatMap((name): readonly FoundChange[] => {
    const [was, is] = [own.get(name), others.get(name)]
    const at = `${path}.details.${name}`
    const [text, next] = [before.entry.details?.[name], after.entry.details?.[name]]
    if (text === next) return []
    // What no answer shows is missed by nobody.
    if (was !== undefined && !isShown(before, was)) return [{ rule: is !== undefined && isShown(after, is) ? 'detail-added' : 'hidden-detail-changed', path: at, before: text, after: next, says: `${name}, which no answer showed, has changed` }]
    if (is === undefined || was === undefined) return [{ rule: is === undefined ? 'detail-removed' : isShown(after, is) ? 'detail-added' : 'hidden-detail-changed', path: at, before: text, after: next, says: is === undefined ? `${name} is gone` : `${name} is new` }]
    const told = changesOfDetail(was, is).map((rule) => ({ rule, path: at, before: text, after: next, says: `${name} is "${next}" now, and was "${text}"` }))
    return told.length > 0 ? told : [{ rule: 'other-change', path: at, before: text, after: next, says: `${name} is written otherwise` }]
  })
}

function changesOfDetail(was: Detail, is: Detail): readonly string[] {
  const rules: string[] = []
  if (was.type !== is.type) rules.push(isNarrower(was.type, is.type) ? 'detail-type-narrowed' : 'detail-retyped')
  if (was.whenUnknown !== is.whenUnknown) rules.push(was.whenUnknown === 'required' ? 'detail-made-optional' : is.whenUnknown === 'required' && was.whenUnknown === 'absent' ? 'detail-steadied' : 'detail-null-now')
  if ((was.from ?? was.name) !== (is.from ?? is.name)) rules.push('detail-taken-elsewhere')
  return rules
}

/** Whoever reads the one reads the other. */
function isNarrower(was: Detail['type'], is: Detail['type']): boolean {
  if (was === 'json') return true
  if (was === 'number' || was === 'money') return is === 'integer' || is === 'unix' || is === 'seconds' || is === 'number' || is === 'money'
  if (was === 'integer') return is === 'unix' || is === 'seconds'
  return was === 'string' && (is === 'digits' || is === 'timestamp')
}

function detailsOf({ entry }: EntrySide): ReadonlyMap<string, Detail> {
  return new Map(detailsIn(entry).map((detail) => [detail.name, detail]))
}

function isShown({ entry, declaration }: EntrySide, { name, from }: Detail): boolean {
  const { envelope, headers = {} } = declaration
  const parse = templateParserFor(envelope.contentType)
  const template = entry.family === undefined ? envelope.error : envelope.families?.[entry.family]
  const templates = [template, envelope.stream?.data, envelope.webSocket?.frame].flatMap((each) => (each === undefined || each === null ? [] : [each]))
  const slots: readonly Slot[] = [...templates.flatMap((each, at) => [...slotsOf((at === 0 ? parse : templateParserFor(undefined))(each, '', () => {}))]), ...Object.values(headers).flatMap(headerSlots), ...headerSlots(envelope.webSocket?.close?.reason ?? '')]
  const told = new Set(Object.values(entry.headers ?? {}).flatMap((text) => placeholdersOf(parseMessage(text, () => {})).map((part) => part.name)))
  return told.has(name) || from === 'retryAfterMs' || slots.some((slot) => slot.kind === 'details' || (slot.kind === 'detail' && slot.name === name))
}

/** A sentence is what people read, unless nothing else tells what happened. */
function changesOfMessage(before: EntrySide, after: EntrySide, path: string): readonly FoundChange[] {
  const [one, other] = [before.entry.message, after.entry.message]
  if (isSame(one, other)) return []
  const languages = (side: EntrySide): readonly string[] => translationsOf(side.entry.message)?.map(([tag]) => tag) ?? []
  const [own, others] = [languages(before), languages(after)]
  const gone = own.filter((tag) => others.length > 0 && !others.some((each) => isSameLanguage(each, tag)))
  const added = others.filter((tag) => own.length > 0 && !own.some((each) => isSameLanguage(each, tag)))
  const sentence = (side: EntrySide, tag: string): unknown => translationsOf(side.entry.message)?.find(([each]) => isSameLanguage(each, tag))?.[1] ?? side.entry.message
  const kept = own.length > 0 && others.length > 0 ? own.filter((tag) => !gone.includes(tag) && !isSame(sentence(before, tag), sentence(after, tag))) : ['']
  const rule = isToldApart(before) ? 'message-changed' : 'message-changed-alone'
  return [
    ...gone.map((tag) => ({ rule: 'language-removed', path: `${path}.message.${tag}`, before: sentence(before, tag), says: `its sentence in "${tag}" is gone` })),
    ...added.map((tag) => ({ rule: 'language-added', path: `${path}.message.${tag}`, after: sentence(after, tag), says: `it has a sentence in "${tag}"` })),
    ...kept.map((tag) => ({ rule, path: tag === '' ? `${path}.message` : `${path}.message.${tag}`, before: tag === '' ? one : sentence(before, tag), after: tag === '' ? other : sentence(after, tag), says: 'its sentence has changed' })),
    ...(gone.length + added.length + kept.length === 0 ? [{ rule: 'message-changed', path: `${path}.message`, before: one, after: other, says: 'its sentences are written otherwise' }] : []),
  ]
}

/** By its code: an old caller that has none, or shares it, can only go by the sentence. */
function isToldApart({ entry, declaration }: EntrySide): boolean {
  const others = Object.entries(declaration.entries).filter(([id, { code, status }]) => id !== entry.id && String(code ?? '') === String(entry.code) && status === entry.status)
  return entry.code !== '' && others.length === 0
}
