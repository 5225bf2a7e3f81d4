/** Entries as lists and tables name them. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { authoredInline, badgeInline, codeInline, linkInline, tableBlock, type BadgeTone, type Block, type Inline, type InlineLike } from '../model/page.ts'
import { actorWords } from '../model/words/action-words.ts'

/** Its code, or its title where it has none, leading to its page. */
export function entryLink({ code, title, address }: DescribedEntry): Inline {
  return linkInline(address, code === '' ? title : codeInline(String(code)))
}

/** Whether its code alone does not name it, and its title says more. */
export function isAmongOthers({ id, code, title }: DescribedEntry, all: readonly DescribedEntry[]): boolean {
  return code !== '' && all.some((other) => other.id !== id && other.code === code) && title.toLowerCase() !== String(code).toLowerCase().replaceAll(/[_-]/g, ' ')
}

/** In lists whose lines must be told apart though several entries share a code. */
export function entryLinkAmong(entry: DescribedEntry, all: readonly DescribedEntry[]): readonly InlineLike[] {
  return isAmongOthers(entry, all) ? [entryLink(entry), ` (${lowerFirst(entry.title)})`] : [entryLink(entry)]
}

export function statusBadge(status: number): Inline {
  const tone: BadgeTone = status === 429 ? 'limit' : status < 400 ? 'success' : status < 500 ? 'refused' : 'failed'
  return badgeInline(tone, String(status))
}

export function retryBadge({ retry }: DescribedEntry): Inline {
  return badgeInline(retry.rule, linkInline(`retries#${retry.rule}`, retry.title))
}

/** `Caller`, in a column that asks who acts. */
export function actorName({ actor }: DescribedEntry): string {
  const name = actorWords[actor].title.replace(/^The /, '')
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

/** What a person does first: in the author's words, where there are some. */
export function cureOf({ remedy, action }: DescribedEntry): Inline {
  return remedy === undefined ? { kind: 'text', text: action.words } : authoredInline(remedy)
}

/** By the statuses that a caller sees, rising. */
export function byStatus(entries: readonly DescribedEntry[]): readonly (readonly [status: number, entries: readonly DescribedEntry[]])[] {
  const statuses = [...new Set(entries.map(({ sentAs }) => sentAs))].toSorted((a, b) => a - b)
  return statuses.map((status) => [status, entries.filter(({ sentAs }) => sentAs === status)])
}

/** A table of entries that answers what one sees, what it is, and what one does. */
export function cureTable(caption: string, entries: readonly DescribedEntry[], { entries: all }: DescribedContract): Block {
  return tableBlock(
    caption,
    ['You see', 'It is this', 'Retry', 'Do this'],
    entries.map((entry) => [[statusBadge(entry.sentAs), ' ', ...entryLinkAmong(entry, all)], [authoredInline(entry.meaning)], [retryBadge(entry)], [cureOf(entry)]]),
  )
}

/** The same where the status is in the heading. */
export function differenceTable(caption: string, entries: readonly DescribedEntry[], { entries: all }: DescribedContract): Block {
  return tableBlock(
    caption,
    ['Code', 'It is this', 'Retry', 'Who acts', 'Cure'],
    entries.map((entry) => [entryLinkAmong(entry, all), [authoredInline(entry.meaning)], [retryBadge(entry)], [actorName(entry)], [cureOf(entry)]]),
  )
}

/** Where the code stands in the body. Undefined: nowhere. */
export function codePlace({ members, entries }: DescribedContract): string | undefined {
  return entries.some(({ code }) => code !== '') ? members.find(({ slot }) => slot === 'code')?.place : undefined
}

export function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`
}

/** `a, b and c`. */
export function enumerated(items: readonly Inline[]): readonly InlineLike[] {
  return items.flatMap((item, at): readonly InlineLike[] => (at === 0 ? [item] : [at === items.length - 1 ? ' and ' : ', ', item]))
}

/** In the order in which each key comes first. */
export function groupedBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
