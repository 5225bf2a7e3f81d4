/** The tree of a TypeScript source, as far as an importer looks at it: names, constants and the comments beside them. */
import { STATUS_CODES } from 'node:http'
import type { JsonValue } from 'tollgate/contract'

/** As much of a node as is looked at; the parser's own union has hundreds of them. */
export interface AstNode {
  readonly type: string
  readonly [member: string]: unknown
}

export interface Comment {
  readonly type?: string
  readonly value: string
  readonly loc?: Place
}

interface Place {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number }
}

export const DEPTH_MAX = 200

export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && typeof (value as { readonly type?: unknown }).type === 'string'
}

/** What stands below a node, but for its comments and its place. */
export function insideOf(node: AstNode): readonly unknown[] {
  return Object.entries(node).flatMap(([name, value]) => (typeof value === 'object' && !/comments|loc|extra/i.test(name) ? [value] : []))
}

/** Without `as const`, `satisfies …`, parentheses. */
export function unwrapped(node: unknown): unknown {
  return isNode(node) && /^(?:TSAsExpression|TSSatisfiesExpression|ParenthesizedExpression|TSNonNullExpression)$/.test(node.type) ? unwrapped(node['expression']) : node
}

/** `NAME`, `'name'`, and `Codes.NAME`. */
export function nameOf(node: unknown): string | number | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'MemberExpression') return nameOf(node['property'])
  return node.type === 'Identifier' ? String(node['name']) : (literalOf(node) as string | number | undefined)
}

/** `named`: what identifiers stand for, as the defaults of parameters. */
export function literalOf(node: unknown, named: ReadonlyMap<string, JsonValue> = new Map()): JsonValue | undefined {
  const inner = unwrapped(node)
  if (!isNode(inner)) return undefined
  if (inner.type === 'StringLiteral' || inner.type === 'NumericLiteral' || inner.type === 'BooleanLiteral') return inner['value'] as JsonValue
  if (inner.type === 'UnaryExpression' && inner['operator'] === '-' && isNode(inner['argument'])) return -Number(inner['argument']['value'])
  if (inner.type === 'Identifier') return named.get(String(inner['name']))
  if (inner.type === 'MemberExpression') return isOfHttp(inner) ? statusNamed(nameOf(inner)) : undefined
  // `message ?? 'Payment failed'`
  if (inner.type === 'LogicalExpression') return literalOf(inner['left'], named) ?? literalOf(inner['right'], named)
  if (inner.type !== 'TemplateLiteral') return undefined
  const quasis = inner['quasis'] as readonly { readonly value: { readonly cooked?: string } }[]
  const holes = (inner['expressions'] as readonly unknown[]).map((each) => literalOf(each, named))
  if (holes.includes(undefined)) return undefined
  return quasis.map(({ value }, at) => `${value.cooked ?? ''}${String(holes[at] ?? '')}`).join('')
}

const statuses = new Map(Object.entries(STATUS_CODES).map(([status, name = '']) => [flat(name), Number(status)]))

/** `HttpStatus.TOO_MANY_REQUESTS`, and not `ErrorCode.UNAUTHORIZED`. */
export function isOfHttp(member: AstNode): boolean {
  return /http|status/i.test(String(nameOf(member['object'])))
}

function statusNamed(name: string | number | undefined): number | undefined {
  return typeof name === 'string' ? statuses.get(flat(name)) : undefined
}

function flat(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

/** `A = 'a', // what it is`: the parser gives it to the one that follows. */
export function giveCommentsBehind(node: unknown, comments: readonly Comment[]): void {
  const byLine = new Map<number, Comment[]>()
  for (const comment of comments) {
    const line = comment.loc?.start.line ?? 0
    byLine.set(line, [...(byLine.get(line) ?? []), comment])
  }
  const give = (inside: unknown, depth: number): void => {
    if (depth > DEPTH_MAX) return
    if (Array.isArray(inside)) return inside.forEach((each) => give(each, depth + 1))
    if (!isNode(inside)) return
    const own = inside['loc'] as Place | undefined
    if ((inside.type === 'TSEnumMember' || inside.type === 'ObjectProperty') && own !== undefined) {
      Object.assign(inside, { trailingComments: (byLine.get(own.end.line) ?? []).filter(({ loc }) => loc !== undefined && loc.start.column > own.start.column) })
    }
    for (const each of insideOf(inside)) give(each, depth + 1)
  }
  give(node, 0)
}

/** Before it, on a line of its own; or behind it on its line. `isTitle`: such comments stand above groups, and describe none of them. */
export function commentOf(node: AstNode, isTitle: (comment: Comment) => boolean = () => false): string | undefined {
  const behind = commentsIn(node, 'trailingComments').filter(({ loc }) => loc?.start.line === placeOf(node)?.end.line)
  const text = [...commentsBefore(node).filter((comment) => !isTitle(comment)), ...behind].map(wordsOf).at(-1)
  return text === undefined || text === '' ? undefined : text
}

export function commentsBefore(node: AstNode): readonly Comment[] {
  const own = placeOf(node)
  return own === undefined ? [] : commentsIn(node, 'leadingComments').filter(({ loc }) => loc !== undefined && loc.start.column <= own.start.column && loc.start.line < own.start.line)
}

function wordsOf({ value }: Comment): string {
  const lines = value.split('\n').map((line) => line.replace(/^\s*\*+ ?/, '').trim())
  return lines.filter((line) => line !== '' && !line.startsWith('@')).join(' ').replaceAll(/^[\s─═=–—*#-]+|[\s─═=–—*#-]+$/g, '')
}

function commentsIn(node: AstNode, name: string): readonly Comment[] {
  return Array.isArray(node[name]) ? (node[name] as readonly Comment[]) : []
}

function placeOf(node: AstNode): Place | undefined {
  return node['loc'] as Place | undefined
}
