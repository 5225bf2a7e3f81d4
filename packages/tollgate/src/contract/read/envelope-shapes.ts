/** The templates of an envelope, parsed, each with what it shares with the others marked. */
import type { ContractDeclaration } from '../declare/declaration.ts'
import { templateParserFor } from '../write/template-parser.ts'
import { parseTemplate } from '../write/parse-template.ts'
import type { TemplateNode } from '../write/template.ts'
import type { FamilyTemplate, ReadingPlan } from './reading.ts'
import { markShared } from './shared-constants.ts'
import { createSuccessForm } from './success-form.ts'

export interface Shapes extends Pick<ReadingPlan, 'success' | 'stream'> {
  readonly families: readonly FamilyTemplate[]
  readonly successTemplate: TemplateNode | undefined
  /** Of a WebSocket's messages, where the contract has a form for them. */
  readonly frame: TemplateNode | undefined
}

/** Of a checked declaration. */
export function shapesOf({ envelope }: ContractDeclaration): Shapes {
  const { frame = envelope.error } = envelope.webSocket ?? {}
  const parseBody = templateParserFor(envelope.contentType)
  const parse = (template: unknown): TemplateNode => parseBody(template, '', alreadyChecked)
  const successTemplate = envelope.success === undefined ? undefined : parse(envelope.success)
  const successes = successTemplate === undefined ? [] : [successTemplate]
  const families: readonly FamilyTemplate[] = [
    { family: undefined, node: markShared(parse(envelope.error), successes) },
    ...Object.entries(envelope.families ?? {}).map(([family, template]) => ({ family, node: markShared(parse(template), successes) })),
  ]
  return {
    families,
    successTemplate,
    success: successTemplate === undefined ? undefined : createSuccessForm(successTemplate, families.map(({ node }) => node)),
    stream: envelope.stream === undefined ? undefined : markShared(parseTemplate(envelope.stream.data ?? envelope.error, '', alreadyChecked), successes),
    frame: envelope.webSocket === undefined || frame === null ? undefined : markShared(parseTemplate(frame, '', alreadyChecked), successes),
  }
}

/** A declaration comes here only when it has no problems. */
function alreadyChecked(): void {}
