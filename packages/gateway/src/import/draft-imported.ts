/** What was found becomes a contract: every code, an entry for it, and a question for a person wherever something was guessed. */
import { problem } from 'tollgate/catalog'
import { compact, serverReasons, type ContractDeclaration, type DetailDeclaration, type EntryDeclaration, type RetryRule, type ServerReason } from 'tollgate/contract'
import { nothingFound, type FoundError, type FoundPage } from './found-error.ts'
import { titleLike } from '../init/draft-contract.ts'
import { guessDetail } from './guess-detail.ts'
import { guessEnvelope, plainEnvelope, type GuessedEnvelope } from './guess-envelope.ts'
import { guessReason, type GuessedReason } from './guess-reason.ts'
import { speakForAll } from './speak-for-all.ts'

/** Something for a person to look at. */
export interface OpenQuestion {
  /** Of the entry that it is about; undefined: the contract as a whole. */
  readonly entry: string | undefined
  readonly question: string
}

export interface DraftedContract {
  readonly declaration: ContractDeclaration
  readonly questions: readonly OpenQuestion[]
}

export interface DraftOptions {
  readonly name: string
  readonly title?: string | undefined
}

export function draftImported(page: FoundPage, { name, title }: DraftOptions): DraftedContract {
  const questions: OpenQuestion[] = []
  const ask = (entry: string | undefined, question: string): void => void questions.push({ entry, question })
  const shown = guessEnvelope(page)
  if (shown === undefined) ask(undefined, 'No answer is shown in the source: is the envelope right?')
  const guessed = shown ?? plainEnvelope
  const known = page.errors.map((error) => ({ error, guess: guessReason(error) }))
  const statusOf = usualStatuses(known)
  const codes = page.errors.flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
  const isCapital = codes.length > 0 && codes.every((code) => code === code.toUpperCase())
  const entries: { [id: string]: EntryDeclaration } = {}
  for (const { error, guess } of known) {
    for (const status of statusesOf(error, guess, statusOf)) {
      const id = freeId(error, status, entries)
      entries[id] = toEntry({ error, guess, status, guessed, isCodeless: guessed.hasCode === false || (guessed.hasCode === 'sometimes' && error.code === undefined), isCapital, ask: (question) => ask(id, question) })
    }
  }
  for (const constant of guessed.constants) ask(undefined, `${constant} stands in the answer that is shown: is it the same in every answer?`)
  const whole = toldApart(speakForAll(entries, (reason) => addedEntry(reason, guessed, entries, ask)))
  for (const [reason, ids] of shared(whole)) ask(undefined, `${ids.join(', ')} have one reason, ${reason}: the gateway writes the first. Does another fact tell them apart (when), or does the service name them?`)
  return { declaration: { ...compact({ name, title: title ?? page.title ?? titleLike(name), requestId: guessed.requestId, authenticate: needsChallenge(whole) ? `Bearer realm="${name}"` : undefined, rateLimitHeaders: limitHeaders(page) }), envelope: guessed.envelope, entries: whole } as ContractDeclaration, questions }
}

/** Without codes an answer is known by its sentence where its status alone does not tell. */
function toldApart(entries: { readonly [id: string]: EntryDeclaration }): { readonly [id: string]: EntryDeclaration } {
  const seen = new Set<string>()
  return Object.fromEntries(
    Object.entries(entries).map(([id, entry]) => {
      const form = `${entry.status} ${JSON.stringify(entry.attributes)}`
      const isSecond = entry.code === undefined && seen.has(form)
      seen.add(form)
      return [id, isSecond ? { ...entry, read: [entry.message as string | readonly string[]].flat().map((sentence) => sentence.replaceAll('*', '**').replaceAll(/\{\{?[^}]*\}\}?/g, '*')) } : entry]
    }),
  )
}

interface Known {
  readonly error: FoundError
  readonly guess: GuessedReason
}

/** With which status an API sends a reason: as its other codes say, otherwise as HTTP has it. */
function usualStatuses(known: readonly Known[]): (reason: ServerReason) => number {
  const familyOf = (reason: string): string => reason.split('.')[0] ?? ''
  const said = known.filter(({ error }) => error.status !== undefined)
  return (reason) => {
    const family = familyOf(reason) === 'field' || familyOf(reason) === 'content' ? ['field', 'request'] : [familyOf(reason)]
    const own = said.find(({ guess }) => guess.reason === reason) ?? (['field', 'request', 'content'].includes(familyOf(reason)) ? said.find(({ guess }) => family.includes(familyOf(guess.reason))) : undefined)
    // Nobody who tells no statuses tells 400 from 422.
    return own?.error.status ?? (familyOf(reason) === 'field' ? 400 : problem.entryFor(reason, {}).status)
  }
}

