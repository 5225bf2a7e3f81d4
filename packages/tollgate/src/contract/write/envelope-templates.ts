/** The parsed templates of a declaration, for those that describe what stands on the wire: schemas, types, pages. */
import type { ContractDeclaration, EntryDeclaration } from '../declare/declaration.ts'
import { parseTemplate } from './parse-template.ts'
import { templateParserFor } from './template-parser.ts'
import type { TemplateNode } from './template.ts'

/** What a contract writes, by where it does. */
export interface EnvelopeTemplates {
  /** Of the answer of an entry: that of its family. */
  of(entry: Pick<EntryDeclaration, 'family'>): TemplateNode
  /** Of an event in the middle of a stream, where the contract has a form for it. JSON whatever the answers are. */
  readonly stream: TemplateNode | undefined
  /** Of a message of a WebSocket, the same. */
  readonly frame: TemplateNode | undefined
}

/**
 * The templates of a checked declaration, as trees.
 *
 * @example
 * const { declaration } = contract
 * for (const entry of contract.entries.values()) envelopeTemplates(declaration).of(entry).kind satisfies string
 */
export function envelopeTemplates({ envelope }: Pick<ContractDeclaration, 'envelope'>): EnvelopeTemplates {
  const parse = templateParserFor(envelope.contentType)
  const parsed = (template: unknown, by = parse): TemplateNode => by(template, '', alreadyChecked)
  const families = new Map(Object.entries(envelope.families ?? {}).map(([family, template]) => [family, parsed(template)]))
  const error = parsed(envelope.error)
  const frame = envelope.webSocket === undefined ? null : envelope.webSocket.frame === undefined ? envelope.error : envelope.webSocket.frame
  return {
    of: ({ family }) => (family === undefined ? undefined : families.get(family)) ?? error,
    stream: envelope.stream === undefined ? undefined : parsed(envelope.stream.data ?? envelope.error, parseTemplate),
    frame: frame === null ? undefined : parsed(frame, parseTemplate),
  }
}

function alreadyChecked(): void {}
