/** What a contract understands of its own answers. One that does not understand itself is understood by nobody. */
import type { Contract, Entry } from '../declare/contract.ts'
import { refuse } from '../declare/refusal.ts'
import type { ReadError, TextAnswer, WebSocketEnd } from '../declare/wire.ts'
import { sentencesIn, translationsOf } from '../declare/messages.ts'
import { parseMessage, placeholdersOf, withoutFigures } from '../write/message.ts'
import { recognisedBy } from './recognition.ts'
import { sampleOf } from './pattern.ts'
import { toReceivedHeaders } from './received-headers.ts'

/** One answer of an entry, and what is read of it. */
export interface ReadBack {
  readonly sent: TextAnswer
  readonly read: ReadError | undefined
}

/** One for each sentence that the entry may say, in their order. Of a dialect that is only read it is known by what its sentences are recognised. */
export function readBack(contract: Contract, entry: Entry): readonly ReadBack[] {
  const context = { requestId: contract.mintRequestId(new Uint8Array(16)), nowMs: 0 }
  const error = contract.render(refuse(entry.reason, {}, { entry: entry.id }), context)
  const patterns = contract.declaration.decodeOnly === true ? recognisedBy(entry).message : []
  return (patterns.length > 0 ? patterns.map(sampleOf) : sentencesOf(entry)).map((message) => {
    const sent = contract.write({ ...error, message }, context)
    return { sent, read: contract.read({ status: sent.status, headers: toReceivedHeaders(sent.headers), body: sent.body }) }
  })
}

/** The end of a WebSocket by an entry, and what is read of its two halves. */
export interface EndBack {
  readonly sent: WebSocketEnd
  readonly frame: ReadError | undefined
  readonly close: ReadError | undefined
}

/** Undefined where the contract has no form for it. */
export function readEndBack(contract: Contract, { id, reason }: Entry): EndBack | undefined {
  const context = { requestId: contract.mintRequestId(new Uint8Array(16)), nowMs: 0 }
  const sent = contract.webSocketEnd(refuse(reason, {}, { entry: id }), context)
  return sent && { sent, frame: sent.frame === undefined ? undefined : contract.readFrame(sent.frame), close: contract.readClose({ code: sent.closeCode, reason: sent.closeReason }) }
}

/** Figures stand for themselves. Last comes what is said where a figure is missing that the entry has promised. */
export function sentencesOf({ message, description, attributes = {} }: Entry): readonly string[] {
  return (translationsOf(message) ?? [['', sentencesIn(message)] as const]).flatMap(([, texts]) => sentencesOfLanguage(texts, description, attributes))
}

function sentencesOfLanguage(texts: readonly string[], description: string, attributes: NonNullable<Entry['attributes']>): readonly string[] {
  const last = texts.at(-1) ?? ''
  const mayBeMissing = placeholdersOf(parseMessage(last, ignore)).some(({ name }) => !['code', 'status', 'requestId', ...Object.keys(attributes)].includes(name))
  const fallback = mayBeMissing ? [withoutFigures(last, description)] : []
  const filled = texts.map((text) => parseMessage(text, ignore).map((part) => (typeof part === 'string' ? part : '0')).join(''))
  return [...filled, ...fallback]
}

function ignore(): void {}
