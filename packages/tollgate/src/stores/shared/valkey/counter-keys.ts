/**
 * Under which keys the server keeps what is counted. All that belongs to one account shares a hash tag, so that a cluster has it on one node; a server by itself has the
 * slots of all accounts under the same keys, since a call that is extended or ends names no account.
 */
import { parseSubject } from '../../../engine/subject.ts'

export interface CounterKeys {
  /** Of slots: owners, slots, deadlines, calls. */
  readonly ofSlots: readonly string[]
  /** Of the subject's record. */
  ofRecord(subject: string): string
}

/** `tag`: whose keys they are, in a cluster. */
export function createCounterKeys(prefix: string, tag: string | undefined): CounterKeys {
  const of = tag === undefined ? prefix : `${prefix}{${escapeTag(tag)}}:`
  return {
    ofSlots: ['owners', 'slots', 'deadlines', 'calls'].map((name) => of + name),
    ofRecord: (subject) => `${of}record:${subject}`,
  }
}

/** A tag ends at the first brace, and an empty one is none. */
function escapeTag(tag: string): string {
  return tag.replaceAll('%', '%25').replaceAll('}', '%7D') || '%'
}

/**
 * Whose node of a cluster a subject's record is on: its account's, where it has one. A key's text does not say whose it is, so the command must. Undefined: that is missing.
 */
export function tagOf(subject: string, accountId: string | undefined): string | undefined {
  const parsed = parseSubject(subject)
  switch (parsed?.of) {
    case 'account':
      return `account ${parsed.id}`
    case 'user':
      return `account ${parsed.account}`
    case 'key':
      return accountId === undefined ? undefined : `account ${accountId}`
    case 'ip':
    case 'resource':
    case 'lease':
    case undefined:
      return subject
  }
}
