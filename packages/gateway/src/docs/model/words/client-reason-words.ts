/** What the reasons mean that only a caller can have, in words. */
import type { ClientReason } from 'tollgate/contract'
import type { ReasonWords } from './reason-words.ts'

export const clientReasonWords: { readonly [R in ClientReason]: ReasonWords } = {
  'network.failed': { title: 'No answer: the connection failed', cause: 'No answer came. The connection could not be made, or broke off.' },
  'network.timeout': { title: 'No answer in time', cause: 'No answer came in the time that was waited for it. Whether the work was done is not known.' },
  'outcome.unknown': { title: 'Outcome not known', cause: 'It may have been done, and nobody has said so.' },
  aborted: { title: 'Given up', cause: 'Whoever called has given up before there was an answer.' },
  unknown: { title: 'Not known', cause: 'The answer says no, and not why.' },
}
