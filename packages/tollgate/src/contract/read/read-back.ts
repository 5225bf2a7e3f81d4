/** What a contract understands of its own answers. One that does not understand itself is understood by nobody. */
import type { Contract, Entry } from '../declare/contract.ts'
import { refuse } from '../declare/refusal.ts'
import type { ReadError, TextAnswer } from '../declare/wire.ts'
import { parseMessage } from '../write/message.ts'
import { toReceivedHeaders } from './received-headers.ts'

/** One answer of an entry, and what is read of it. */
export interface ReadBack {
  readonly sent: TextAnswer
  readonly read: ReadError | undefined
}

/** One for each sentence that the entry may say, in their order; figures stand for themselves. */
export function readBack(contract: Contract, entry: Entry): readonly ReadBack[] {
  const context = { requestId: contract.mintRequestId(new Uint8Array(16)), nowMs: 0 }
  const error = contract.render(refuse(entry.reason, {}, { entry: entry.id }), context)
  return [entry.message].flat().map((sentence) => {
    const sent = contract.write({ ...error, message: withSamples(sentence) }, context)
    return { sent, read: contract.read({ status: sent.status, headers: toReceivedHeaders(sent.headers), body: sent.body }) }
  })
}

function withSamples(sentence: string): string {
  return parseMessage(sentence, () => {})
    .map((part) => (typeof part === 'string' ? part : '0'))
    .join('')
}
