/** Lists and maps in templates: `{ $each: $fields, as: { loc: [body, $path], msg: $issue } }`, and as a map `{ $each: $fields, key: $field, as: [$issue] }`. */
import { parseSlot } from './slot.ts'
import { nothing, parseNode, parseString, type TemplateScope } from './template-grammar.ts'
import type { TemplateNode } from './template.ts'

export function parseEach(template: { readonly [key: string]: unknown }, scope: TemplateScope): TemplateNode {
  const { path, tell, depth } = scope
  const { $each: over, as, key, ...others } = template
  const [other] = Object.keys(others)
  if (other !== undefined) tell(`${path}.${other}`, 'noMeaning')
  if (scope.isItem) tell(path, 'listInItem')
  const slot = typeof over === 'string' ? parseSlot(over, false) : undefined
  const of = slot?.kind
  if (slot === undefined || (of !== 'fields' && of !== 'errors' && of !== 'data')) {
    tell(`${path}.$each`, 'noList', over)
    return nothing
  }
  if (!Object.hasOwn(template, 'as')) tell(`${path}.as`, 'noItem')
  const inItem: TemplateScope = { ...scope, path: `${path}.as`, depth: depth + 1, isItem: true }
  if (!Object.hasOwn(template, 'key')) return { kind: 'each', of, policy: slot.policy, item: parseNode(as ?? null, inItem), map: undefined }
  if (of === 'data') tell(`${path}.key`, 'mapOfData')
  const keys = parseKeys(key, { ...inItem, path: `${path}.key` })
  // A list of one form stands for as many items as the key has.
  const isList = Array.isArray(as) && as.length === 1
  const item = isList ? parseNode(as[0], { ...inItem, path: `${path}.as[0]` }) : parseNode(as ?? null, inItem)
  return { kind: 'each', of, policy: slot.policy, item, map: { keys, holds: isList ? 'all' : 'one' } }
}

function parseKeys(key: unknown, scope: TemplateScope): readonly TemplateNode[] {
  const { path, tell } = scope
  const keys: readonly unknown[] = Array.isArray(key) ? key : [key]
  const parsed = keys.map((text, index) => {
    const at = Array.isArray(key) ? `${path}[${index}]` : path
    const node = typeof text === 'string' ? parseString(text, { ...scope, path: at }) : nothing
    const isText = node.kind !== 'slot' || !(['path', 'details', 'fields', 'errors', 'data'] as const).some((kind) => kind === node.slot.kind)
    if (typeof text !== 'string' || !isText) tell(at, 'noKey', text)
    else if (node.kind === 'literal' && index < keys.length - 1) tell(at, 'keyInFront', text)
    return node
  })
  if (parsed.length === 0) tell(path, 'noKeys')
  return parsed
}
