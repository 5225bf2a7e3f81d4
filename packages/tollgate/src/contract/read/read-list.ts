/** The items of a list that an answer holds: which of them are errors, which of these is the worst, and what they say together. */
import type { Entry } from '../declare/contract.ts'
import type { RetryRule } from '../declare/declaration.ts'
import type { WireIssue } from '../declare/wire.ts'
import type { FoundList, FoundSlots } from './found-slots.ts'
import type { SuccessForm } from './success-form.ts'

export interface ListReading {
  readonly errors: readonly ListItem[]
  /** How many items say that they succeeded. */
  readonly succeeded: number
}

export interface ListItem {
  readonly index: number
  readonly found: FoundSlots
  readonly entry: Entry | undefined
}

/** `success`: the form of an item that is no error. Undefined: no item is an error. */
export function readList({ items, others }: FoundList, success: SuccessForm | undefined, entryOf: (found: FoundSlots) => Entry | undefined): ListReading | undefined {
  const failed = items.filter(({ value, found }) => success?.isSaidBy(value) !== true && success?.codes.has(String(found.code)) !== true)
  const isSilent = ({ found }: (typeof items)[number]): boolean => found.code === undefined && found.message === undefined && found.marks === 0
  const errors = failed.flatMap((item) => (isSilent(item) ? [] : [{ index: item.index, found: item.found, entry: entryOf(item.found) }]))
  // What says nothing of an error, and what contradicts its form, may have the form of a success.
  const fitting = [...failed.filter(isSilent).map(({ value }) => value), ...others].filter((value) => success?.fits(value) === true)
  return errors.length === 0 ? undefined : { errors, succeeded: items.length - failed.length + fitting.length }
}

/** The less a repetition helps, the worse. */
const severity: readonly RetryRule[] = ['wait', 'backoff', 'refresh', 'never']

/** Of equals the first. An error that no entry knows is worse than one for which waiting helps, and better than one that is final. */
export function worstOf<Item extends { readonly entry: Entry | undefined }>(errors: readonly Item[]): Item | undefined {
  const rank = ({ entry }: Item): number => (entry === undefined ? 1 : severity.indexOf(entry.retry))
  return errors.reduce<Item | undefined>((worst, item) => (worst === undefined || rank(item) > rank(worst) ? item : worst), undefined)
}

/** What the whole says, and one item beside it. What the item says itself goes first. */
export function withItem(whole: FoundSlots, item: FoundSlots): FoundSlots {
  return {
    ...whole,
    ...item,
    named: new Map([...whole.named, ...item.named]),
    attributes: new Map([...whole.attributes, ...item.attributes]),
    details: whole.details === undefined ? item.details : { ...whole.details, ...item.details },
    literals: whole.literals + item.literals,
    marks: whole.marks + item.marks,
    holdsFields: whole.holdsFields || item.holdsFields,
    nested: whole.nested || item.nested,
  }
}

/** What a list comes to: the whole with what its worst item says, and the entry of that. Undefined: it lists no error. */
export interface ResolvedList {
  readonly found: FoundSlots
  readonly list: ListReading | undefined
  readonly entry: Entry | undefined
}

export function resolveList(whole: FoundSlots, success: SuccessForm | undefined, entryOf: (found: FoundSlots) => Entry | undefined): ResolvedList | undefined {
  const isOfErrors = whole.list?.of === 'errors'
  const list = isOfErrors && whole.list !== undefined ? readList(whole.list, success, entryOf) : undefined
  if (isOfErrors && whole.list !== undefined && whole.list.length > 0 && list === undefined) return undefined
  const worst = list && worstOf(list.errors)
  const found = worst === undefined ? whole : withItem(whole, worst.found)
  const issues = issuesIn(list?.errors ?? whole.list?.items ?? [])
  if (issues.length > 0) found.issues = issues
  return { found, list, entry: worst?.entry }
}

/** The fields at fault that the items of a list name. */
export function issuesIn(items: readonly { readonly found: FoundSlots }[]): readonly WireIssue[] {
  return items.flatMap(({ found }) => found.issue ?? [])
}
