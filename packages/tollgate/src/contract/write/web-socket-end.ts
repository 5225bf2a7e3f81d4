/** The end of a WebSocket that is open (RFC 6455 section 5.5.1): an error in the dialect's own message, and a close that says it in one code and a few words. */
import { closeCodeOf } from '../declare/close-code.ts'
import type { Entry } from '../declare/contract.ts'
import type { WebSocketDeclaration } from '../declare/declaration.ts'
import type { Detail } from '../declare/details.ts'
import type { WebSocketEnd, WireError } from '../declare/wire.ts'
import { utf8Prefix } from '../values/utf8-length.ts'
import { parseHeader } from './slot-text.ts'
import type { Slot, TemplateNode } from './template.ts'
import { compileWriter, type EntryLookup } from './write-template.ts'

/** A control frame has room for 125 bytes (RFC 6455 section 5.5), and the code takes two. */
export const CLOSE_REASON_BYTES_MAX = 123

export type WebSocketEndWriter = (error: WireError) => WebSocketEnd

export function closeReasonParts({ close: { reason = '$code' } = {} }: WebSocketDeclaration): readonly (string | Slot)[] {
  return parseHeader(reason)
}

/** `frame` undefined: none is sent. */
export function compileWebSocketEnd(form: WebSocketDeclaration, frame: TemplateNode | undefined, entry: Entry, details: readonly Detail[], lookup: EntryLookup): WebSocketEndWriter {
  const writeFrame = frame && compileWriter(frame, entry, details, lookup)
  const writeReason = compileWriter({ kind: 'text', parts: closeReasonParts(form) }, entry, details)
  const closeCode = closeCodeOf(entry, form)
  return (error) => ({ frame: writeFrame?.(error), closeCode, closeReason: utf8Prefix(writeReason(error), CLOSE_REASON_BYTES_MAX) })
}
