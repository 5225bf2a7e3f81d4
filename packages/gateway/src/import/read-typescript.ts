/** TypeScript in which somebody keeps the errors of an API: enums, objects of codes, unions of texts, classes of errors. Comments beside a code describe it. */
import { parse, type ParseResult } from '@babel/parser'
import type { JsonValue } from 'tollgate/contract'
import { nothingFound, type FoundError, type FoundPage } from './found-error.ts'
import { mergeErrors } from './merge-errors.ts'

/** Undefined: it is no TypeScript that can be read; the fault says where. */
export function readTypescript(text: string): { readonly ok: true; readonly page: FoundPage } | { readonly ok: false; readonly fault: string } {
  let program: ParseResult
  try {
    program = parse(text, { sourceType: 'module', plugins: ['typescript', 'decorators-legacy'], errorRecovery: true })
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : String(error) }
  }
  const errors: FoundError[] = []
  giveCommentsBehind(program.program as unknown as AstNode, (program as unknown as { readonly comments?: readonly Comment[] }).comments ?? [], 0)
  walk(program.program as unknown as AstNode, errors, 0)
  return { ok: true, page: { title: undefined, errors: mergeErrors(errors), samples: [], success: undefined, limitHeaders: [] } }
}

/** `A = 'a', // what it is`: the parser gives it to the one that follows. */
function giveCommentsBehind(node: unknown, comments: readonly Comment[], depth: number): void {
  if (depth > DEPTH_MAX) return
  if (Array.isArray(node)) return node.forEach((each) => giveCommentsBehind(each, comments, depth + 1))
  if (!isNode(node)) return
  const own = node['loc'] as Place | undefined
  if ((node.type === 'TSEnumMember' || node.type === 'ObjectProperty') && own !== undefined) {
    const behind = comments.filter(({ loc }) => loc?.start.line === own.end.line && loc.start.column > own.start.column)
    Object.assign(node, { trailingComments: behind })
  }
  for (const [name, value] of Object.entries(node)) if (typeof value === 'object' && !/comments|loc|extra/i.test(name)) giveCommentsBehind(value, comments, depth + 1)
}

/** As much of a node as is looked at; the parser's own union has hundreds of them. */
interface AstNode {
  readonly type: string
  readonly [member: string]: unknown
}

const DEPTH_MAX = 200

function walk(node: unknown, errors: FoundError[], depth: number): void {
  if (depth > DEPTH_MAX) return
  if (Array.isArray(node)) return node.forEach((each) => walk(each, errors, depth + 1))
  if (!isNode(node)) return
  if (node.type === 'TSEnumDeclaration') return errors.push(...membersOf(node).flatMap(fromEnumMember)), undefined
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    const found = fromClass(node)
    if (found !== undefined) errors.push(found)
    return
  }
  if (node.type === 'TSTypeAliasDeclaration' && isNode(node['typeAnnotation']) && node['typeAnnotation'].type === 'TSUnionType') return errors.push(...fromUnion(node['typeAnnotation'])), undefined
  if (node.type === 'ObjectExpression') {
    const found = fromObject(node)
    if (found.length > 0) return errors.push(...found), undefined
  }
  for (const [name, value] of Object.entries(node)) if (typeof value === 'object' && !/comments|loc|extra/i.test(name)) walk(value, errors, depth + 1)
}

function fromEnumMember(member: AstNode): readonly FoundError[] {
  const value = literalOf(member['initializer']) ?? nameOf(member['id'])
  return isCode(value) ? [{ ...nothingFound, code: value, description: commentOf(member) }] : []
}

/** `{ NOT_FOUND: 'NOT_FOUND' }`, `{ NOT_FOUND: { status: 404, message: '…' } }`, `{ NOT_FOUND: 404 }`. */
function fromObject(node: AstNode): readonly FoundError[] {
  const properties = (node['properties'] as readonly AstNode[]).filter(({ type }) => type === 'ObjectProperty')
  const found = properties.flatMap((property): readonly FoundError[] => {
    const key = nameOf(property['key'])
    const value = unwrapped(property['value'])
    if (typeof key !== 'string' || !/^[A-Z][A-Z0-9_]+$|^[a-z]+(?:[_.][a-z]+)+$|^[A-Za-z]+(?:Error|Exceeded|Missing|Invalid|NotFound)$/.test(key)) return []
    if (isNode(value) && value.type === 'ObjectExpression') {
      const error = fromSettings(value)
      return error === undefined ? [] : [{ ...error, code: error.code ?? key, description: error.description ?? commentOf(property) }]
    }
    const literal = literalOf(value)
    if (typeof literal === 'string' && /\s/.test(literal)) return [{ ...nothingFound, code: key, message: literal, description: commentOf(property) }]
    if (typeof literal === 'number') return [literal >= 400 && literal < 600 ? { ...nothingFound, code: key, status: literal, description: commentOf(property) } : { ...nothingFound, code: literal, description: commentOf(property) }]
    return isCode(literal) ? [{ ...nothingFound, code: literal, description: commentOf(property) }] : []
  })
  return found.length >= 2 || (found.length === properties.length && found.length > 0) ? found : []
}

function fromSettings(node: AstNode): FoundError | undefined {
  const settings = new Map((node['properties'] as readonly AstNode[]).flatMap((each) => (each.type === 'ObjectProperty' ? [[String(nameOf(each['key'])).toLowerCase().replaceAll('_', ''), literalOf(unwrapped(each['value']))] as const] : [])))
  return toFound(settings)
}

