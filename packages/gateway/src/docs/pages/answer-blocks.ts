/** An answer as it goes over the wire, and the other forms of the same refusal. */
import { STATUS_CODES } from 'node:http'
import type { TextAnswer } from 'tollgate/contract'
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { pairsOf } from '../model/describe-headers.ts'
import { authoredInline, codeBlock, codeInline, headingBlock, paragraphBlock, tableBlock, type Block } from '../model/page.ts'

export function httpBlock({ status, headers, body }: TextAnswer, label?: string): Block {
  return { kind: 'http', head: [statusLine(status), ...pairsOf(headers).map(([name, value]) => `${name}: ${value}`)].join('\n'), body, label }
}

function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
}

/** `429 Too Many Requests`. */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd()
}

export function answerBlocks(contract: DescribedContract, entry: DescribedEntry): readonly Block[] {
  const { example, status, sentAs, streamFrame, webSocketEnd } = entry
  return [
    headingBlock(2, 'answer', 'The answer'),
    ...(sentAs === status ? [] : [paragraphBlock('It means ', codeInline(statusText(status)), ', and is sent with status ', codeInline(String(sentAs)), ': look at the body.')]),
    httpBlock(example.answer),
    ...(streamFrame === undefined ? [] : [headingBlock(3, 'stream', 'In the middle of a stream'), paragraphBlock('Where a stream of events has begun, the status is sent already. The refusal comes as an event:'), codeBlock('text', streamFrame.trimEnd())]),
    ...(webSocketEnd === undefined ? [] : webSocketBlocks(webSocketEnd)),
    ...languageBlocks(contract, entry),
  ]
}

function webSocketBlocks({ frame, closeCode, closeReason }: NonNullable<DescribedEntry['webSocketEnd']>): readonly Block[] {
  return [
    headingBlock(3, 'web-socket', 'Once a WebSocket is open'),
    paragraphBlock(frame === undefined ? 'It is closed with code ' : 'A message says it, and then it is closed with code ', codeInline(String(closeCode)), ' and the reason ', codeInline(closeReason), '.'),
    ...(frame === undefined ? [] : [codeBlock('json', frame)]),
  ]
}

/** The sentence in each language, where the contract has several; `Accept-Language` asks for one. */
function languageBlocks({ languages }: DescribedContract, { messages }: DescribedEntry): readonly Block[] {
  if (languages.length < 2) return []
  return [
    headingBlock(3, 'languages', 'In other languages'),
    paragraphBlock('The header ', codeInline('Accept-Language'), ' asks for one; the first of these is sent otherwise.'),
    tableBlock('The message by language', ['Language', 'Message'], languages.flatMap((language) => (messages[language] ?? []).map((sentence) => [[codeInline(language)], [authoredInline(`\`${sentence}\``)]]))),
  ]
}
