import type { DescribedContract } from '../model/described-contract.ts'
import { codeBlock, codeInline, headingBlock, paragraphBlock, tableBlock, type Block, type Page } from '../model/page.ts'
import { entryLinkAmong } from './entry-cells.ts'
import { proseOf } from './guide-prose.ts'
import { typicalEntry } from './typical-entry.ts'

/** Errors once a stream or a WebSocket is open. Undefined where the contract has a form for neither. */
export function streamsPage(described: DescribedContract): Page | undefined {
  const { declaration: { envelope } } = described
  if (envelope.stream === undefined && envelope.webSocket === undefined) return undefined
  return {
    address: 'streams',
    title: 'Streams',
    summary: 'How an error is said once an answer has begun, and how to see that one was cut off.',
    blocks: [
      paragraphBlock('Once an answer has begun its status is sent: what fails then is said in the stream itself. Whoever reads one looks at each event, and at its end.'),
      ...proseOf(described, 'streams'),
      ...eventBlocks(described),
      ...socketBlocks(described),
    ],
  }
}

function eventBlocks(described: DescribedContract): readonly Block[] {
  const { declaration: { envelope: { stream } } } = described
  if (stream === undefined) return []
  const frame = typicalEntry(described).streamFrame
  const ends = stream.end === undefined ? [] : [stream.end].flat()
  return [
    headingBlock(2, 'events', 'Server-sent events'),
    ...(frame === undefined ? [] : [paragraphBlock('An error comes as one more event', ...(stream.event === undefined ? [', told from the others by what it says.'] : [' named ', codeInline(stream.event), '.'])), codeBlock('text', frame, 'An error within a stream')]),
    ...(ends.length === 0
      ? [paragraphBlock('Nothing says that a stream is whole.')]
      : [paragraphBlock('A stream that is whole ends with ', ...ends.flatMap(({ data, event }, at) => [...(at === 0 ? [] : [' or ']), ...(event === undefined ? [] : ['the event ', codeInline(event)]), ...(event === undefined || data === undefined ? [] : [' with ']), ...(data === undefined ? [] : ['the data ', codeInline(data)])]), '. One that ends without it was cut off: what came is not all.')]),
  ]
}

function socketBlocks({ declaration: { envelope: { webSocket } }, entries }: DescribedContract): readonly Block[] {
  if (webSocket === undefined) return []
  return [
    headingBlock(2, 'web-sockets', 'WebSockets'),
    paragraphBlock(webSocket.frame === null ? 'No message is sent: the close says it all.' : 'An error comes as one message, and the close follows it.'),
    tableBlock('How a WebSocket is closed', ['Error', 'Close code', 'Close reason'], entries.flatMap((entry) => (entry.webSocketEnd === undefined ? [] : [[entryLinkAmong(entry, entries), [codeInline(String(entry.webSocketEnd.closeCode))], [codeInline(entry.webSocketEnd.closeReason)]]]))),
  ]
}
