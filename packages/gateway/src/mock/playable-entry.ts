/** The entries of a contract, as a mock shows them to people and programs. */
import { compact, sentencesIn, type Contract, type Entry } from 'tollgate/contract'

export interface PlayableEntry extends Pick<Entry, 'id' | 'code' | 'status' | 'sentAs' | 'reason' | 'retry' | 'action' | 'description' | 'remedy'> {
  readonly message: string
  /** Where it is provoked. */
  readonly path: string
}

export function describeEntries({ entries }: Contract): readonly PlayableEntry[] {
  return [...entries.values()].map(({ id, code, status, sentAs, reason, retry, action, description, remedy, message }) =>
    compact({ id, code, status, sentAs, reason, retry, action, description, remedy, message: sentencesIn(message)[0] ?? '', path: `/_mock/${id}` }) as PlayableEntry)
}