/** Names that settings have, in any spelling. */
function toFound(settings: ReadonlyMap<string, JsonValue | undefined>): FoundError | undefined {
  const first = (...names: readonly string[]): JsonValue | undefined => names.map((name) => settings.get(name)).find((value) => value !== undefined)
  const status = first('status', 'statuscode', 'httpstatus', 'http', 'httpcode', 'httpstatuscode')
  const code = first('code', 'errorcode', 'type', 'name')
  const message = first('message', 'msg', 'title', 'defaultmessage', 'text')
  if (status === undefined && message === undefined && code === undefined) return undefined
  const description = first('description', 'detail', 'details', 'cause')
  const retryable = first('retryable', 'isretryable', 'retry')
  return {
    ...nothingFound,
    code: typeof code === 'number' || (typeof code === 'string' && !/\s/.test(code)) ? code : undefined,
    status: typeof status === 'number' ? status : undefined,
    message: typeof message === 'string' ? message : undefined,
    description: typeof description === 'string' ? description : undefined,
    retry: retryable === false ? 'never' : undefined,
  }
}

/** `class NotFoundError extends ApiError { code = 'NOT_FOUND'; status = 404 }`, or the same said to `super(…)`. */
function fromClass(node: AstNode): FoundError | undefined {
  const name = nameOf(node['id'])
  if (typeof name !== 'string' || !/Error$|Exception$/.test(name)) return undefined
  const members = (isNode(node['body']) ? (node['body']['body'] as readonly AstNode[]) : []) ?? []
  const settings = new Map(members.flatMap((member) => (member.type === 'ClassProperty' ? [[String(nameOf(member['key'])).toLowerCase().replaceAll('_', ''), literalOf(unwrapped(member['value']))] as const] : [])))
  const told = superArguments(members)
  const found = toFound(settings)
  const status = found?.status ?? told.find((each): each is number => typeof each === 'number' && each >= 400 && each < 600)
  const code = found?.code ?? told.find((each): each is string => typeof each === 'string' && isCode(each) && /[_A-Z]/.test(each))
  const message = found?.message ?? told.find((each): each is string => typeof each === 'string' && /\s/.test(each))
  if (status === undefined && code === undefined) return undefined
  return { ...(found ?? nothingFound), code, status, message, description: commentOf(node) }
}

function superArguments(members: readonly AstNode[]): readonly JsonValue[] {
  const found: JsonValue[] = []
  const look = (node: unknown, depth: number): void => {
    if (depth > 12) return
    if (Array.isArray(node)) return node.forEach((each) => look(each, depth + 1))
    if (!isNode(node)) return
    if (node.type === 'CallExpression' && isNode(node['callee']) && node['callee'].type === 'Super') found.push(...(node['arguments'] as readonly unknown[]).flatMap((each) => literalOf(each) ?? []))
    else for (const [name, value] of Object.entries(node)) if (typeof value === 'object' && !/comments|loc|extra/i.test(name)) look(value, depth + 1)
  }
  look(members.filter(({ kind }) => kind === 'constructor'), 0)
  return found
}

function fromUnion(union: AstNode): readonly FoundError[] {
  const texts = (union['types'] as readonly AstNode[]).map((each) => (each.type === 'TSLiteralType' ? literalOf(each['literal']) : undefined))
  const codes = texts.filter(isCode)
  return codes.length >= 2 && codes.length === texts.length && codes.every((code) => typeof code === 'number' || /_|^[A-Z]+$|\./.test(code)) ? codes.map((code) => ({ ...nothingFound, code })) : []
}

function isCode(value: JsonValue | undefined): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w.:-]{2,80}$/.test(value))
}

function membersOf(node: AstNode): readonly AstNode[] {
  const members = node['members'] ?? (isNode(node['body']) ? node['body']['members'] : undefined)
  return Array.isArray(members) ? (members as readonly AstNode[]) : []
}

function literalOf(node: unknown): JsonValue | undefined {
  const inner = unwrapped(node)
  if (!isNode(inner)) return undefined
  if (inner.type === 'StringLiteral' || inner.type === 'NumericLiteral' || inner.type === 'BooleanLiteral') return inner['value'] as JsonValue
  if (inner.type === 'UnaryExpression' && inner['operator'] === '-' && isNode(inner['argument'])) return -Number(inner['argument']['value'])
  if (inner.type !== 'TemplateLiteral') return undefined
  const quasis = inner['quasis'] as readonly { readonly value: { readonly cooked?: string } }[]
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined
}

/** Without `as const`, `satisfies …`, parentheses. */
function unwrapped(node: unknown): unknown {
  return isNode(node) && /^(?:TSAsExpression|TSSatisfiesExpression|ParenthesizedExpression|TSNonNullExpression)$/.test(node.type) ? unwrapped(node['expression']) : node
}

function nameOf(node: unknown): string | number | undefined {
  if (!isNode(node)) return undefined
  return node.type === 'Identifier' ? String(node['name']) : (literalOf(node) as string | number | undefined)
}

interface Comment {
  readonly value: string
  readonly loc?: Place
}

interface Place {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number }
}

/** Before it, on a line of its own; or behind it on its line. */
function commentOf(node: AstNode): string | undefined {
  const own = node['loc'] as Place | undefined
  if (own === undefined) return undefined
  const commentsIn = (name: string): readonly Comment[] => (Array.isArray(node[name]) ? (node[name] as readonly Comment[]) : [])
  const before = commentsIn('leadingComments').filter(({ loc }) => loc !== undefined && loc.start.column <= own.start.column)
  const behind = commentsIn('trailingComments').filter(({ loc }) => loc?.start.line === own.end.line)
  const text = [...before, ...behind].map(({ value }) => value.split('\n').map((line) => line.replace(/^\s*\*+ ?/, '').trim()).filter((line) => line !== '' && !line.startsWith('@')).join(' ')).at(-1)
  return text === undefined || text === '' ? undefined : text
}

function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && typeof (value as { readonly type?: unknown }).type === 'string'
}
