/**
 * Refusals under a success status, as many dialects send them: `{"success":false}` in a 200. Their bodies must be read before it is known what they are,
 * which costs waiting; so this says for which answers it is worth it, and when a body has said enough to be no error.
 */
import type { Entry, HiddenRefusals } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import { readTemplate } from './read-template.ts'
import type { Reader } from './reader.ts'
import { holdsOnly, type FamilyTemplate } from './reading.ts'
import { hasAllLiterals, successCodes } from './success-form.ts'
import { isTextType, type TemplateNode } from '../write/template.ts'

/** What frameworks call JSON that nobody has named: PHP and Flask `text/html`, Go `text/plain`. A text that does not begin as an object is none by its first byte. */
const mayHoldJson = new Set(['application/json', 'text/json', 'application/x-json', 'application/javascript', 'text/javascript', 'text/plain', 'text/html', ''])

export interface HiddenRefusalsPlan {
  readonly declaration: ContractDeclaration
  readonly entries: readonly Entry[]
  readonly templates: readonly FamilyTemplate[]
  readonly success: TemplateNode | undefined
  readonly reader: Reader | undefined
}

export function createHiddenRefusals({ declaration, entries, templates, success, reader }: HiddenRefusalsPlan): HiddenRefusals {
  const contentType = (declaration.envelope.contentType ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const isText = isTextType(contentType)
  const nodes = templates.map(({ node }) => node)
  const isTold = success !== undefined || reader !== undefined || nodes.some((node) => hasMark(node, 0))
  const codesOfSuccess = new Set(success === undefined ? [] : nodes.flatMap((node) => successCodes(node, success)))
  const isMeantBelow400 = success !== undefined || declaration.alwaysStatus !== undefined || entries.some(({ status }) => status < 400)
  /** Believed for its nesting alone, an error has nothing beside it. */
  const isResource = (node: TemplateNode, body: unknown): boolean => !isMeantBelow400 && !hasConstant(node) && !holdsOnly(node, body)

  return {
    mayBe(status, mediaType) {
      const isJson = contentType === 'application/json' && (mayHoldJson.has(mediaType) || (mediaType.endsWith('+json') && mediaType !== 'application/problem+json'))
      return (isJson || mediaType === contentType) && (isTold || declaration.alwaysStatus === status || entries.some((entry) => entry.status === status))
    },
    excludes(body) {
      // A reader of the contract's own may understand anything, and a text says nothing before its end.
      if (isText || reader !== undefined) return success !== undefined && hasAllLiterals(success, body)
      const found = nodes.flatMap((node) => (isResource(node, body) ? [] : (readTemplate(node, body) ?? [])))
      return found.length === 0 || found.some(({ code }) => code !== undefined && codesOfSuccess.has(String(code)))
    },
    isMarked(body) {
      if (isText || (success !== undefined && readTemplate(success, body) !== undefined)) return false
      return nodes.some((node) => {
        const { literals = 0, nested = false, code } = readTemplate(node, body) ?? {}
        if (codesOfSuccess.has(String(code))) return false
        return (literals > 0 && (success !== undefined || code !== undefined)) || (nested && holdsOnly(node, body))
      })
    },
  }
}

function hasConstant(node: TemplateNode): boolean {
  if (node.kind === 'literal') return node.value !== null
  if (node.kind === 'array') return node.items.some(hasConstant)
  return node.kind === 'object' && node.members.some((member) => member.kind === 'member' && hasConstant(member.node))
}

/** A constant, or an object of its own for code or message: by these an error is believed below 400 (`reading.ts`). */
function hasMark(node: TemplateNode, depth: number): boolean {
  if (node.kind === 'slot') return depth > 1 && (node.slot.kind === 'code' || node.slot.kind === 'message')
  if (node.kind === 'array') return node.items.some((item) => hasMark(item, depth + 1))
  if (node.kind === 'object') return node.members.some((member) => member.kind === 'member' && hasMark(member.node, depth + 1))
  return hasConstant(node)
}
