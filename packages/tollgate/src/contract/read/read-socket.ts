/** Reads what ends a WebSocket that was open: a message, and the close that follows it. */
import type { ReadError, ReceivedClose } from '../declare/wire.ts'
import type { TemplateNode } from '../write/template.ts'
import { toBoundedText } from './bounded-json.ts'
import { createCloseReadingFinder } from './read-close.ts'
import type { ErrorReader } from './read-error.ts'
import { createReadingFinder, type ReadingPlan } from './reading.ts'

export interface SocketReader {
  readFrame(data: string | Uint8Array): ReadError | undefined
  readClose(close: ReceivedClose): ReadError | undefined
}

export function createSocketReader(plan: ReadingPlan, frame: TemplateNode | undefined, { toReadError, readMessage }: ErrorReader): SocketReader {
  const { declaration } = plan
  const { webSocket, ...envelope } = declaration.envelope
  // A message has no name: what it says must tell that it is an error, in its own form.
  const findInFrame = frame && createReadingFinder({ ...plan, templates: [{ family: undefined, node: frame }], stream: frame, declaration: { ...declaration, envelope: { ...envelope, stream: {} } } })
  const findInClose = webSocket && createCloseReadingFinder(webSocket, plan.entries)
  return {
    readFrame: (data) => findInFrame && readMessage(findInFrame, data),
    readClose({ code, reason = '' }) {
      const text = toBoundedText(reason)
      const reading = text === undefined ? undefined : findInClose?.(code, text)
      return reading && toReadError(reading)
    },
  }
}
