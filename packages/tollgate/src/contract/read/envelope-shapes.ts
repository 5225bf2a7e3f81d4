/** The templates of an envelope, parsed, each with what it shares with the others marked. */
import type { ContractDeclaration } from '../declare/declaration.ts'
import { parseTemplateBy } from '../write/template-grammar.ts'
import type { TemplateNode } from '../write/template.ts'
import type { FamilyTemplate, ReadingPlan } from './reading.ts'
import { codecFor, type ReadingParts } from './parts/reading-parts.ts'
import { createTemplateReader, type ReadTemplate } from './template-reading.ts'

export interface Shapes extends Pick<ReadingPlan, 'success' | 'stream'> {
  readonly families: readonly FamilyTemplate[]
  readonly successTemplate: TemplateNode | undefined
  readonly readTemplate: ReadTemplate
  /** Of a WebSocket's messages, where the contract has a form for them. */
  readonly frame: TemplateNode | undefined
}

/** Of a checked declaration. */
export function shapesOf({ envelope }: ContractDeclaration, parts: ReadingParts): Shapes {
  const { frame = envelope.error } = envelope.webSocket ?? {}
  const readTemplate = createTemplateReader(parts)
  const parseJson = (template: unknown): TemplateNode => parseTemplateBy(parts, template, '', alreadyChecked)
  const parse = codecFor(envelope.contentType, parts)?.parseTemplate ?? parseJson
  const markShared = (node: TemplateNode, others: readonly TemplateNode[]): TemplateNode => parts.successes?.markShared(node, others) ?? node
  const successTemplate = envelope.success === undefined ? undefined : parse(envelope.success)
  const successes = successTemplate === undefined ? [] : [successTemplate]
  const families: readonly FamilyTemplate[] = [
    { family: undefined, node: markShared(parse(envelope.error), successes) },
    ...Object.entries(envelope.families ?? {}).map(([family, template]) => ({ family, node: markShared(parse(template), successes) })),
  ]
  return {
    families,
    successTemplate,
    success: successTemplate && parts.successes?.createSuccessForm(successTemplate, families.map(({ node }) => node), readTemplate),
    readTemplate,
    stream: envelope.stream === undefined ? undefined : markShared(parseJson(envelope.stream.data ?? envelope.error), successes),
    frame: envelope.webSocket === undefined || frame === null ? undefined : markShared(parseJson(frame), successes),
  }
}

/** A declaration comes here only when it has no problems. */
function alreadyChecked(): void {}