/** Two that stand above one table: each code has that which its reason has, or both. */
function statusesOf({ status, otherStatuses, field }: FoundError, { reason }: GuessedReason, statusOf: (reason: ServerReason) => number): readonly number[] {
  if (status === undefined) return [statusOf(reason)]
  if (otherStatuses.length === 0 || field !== undefined) return [status]
  const all = [status, ...otherStatuses]
  const usual = problem.entryFor(reason, {}).status
  return all.includes(usual) && reason !== 'service.maintenance' ? [usual] : all.toSorted((one, other) => Number(other === usual) - Number(one === usual))
}

interface Making {
  readonly error: FoundError
  readonly guess: GuessedReason
  readonly status: number
  readonly guessed: GuessedEnvelope
  readonly isCodeless: boolean
  /** Whether its other codes are written in capitals. */
  readonly isCapital: boolean
  readonly ask: (question: string) => void
}

function toEntry({ error, guess, status, guessed, isCodeless, isCapital, ask }: Making): EntryDeclaration {
  const { code, message, description, remedy, retry, attributes } = error
  const reason = status === 502 && error.status !== status && guess.reason === 'service.maintenance' ? 'upstream.failed' : guess.reason
  if (error.status === undefined) ask(`With which status? The source does not say; ${status} is usual for ${reason}.`)
  else if (error.otherStatuses.length > 0) ask(`The source has ${[error.status, ...error.otherStatuses].join(', ')} above it: which one?`)
  if (guess.by === 'status') ask(`Is it ${reason}? Only its status says so.`)
  if (guess.by === 'nothing') ask(`What happened? Nothing in the source says it; ${reason} was taken.`)
  if (code === undefined && !isCodeless) ask('With which code? The source has none.')
  const details = { ...detailsOf(guessed.hasDetails ? error : nothingFound, ask), ...fieldDetail(reason, guessed.fieldDetail) }
  const sentence = message ?? description
  if (sentence === undefined) ask('Which sentence is sent? The source has none.')
  const rule = retry === ruleOf(reason) ? undefined : retry
  const attribute = guessed.attribute
  if (attribute !== undefined && attributes[attribute] === undefined) ask(`What is its ${attribute}? The source does not say.`)
  return compact({
    code: isCodeless ? undefined : (code ?? (isCapital ? codeLike(reason).toUpperCase() : codeLike(reason))),
    status,
    reason,
    message: ofField(sentence, reason) ?? withFigures(oneLine(sentence ?? firstSentence(problem.entryFor(reason, {}).description)), error.details, details, description ?? firstSentence(problem.entryFor(reason, {}).description)),
    details: Object.keys(details).length === 0 ? undefined : details,
    retry: rule,
    retryAfterSeconds: (rule ?? ruleOf(reason)) === 'wait' && status !== 429 && status !== 503 ? (problem.entryFor(reason, {}).retryAfterSeconds ?? 60) : undefined,
    attributes: attribute === undefined ? undefined : { [attribute]: attributes[attribute] ?? typeLike(status) },
    description: oneLine(description ?? sentence ?? problem.entryFor(reason, {}).description),
    remedy: remedy === undefined ? undefined : oneLine(remedy),
  }) as EntryDeclaration
}

function ruleOf(reason: ServerReason): RetryRule {
  return problem.entryFor(reason, {}).retry
}

/** The field at fault has a place of its own in the envelope. */
function fieldDetail(reason: ServerReason, name: string | undefined): { readonly [name: string]: DetailDeclaration } {
  return name === undefined || !/^(?:request\.invalid|field\.)/.test(reason) ? {} : { [name]: name === 'field' ? 'string?' : 'string? from field' }
}

function detailsOf({ details, field }: FoundError, ask: (question: string) => void): { [name: string]: DetailDeclaration } {
  const declared: { [name: string]: DetailDeclaration } = {}
  for (const [name, value] of Object.entries(details)) {
    if (!/^[A-Za-z]\w*$/.test(name)) continue
    const { declaration, known } = guessDetail(name, value)
    declared[name] = declaration
    if (!known) ask(`What fills ${name}? Until somebody says it (from …), only the service can.`)
  }
  return field === undefined || declared['field'] !== undefined ? declared : { ...declared, field: 'string?' }
}

/** `You've used 120 of 100 requests` beside `used: 120, limit: 100`: figures become slots where exactly one detail has them. A sentence without them stays behind. */
function withFigures(sentence: string, samples: FoundError['details'], details: { readonly [name: string]: DetailDeclaration }, otherwise: string): EntryDeclaration['message'] {
  const literal = sentence.replaceAll('{', '{{').replaceAll('}', '}}')
  const figures = Object.entries(samples).filter(([name, value]) => details[name] !== undefined && (typeof value === 'number' || (typeof value === 'string' && value.length > 2)))
  let filled = literal
  for (const [name, value] of figures.toSorted(([, one], [, other]) => String(other).length - String(one).length)) {
    const isMoney = details[name]?.startsWith('money') === true
    const shown = typeof value === 'number' && isMoney ? `${String(value).replace('.', String.raw`\.`)}(?:\\.0+|0)?` : String(value).replaceAll(/[^\w]/g, String.raw`\$&`)
    filled = filled.replace(new RegExp(`(?<![\\w{.])${shown}(?![\\w}]|\\.\\d)`), `{${name}${isMoney ? ':money' : ''}}`)
  }
  if (filled === literal) return literal
  const plain = literal.split(/(?<=[.!?])\s+/).filter((part) => filled.includes(part))
  const [begin = ''] = /^[^:.\d]{6,}(?=[:.])/.exec(literal) ?? []
  return [filled, plain.length > 0 ? plain.join(' ') : begin === '' ? oneLine(otherwise) : `${begin}.`]
}

