/** What the search of the pages looks through: each error, each page and each of their sections. As JSON for programs, and as a script, since a page that is opened from a disk loads no JSON. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import type { Block, Page } from '../model/page.ts'
import { proseText } from '../write/prose-text.ts'
import { inlineText } from '../write/inline-text.ts'
import type { SitePages } from './site-pages.ts'

export interface SearchItem {
  /** Of the page, perhaps with `#section`. */
  readonly address: string
  readonly title: string
  readonly summary: string
  /** What it is found by beside these, in lower case. */
  readonly words: string
}

export function searchIndex(contract: DescribedContract, { overview, indexes, guides }: SitePages): readonly SearchItem[] {
  return [...contract.entries.map(entryItem), ...[overview, ...indexes, ...guides].flatMap((page) => [pageItem(page), ...sectionItems(page)])]
}

function entryItem(entry: DescribedEntry): SearchItem {
  const { address, code, title, sentAs, status, reason, meaning, description, remedy = '', messages, facts, retry, action, causes } = entry
  const sentences = Object.values(messages).flat()
  return {
    address,
    title: code === '' ? title : String(code),
    summary: `${sentAs} · ${proseText(meaning)}`,
    words: wordsOf([title, String(status), reason, description, remedy, ...sentences, ...facts.map(({ wireName }) => wireName), retry.title, action.title, ...causes.map((cause) => `${cause.reason} ${cause.title}`)]),
  }
}

function pageItem({ address, title, summary }: Page): SearchItem {
  return { address, title, summary, words: '' }
}

function sectionItems({ address, title, blocks }: Page): readonly SearchItem[] {
  return blocks.flatMap((block, at) => (block.kind === 'heading' && block.level === 2 ? [{ address: `${address}#${block.id}`, title: inlineText(block.content), summary: title, words: wordsOf([firstWords(blocks[at + 1])]) }] : []))
}

function firstWords(block: Block | undefined): string {
  return block?.kind === 'paragraph' ? inlineText(block.content) : ''
}

function wordsOf(texts: readonly string[]): string {
  return [...new Set(proseText(texts.join(' ')).toLowerCase().split(/[^\p{L}\p{N}._-]+/u))].filter((word) => word.length > 1).join(' ')
}

/** Sets what the script of the pages looks for. */
export function searchScript(items: readonly SearchItem[]): string {
  return `tollgateSearch = ${JSON.stringify(items)}\n`
}
