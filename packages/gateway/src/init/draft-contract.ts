/** A contract to begin with: the envelope of a dialect, an entry for each reason that was chosen, and a few that answer everything else. */
import { problem } from 'tollgate/catalog'
import { compact, serverReasons, type Contract, type ContractDeclaration, type Entry, type EntryDeclaration, type EnvelopeDeclaration, type ServerReason } from 'tollgate/contract'
import { codeStyleOf, reasonCode } from './reason-code.ts'
import { sentencesWith } from './sentences-with.ts'
import type { StartDialect } from './start-dialects.ts'

export interface ContractChoice {
  readonly name: string
  readonly dialect: StartDialect
  readonly reasons: readonly ServerReason[]
}

type Entries = { [id: string]: EntryDeclaration }

/** Whatever was chosen, these are there; each speaks for the reasons beside it that have no entry of their own. */
const spokenForBy: { readonly [reason in ServerReason]?: readonly string[] } = {
  'credential.invalid': ['credential', 'token'],
  'permission.denied': ['permission', 'account', 'credit.insufficient'],
  'resource.not_found': ['resource', 'route', 'session'],
  'rate.limited': ['rate', 'concurrency', 'quota', 'session.limited'],
  'request.invalid': ['request', 'field', 'method', 'content', 'idempotency', 'resource.conflict'],
  'upstream.unavailable': ['upstream', 'capacity', 'service'],
  internal: ['internal'],
}

export function draftContract({ name, dialect, reasons }: ContractChoice): ContractDeclaration {
  const { declaration } = dialect.contract
  const chosen = serverReasons.filter((reason) => reasons.includes(reason) || spokenForBy[reason] !== undefined)
  const entryOf = new Map(chosen.map((reason) => [reason, entryFor(reason, dialect)]))
  const speaks = new Map<string, Set<ServerReason>>()
  for (const reason of serverReasons) {
    const own = [...entryOf.values()].find((entry) => entry.reason === reason)
    const { id } = own ?? entryOf.get(reason) ?? entryOf.get(speakerFor(reason, chosen)) ?? entryFor('internal', dialect)
    speaks.set(id, (speaks.get(id) ?? new Set()).add(reason))
  }
  const entries: Entries = {}
  for (const entry of [...entryOf.values()].toSorted((one, other) => one.status - other.status)) entries[entry.id] = written(entry, speaks.get(entry.id) ?? new Set(), dialect)
  const { docs: _theirs, decodeOnly: _alwaysFalse, authenticate, envelope, ...rest } = declaration
  const { name: _name, title: _title, entries: _entries, ...settings } = rest
  return compact({ name, title: titleLike(name), ...settings, authenticate: authenticate && challengeOf(authenticate, name), envelope: compact({ ...envelope, families: familiesOf(envelope, entries) }), entries }) as ContractDeclaration
}

/** A shape of no entry would be a slip. */
function familiesOf({ families = {} }: EnvelopeDeclaration, entries: Entries): EnvelopeDeclaration['families'] {
  const named = new Set(Object.values(entries).map(({ family }) => family))
  const left = Object.entries(families).filter(([family]) => named.has(family))
  return left.length === 0 ? undefined : Object.fromEntries(left)
}

/** `my-api` → `My API`. */
export function titleLike(name: string): string {
  return name
    .split('-')
    .filter((word) => word !== '')
    .map((word) => (word === 'api' ? 'API' : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`))
    .join(' ')
}

/** The most exact word counts: a session that is limited is a matter of limits. */
function speakerFor(reason: ServerReason, chosen: readonly ServerReason[]): ServerReason {
  const [family = ''] = reason.split('.')
  const within = (words: readonly string[] | undefined, word: string): boolean => words?.includes(word) === true
  return chosen.find((each) => within(spokenForBy[each], reason)) ?? chosen.find((each) => within(spokenForBy[each], family)) ?? 'internal'
}

/** The dialect's own entry where it has one for the reason; otherwise one like that of problem details, as this dialect would write it. */
function entryFor(reason: ServerReason, { contract, ownCodes }: StartDialect): Entry {
  const own = contract.entryFor(reason, {})
  if (own.reason === reason || !ownCodes) return own
  const general = problem.entryFor(reason, {})
  const { attributes, headers, family } = own
  const { id, status, message, description, remedy, retryAfterSeconds } = general
  const details = detailsIn(contract, general)
  return compact({ ...rulesOf(general), id, code: reasonCode(reason, codeStyleOf(contract)), status, reason, message: sentencesWith(details, message), details, attributes, headers, family, description, remedy, retryAfterSeconds, sentAs: own.sentAs === own.status ? status : own.sentAs }) as Entry
}

function rulesOf({ retry, action }: Entry) {
  return { retry, action }
}

/** Where the envelope has no place for figures, they are not promised; nor what has a place of its own in it. */
function detailsIn({ declaration: { envelope } }: Contract, { details }: Entry): Entry['details'] {
  const shapes = JSON.stringify([envelope.error, envelope.families ?? {}])
  if (!shapes.includes('"$details') || details === undefined) return undefined
  return Object.fromEntries(Object.entries(details).filter(([name]) => !shapes.includes(`"${name}":`) && !shapes.includes(`"${name}?":`)))
}

/** Without what it needs only beside entries that are not here. By their sentences are told apart those that share a code. */
function written({ id: _key, docsUrl: _address, code, status, sentAs, reason, retry: _retry, action: _action, when: _when, read, message, details, description, remedy, alsoFor: _also, ...entry }: Entry, speaks: ReadonlySet<ServerReason>, { ownCodes }: StartDialect): EntryDeclaration {
  const others = [...speaks].filter((each) => each !== reason)
  return compact({
    code: code === '' ? undefined : code,
    status,
    sentAs: sentAs === status ? undefined : sentAs,
    reason,
    alsoFor: others.length === 0 ? undefined : shortened(others, reason),
    read: ownCodes ? undefined : read,
    message,
    details,
    ...entry,
    description,
    remedy,
  }) as EntryDeclaration
}

/** `quota.*` where there is no other of its family. */
function shortened(reasons: readonly ServerReason[], own: ServerReason): NonNullable<EntryDeclaration['alsoFor']> {
  const all = new Set<ServerReason>([...reasons, own])
  const familyOf = (reason: string): string => reason.split('.')[0] ?? ''
  return [...new Set(reasons.map((reason) => (serverReasons.filter((each) => familyOf(each) === familyOf(reason)).every((each) => all.has(each)) ? `${familyOf(reason)}.*` : reason)))] as never
}

function challengeOf(theirs: string, name: string): string {
  const [scheme = 'Bearer'] = theirs.split(' ')
  return `${scheme} realm="${name}"`
}
