/** Errors in the middle of a `text/event-stream` (WHATWG HTML, section 9.2): the status is long gone, so the frame says it all. */
import type { StreamDeclaration } from '../declare/declaration.ts'

/** `data` is JSON and so holds no line break of its own. */
export function formatStreamFrame(stream: StreamDeclaration, data: string): string {
  const event = stream.event === undefined ? '' : `event: ${stream.event}\n`
  const end = stream.afterError === undefined ? '' : `data: ${stream.afterError}\n\n`
  return `${event}data: ${data}\n\n${end}`
}

/** Whether an event may be this dialect's error. Senders are lax with names, so a missing one is forgiven and a different one is not. */
export function isStreamErrorName(stream: StreamDeclaration, event: string | undefined): boolean {
  return stream.event === undefined || event === undefined || event === 'message' || event === stream.event
}
