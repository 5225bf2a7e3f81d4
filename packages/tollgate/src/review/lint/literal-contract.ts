/**
 * A declaration as the rules see it: also one that is no contract yet, since a page was written down as it stands. What is not of the right shape is left out,
 * and told by the check; everything else can be looked at.
 */
import type { ContractProblem } from '../../contract/check/contract-error.ts'
import { isObject } from '../../contract/check/check-shape.ts'
import type { Contract, Entry } from '../../contract/declare/contract.ts'
import type { Action, ContractDeclaration, DocumentedDeclaration, EntryDeclaration, ExampleDeclaration, RetryRule } from '../../contract/declare/declaration.ts'
import { parseDetail, type Detail } from '../../contract/declare/details.ts'
import { toEntry } from '../../contract/declare/entry-rules.ts'
import { sentencesIn } from '../../contract/declare/messages.ts'
import { serverReasons, type ServerReason } from '../../contract/declare/reason.ts'
import { entriesForReason } from '../../contract/read/entry-choice.ts'
import { parseMessage, placeholdersOf } from '../../contract/write/message.ts'
import { slotsOf, type Slot } from '../../contract/write/template.ts'
import { templateParserFor } from '../../contract/write/template-parser.ts'
import { headerSlots } from '../../contract/write/slot-text.ts'

/** An entry, as far as it is there. */
export interface LiteralEntry {
  readonly id: string
  readonly path: string
  readonly declared: Partial<EntryDeclaration>
  readonly code: string | number | undefined
  readonly status: number | undefined
  readonly sentAs: number | undefined
  readonly reason: ServerReason | undefined
  readonly retry: RetryRule | undefined
  readonly action: Action | undefined
  /** What it is the answer to, with its own reason first. */
  readonly speaksFor: readonly ServerReason[]
  readonly details: readonly Detail[]
  /** In every language. */
  readonly sentences: readonly string[]
  /** What they name: `limit` of `{limit}`. */
  readonly figures: ReadonlySet<string>
  /** Of the template that it is written in. */
  readonly slots: readonly Slot[]
}

/** A declaration, as far as it is there. */
export interface LiteralContract {
  readonly declaration: Partial<ContractDeclaration>
  readonly entries: readonly LiteralEntry[]
  readonly examples: readonly ExampleDeclaration[]
  readonly documented: readonly DocumentedDeclaration[]
  /** Where it is one already. */
  readonly contract: Contract | undefined
  readonly takesMoney: boolean
}

/** `problems`: what its shape is at fault with. */
export function toLiteralContract(value: unknown, problems: readonly ContractProblem[], contract: Contract | undefined): LiteralContract {
  const isIntact = (path: string): boolean => !problems.some(({ path: at, problem }) => problem !== 'is missing' && (at === path || at.startsWith(`${path}.`) || at.startsWith(`${path}[`)))
  const { entries: declared = {}, ...rest } = intact(isObject(value) ? value : {}, (name) => name === 'entries' || isIntact(name))
  const declaration = rest as Partial<ContractDeclaration>
  const written = Object.entries(isObject(declared) ? declared : {}).flatMap(([id, entry]) =>
    isObject(entry) ? [{ id, declared: intact(entry, (name) => isIntact(`entries.${id}.${name}`)) as Partial<EntryDeclaration> }] : [],
  )
  // Only what has a reason can be the answer to one.
  const chosen = written.flatMap(({ id, declared: entry }) => (entry.reason === undefined ? [] : [toEntry(id, entry as EntryDeclaration, declaration.alwaysStatus)]))
  const answers = serverReasons.map((reason) => ({ reason, entries: answering(chosen, reason) }))
  const entries = written.map(({ id, declared: entry }) => toLiteralEntry(id, entry, declaration, chosen.find((each) => each.id === id), answers))
  return {
    declaration: { ...declaration, entries: Object.fromEntries(written.map(({ id, declared: entry }) => [id, entry as EntryDeclaration])) },
    entries,
    examples: declaration.examples ?? [],
    documented: declaration.documented ?? [],
    contract,
    takesMoney: written.some(({ declared: { reason, status } }) => reason === 'credit.insufficient' || status === 402),
  }
}

/** Those that may be the answer, whatever the facts: up to the first one that always is. */
function answering(entries: readonly Entry[], reason: ServerReason): readonly string[] {
  const chain = entriesForReason(entries, reason)
  const last = chain.findIndex(({ when }) => when === undefined)
  return (last < 0 ? chain : chain.slice(0, last + 1)).map(({ id }) => id)
}

function toLiteralEntry(id: string, declared: Partial<EntryDeclaration>, declaration: Partial<ContractDeclaration>, entry: Entry | undefined, answers: readonly { readonly reason: ServerReason; readonly entries: readonly string[] }[]): LiteralEntry {
  const { message, details = {}, reason, status, family } = declared
  const sentences = message === undefined ? [] : sentencesIn(message)
  const spoken = answers.flatMap((answer) => (answer.reason !== reason && answer.entries.includes(id) ? [answer.reason] : []))
  return {
    id,
    path: `entries.${id}`,
    declared,
    code: declared.code,
    status,
    sentAs: entry?.sentAs ?? declared.sentAs ?? declaration.alwaysStatus ?? status,
    reason,
    retry: entry?.retry ?? declared.retry,
    action: entry?.action ?? declared.action,
    speaksFor: reason === undefined ? [] : [reason, ...spoken],
    details: Object.entries(details).flatMap(([name, text]) => {
      const parsed = parseDetail(name, text)
      return parsed.kind === 'detail' ? [parsed.detail] : []
    }),
    sentences,
    figures: new Set(sentences.flatMap((sentence) => placeholdersOf(parseMessage(sentence, ignore)).map(({ name }) => name))),
    slots: slotsIn(declaration, family),
  }
}

function slotsIn({ envelope, headers = {} }: Partial<ContractDeclaration>, family: string | undefined): readonly Slot[] {
  const template = family === undefined ? envelope?.error : envelope?.families?.[family]
  if (envelope === undefined || template === undefined) return []
  return [...slotsOf(templateParserFor(envelope.contentType)(template, '', ignore)), ...Object.values(headers).flatMap(headerSlots)]
}

function intact(value: { readonly [name: string]: unknown }, isIntact: (name: string) => boolean): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(value).filter(([name, member]) => name !== '__proto__' && member !== undefined && isIntact(name)))
}

function ignore(): void {}

/** Whether it is the reason, or one of its family. */
export function isOf(reason: ServerReason | undefined, ...families: readonly string[]): boolean {
  return reason !== undefined && families.some((family) => reason === family || reason.startsWith(`${family}.`))
}

/** Rate, quota, concurrency and money: four cures, under one status. */
export function limitKindOf(reason: ServerReason | undefined): 'rate' | 'quota' | 'concurrency' | 'money' | undefined {
  if (reason === 'rate.limited') return 'rate'
  if (reason === 'quota.exhausted') return 'quota'
  if (reason === 'concurrency.limited' || reason === 'session.limited') return 'concurrency'
  return reason === 'credit.insufficient' ? 'money' : undefined
}

/** As a list in a sentence. */
export function listed(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