/** `Parameter error: avatar_id is required`: of the field at fault, whichever it is. */
function ofField(sentence: string | undefined, reason: ServerReason): EntryDeclaration['message'] | undefined {
  if (!/^(?:request\.invalid|field\.)/.test(reason)) return undefined
  const [, begin] = /^([^:]{3,60}): [a-z]\w*(?:[_.]\w+)+ (?:is |must |has |should |cannot )/.exec(sentence ?? '') ?? []
  return begin === undefined ? undefined : [`${begin}: {field} {issue}`, `${begin}: {issue}`, begin]
}

function firstSentence(text: string): string {
  return /^[^.]+\./.exec(text)?.[0] ?? text
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function freeId({ code, description, message }: FoundError, status: number, taken: { readonly [id: string]: unknown }): string {
  const words = String(typeof code === 'string' ? code : (message ?? description ?? code ?? status)).replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '').slice(0, 5)
  const joined = words.map((word, at) => (at === 0 ? word : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)).join('')
  const id = /^[a-z]/.test(joined) ? joined : `error${joined === '' ? status : joined}`
  const free = [id, `${id}${status}`, ...Array.from({ length: 50 }, (_, at) => `${id}${at + 2}`)].find((each) => !Object.hasOwn(taken, each))
  return free ?? `${id}${Object.keys(taken).length}`
}

/** Where a source has statuses, and no codes: names that many APIs have for these. */
const usualCodes: { readonly [reason in ServerReason]?: string } = {
  'credential.missing': 'missing_api_key', 'credential.invalid': 'invalid_api_key', 'permission.denied': 'permission_denied', 'credit.insufficient': 'insufficient_credits', 'resource.not_found': 'not_found', 'resource.gone': 'gone',
  'request.invalid': 'invalid_request', 'rate.limited': 'rate_limit_exceeded', 'quota.exhausted': 'quota_exceeded', 'resource.conflict': 'conflict', internal: 'internal_error', 'service.maintenance': 'service_unavailable',
}

function codeLike(reason: ServerReason): string {
  return usualCodes[reason] ?? reason.replaceAll('.', '_')
}

/** As OpenAI and its kin name them. */
function typeLike(status: number): string {
  const names: { readonly [status: number]: string } = { 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error', 429: 'rate_limit_error' }
  return names[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error')
}

/** What no entry that was found can stand for. */
function addedEntry(reason: ServerReason, { hasCode, attribute }: GuessedEnvelope, entries: { readonly [id: string]: EntryDeclaration }, ask: (entry: string, question: string) => void): { readonly id: string; readonly entry: EntryDeclaration } {
  const { id: own, status, description } = problem.entryFor(reason, {})
  const id = Object.hasOwn(entries, own) ? `${own}Added` : own
  const isCapital = Object.values(entries).every(({ code }) => typeof code !== 'string' || code === code.toUpperCase())
  const isNumbered = Object.values(entries).some(({ code }) => typeof code === 'number')
  const code = isNumbered ? status : isCapital ? reason.replaceAll('.', '_').toUpperCase() : reason.replaceAll('.', '_')
  ask(id, `The source has nothing for ${reason}: is this what is to be said?`)
  return { id, entry: compact({ code: hasCode === true ? code : undefined, status, reason, message: firstSentence(description), attributes: attribute === undefined ? undefined : { [attribute]: typeLike(status) }, description }) as EntryDeclaration }
}

function shared(entries: { readonly [id: string]: EntryDeclaration }): readonly (readonly [ServerReason, readonly string[]])[] {
  return serverReasons.flatMap((reason) => {
    const ids = Object.entries(entries).flatMap(([id, entry]) => (entry.reason === reason && entry.when === undefined ? [id] : []))
    return ids.length > 1 ? [[reason, ids] as const] : []
  })
}

function needsChallenge(entries: { readonly [id: string]: EntryDeclaration }): boolean {
  return Object.values(entries).some(({ status }) => status === 401 || status === 407)
}

function limitHeaders({ limitHeaders: names }: FoundPage): ContractDeclaration['rateLimitHeaders'] {
  const named = (pattern: RegExp): string | undefined => names.find((name) => pattern.test(name))
  const reset = named(/reset/i)
  const found = compact({ limit: named(/limit$/i), remaining: named(/remaining/i), reset, resetUnit: reset === undefined ? undefined : 'unix' })
  return Object.keys(found).length === 0 ? undefined : (found as ContractDeclaration['rateLimitHeaders'])
}

