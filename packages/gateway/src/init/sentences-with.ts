import { sentencesIn, type EntryDeclaration } from 'tollgate/contract'

/** Of several sentences those that need only the details which an entry has. */
export function sentencesWith(details: EntryDeclaration['details'], message: EntryDeclaration['message']): EntryDeclaration['message'] {
  const known = Object.keys(details ?? {})
  const left = sentencesIn(message).filter((sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].every(([, name]) => name !== undefined && known.includes(name)))
  return left.length === 1 ? (left[0] ?? message) : left
}
