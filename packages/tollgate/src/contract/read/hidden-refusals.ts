/**
 * Refusals under a success status, as many dialects send them: `{"success":false}` in a 200. Their bodies must be read before it is known what they are,
 * which costs waiting; so this says for which answers it is worth it, and when a body has said enough to be no error.
 */
import type { Entry, HiddenRefusals } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { recognitionOf } from './recognition.ts'
import { readTemplate } from './read-template.ts'
import type { Reader } from './reader.ts'
import { holdsOnly, type FamilyTemplate } from './reading.ts'
import { hasMark } from './shared-constants.ts'
import type { SuccessForm } from './success-form.ts'
import { bodyFormatOf } from '../write/body-format.ts'
import type { TemplateNode } from '../write/template.ts'
import { toBody } from './body.ts'
import { toBoundedText } from './bounded-json.ts'
import type { XmlParser } from './xml-tree.ts'

/** What frameworks call JSON that nobody has named: PHP and Flask `text/html`, Go `text/plain`. A text that does not begin as an object is none by its first byte. */
const mayHoldJson = new Set(['application/json', 'text/json', 'application/x-json', 'application/javascript', 'text/javascript', 'text/plain', 'text/html', ''])

export interface HiddenRefusalsPlan {
  readonly declaration: ContractDeclaration
  readonly entries: readonly Entry[]
  readonly templates: readonly FamilyTemplate[]
  readonly success: SuccessForm | undefined
  readonly reader: Reader | undefined
  readonly parseXml: XmlParser | undefined
}

export function createHiddenRefusals({ declaration, entries, templates, success, reader, parseXml }: HiddenRefusalsPlan): HiddenRefusals {
  const contentType = (declaration.envelope.contentType ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const format = bodyFormatOf(contentType)
  const isText = format === 'text'
  const nodes = templates.map(({ node }) => node)
  const isTold = success !== undefined || reader !== undefined || nodes.some((node) => hasMark(node) || hasNested(node, 0))
  const known = entries.map(recognitionOf)
  const isMeantBelow400 = success !== undefined || entries.some(({ sentAs }) => sentAs < 400)
  /** Believed for its nesting alone, an error has nothing beside it. */
  const isResource = (node: TemplateNode, body: unknown): boolean => !isMeantBelow400 && !hasMark(node) && !holdsOnly(node, body)

  return {
    mayBe(status, mediaType) {
      const isJson = contentType === 'application/json' && (mayHoldJson.has(mediaType) || (mediaType.endsWith('+json') && mediaType !== 'application/problem+json'))
      const isXml = format === 'xml' && (mediaType === '' || bodyFormatOf(mediaType) === 'xml')
      return (isJson || (format === 'xml' ? isXml && parseXml !== undefined : mediaType === contentType)) && (isTold || known.some((recognition) => recognition.fitOfStatus(status) > 0))
    },
    parse: (body) => {
      const text = toBoundedText(body)
      return text === undefined ? undefined : toBody(text, format, parseXml)
    },
    saysSuccess: (body) => success?.item === undefined && success?.isSaidBy(body) === true,
    excludes(body) {
      // A reader of the contract's own may understand anything, and a text says nothing before its end.
      if (success?.isSaidBy(body) === true) return true
      if (isText || reader !== undefined) return false
      const found = nodes.flatMap((node) => (isResource(node, body) ? [] : (readTemplate(node, body) ?? [])))
      return found.length === 0 || found.some(({ code }) => code !== undefined && success?.codes.has(String(code)) === true)
    },
    isMarked(body) {
      if (isText || success?.fits(body) === true) return false
      return nodes.some((node) => {
        const { marks = 0, nested = false, code } = readTemplate(node, body) ?? {}
        if (success?.codes.has(String(code)) === true) return false
        return (marks > 0 && (success !== undefined || code !== undefined)) || (nested && holdsOnly(node, body))
      })
    },
  }
}

/** An object of its own for code or message: by it, as by a constant, an error is believed below 400 (`reading.ts`). */
function hasNested(node: TemplateNode, depth: number): boolean {
  // A root is no object of its own.
  if (node.kind === 'object' && node.document !== undefined) return node.members.some((member) => member.kind === 'member' && hasNested(member.node, 0))
  if (node.kind === 'slot') return depth > 1 && (node.slot.kind === 'code' || node.slot.kind === 'message')
  if (node.kind === 'array') return node.items.some((item) => hasNested(item, depth))
  if (node.kind === 'each') return hasNested(node.item, depth)
  return node.kind === 'object' && node.members.some((member) => member.kind === 'member' && hasNested(member.node, depth + 1))
}
