/** Entries that a caller may take for one another, by status or by code, though they are cured in another way. */
import type { Contract, Entry } from 'tollgate/contract'
import type { DescribedRelation } from './described-contract.ts'
import { actionWords, actorOf } from './words/action-words.ts'
import { retryWords } from './words/retry-words.ts'

export function relatedEntries({ entries }: Contract, entry: Entry): readonly DescribedRelation[] {
  return [...entries.values()].flatMap((other) => {
    if (other.id === entry.id) return []
    const shared = sharedBy(entry, other)
    const differs = differenceBetween(entry, other)
    return shared === undefined || differs === undefined ? [] : [{ id: other.id, why: `${shared}, and ${differs}` }]
  })
}

function sharedBy(entry: Entry, other: Entry): string | undefined {
  if (entry.code !== '' && entry.code === other.code) return entry.sentAs === other.sentAs ? 'The same code and status' : `The same code, with status ${other.sentAs}`
  return entry.status === other.status ? `The same status ${other.status}` : undefined
}

/** What is done about the other one, where that is something else. */
function differenceBetween(entry: Entry, other: Entry): string | undefined {
  const cure = entry.action === other.action ? undefined : lowerFirst(actionWords[other.action].words)
  if (entry.retry !== other.retry) {
    const rule = other.retry === 'never' ? 'no program repeats it' : `it is repeated (${retryWords[other.retry].title.toLowerCase()})`
    return cure === undefined ? rule : `${rule}: ${cure}`
  }
  if (cure !== undefined) return `another cure: ${cure}`
  return actorOf(entry.reason, entry.action) === actorOf(other.reason, other.action) ? undefined : 'somebody else must act'
}

function lowerFirst(words: string): string {
  return `${words.charAt(0).toLowerCase()}${words.slice(1).replace(/\.$/, '')}`
}
