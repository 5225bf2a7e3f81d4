/** TypeScript in which somebody keeps the errors of an API: enums, objects of codes, unions of texts, classes of errors. Comments beside a code describe it. */
import { parse, type ParseResult } from '@babel/parser'
import type { JsonValue } from 'tollgate/contract'
import { nothingFound, type FoundError, type FoundPage } from './found-error.ts'
import { mergeErrors } from './merge-errors.ts'
import { commentOf, commentsBefore, DEPTH_MAX, giveCommentsBehind, insideOf, isNode, isOfHttp, literalOf, nameOf, unwrapped, type AstNode, type Comment } from './syntax-tree.ts'

/** Undefined: it is no TypeScript that can be read; the fault says where. */
export function readTypescript(text: string): { readonly ok: true; readonly page: FoundPage } | { readonly ok: false; readonly fault: string } {
  let program: ParseResult
  try {
    program = parse(text, { sourceType: 'module', plugins: ['typescript', 'decorators-legacy'], errorRecovery: true })
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : String(error) }
  }
  const errors: NamedError[] = []
  giveCommentsBehind(program.program, (program as unknown as { readonly comments?: readonly Comment[] }).comments ?? [])
  walk(program.program as unknown as AstNode, errors, 0)
  return { ok: true, page: { title: undefined, errors: mergeErrors(underTheirValues(errors)), samples: [], success: undefined, limitHeaders: [] } }
}

/** With the name that its code has in the source. */
type NamedError = FoundError & { readonly alias?: string | undefined }

function walk(node: unknown, errors: NamedError[], depth: number): void {
  if (depth > DEPTH_MAX) return
  if (Array.isArray(node)) return node.forEach((each) => walk(each, errors, depth + 1))
  if (!isNode(node)) return
  if (node.type === 'TSEnumDeclaration') return errors.push(...fromEnum(membersOf(node))), undefined
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    const found = fromClass(node)
    if (found !== undefined) return errors.push(found), undefined
  }
  if (node.type === 'NewExpression' && /Error$|Exception$/.test(String(nameOf(node['callee'])))) {
    const found = toldTo(node['arguments'] as readonly unknown[], new Map())
    if (found?.code !== undefined) return errors.push(found), undefined
  }
  if (node.type === 'TSTypeAliasDeclaration' && isNode(node['typeAnnotation']) && node['typeAnnotation'].type === 'TSUnionType') return errors.push(...fromUnion(node['typeAnnotation'])), undefined
  if (node.type === 'ObjectExpression') {
    const found = fromObject(node)
    if (found.length > 0) return errors.push(...found), undefined
  }
  for (const each of insideOf(node)) walk(each, errors, depth + 1)
}

function fromEnum(members: readonly AstNode[]): readonly FoundError[] {
  const isTitle = titlesAmong(members)
  let above: number | undefined
  return members.flatMap((member) => {
    const title = commentsBefore(member).findLast(isTitle)
    if (title !== undefined) above = statusesIn(title.value).length === 1 ? statusesIn(title.value)[0] : undefined
    const value = literalOf(member['initializer']) ?? nameOf(member['id'])
    const name = nameOf(member['id'])
    if (!isCode(value)) return []
    const { status, description } = describedBy(commentOf(member, isTitle))
    return [{ ...nothingFound, code: value, alias: typeof name === 'string' ? name : undefined, status: status ?? above, description }]
  })
}

/** `// Not found (404)` stands above a group, where it names a status, or where it is short and others have no such line. */
function titlesAmong(members: readonly AstNode[]): (comment: Comment) => boolean {
  const lines = members.flatMap((member) => commentsBefore(member).filter(({ type }) => type === 'CommentLine').slice(-1))
  return ({ type, value }) => type === 'CommentLine' && ((lines.length < members.length && value.length <= 40 && !/\.\s*$/.test(value)) || /\([^)]*\b[45]\d{2}\b[^)]*\)\W*$/.test(value))
}

/** `Too many requests (HTTP 429).` */
function describedBy(comment: string | undefined): Pick<FoundError, 'status' | 'description'> {
  const [said] = /\s*\((?:HTTP|status)?[ :]*([45]\d{2})\b[^)]*\)/i.exec(comment ?? '') ?? []
  return { status: said === undefined ? undefined : statusesIn(said)[0], description: said === undefined ? comment : comment?.replace(said, '') }
}

function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/\b([45]\d{2})\b/g)].map(([, status]) => Number(status))
}

/** What is said under the name of a code (`[Codes.TOO_FAST]: 429`) is said of its value. */
function underTheirValues(errors: readonly NamedError[]): readonly FoundError[] {
  const values = new Map(errors.flatMap(({ alias, code }) => (alias === undefined || alias === code ? [] : [[alias, code] as const])))
  return errors.map((error) => ({ ...error, code: typeof error.code === 'string' ? (values.get(error.code) ?? error.code) : error.code }))
}

/** `{ NOT_FOUND: 'NOT_FOUND' }`, `{ NOT_FOUND: { status: 404, message: '…' } }`, `{ NOT_FOUND: 404 }`. */
function fromObject(node: AstNode): readonly NamedError[] {
  const properties = (node['properties'] as readonly AstNode[]).filter(({ type }) => type === 'ObjectProperty')
  const found = properties.flatMap((property): readonly NamedError[] => {
    const key = nameOf(property['key'])
    const value = unwrapped(property['value'])
    if (typeof key !== 'string' || !/^[A-Z][A-Z0-9_]+$|^[a-z]+(?:[_.][a-z]+)+$|^[A-Za-z]+(?:Error|Exceeded|Missing|Invalid|NotFound)$/.test(key)) return []
    if (isNode(value) && value.type === 'ObjectExpression') {
      const error = fromSettings(value)
      return error === undefined ? [] : [{ ...error, code: error.code ?? key, alias: key, description: error.description ?? commentOf(property) }]
    }
    const literal = literalOf(value)
    if (typeof literal === 'string' && /\s/.test(literal)) return [{ ...nothingFound, code: key, message: literal, description: commentOf(property) }]
    if (typeof literal === 'number') return [literal >= 400 && literal < 600 ? { ...nothingFound, code: key, status: literal, description: commentOf(property) } : { ...nothingFound, code: literal, description: commentOf(property) }]
    return isCode(literal) ? [{ ...nothingFound, code: literal, alias: key, description: commentOf(property) }] : []
  })
  return found.length >= 2 || (found.length === properties.length && found.length > 0) ? found : []
}

function fromSettings(node: AstNode, named?: ReadonlyMap<string, JsonValue>): FoundError | undefined {
  const settings = (node['properties'] as readonly AstNode[]).flatMap((each) => {
    if (each.type !== 'ObjectProperty') return []
    const key = String(nameOf(each['key'])).toLowerCase().replaceAll('_', '')
    return [[key, literalOf(each['value'], named) ?? codeNamed(each['value'])] as const]
  })
  return toFound(new Map(settings))
}

/** `ErrorCode.NOT_FOUND` */
function codeNamed(node: unknown): string | undefined {
  const inner = unwrapped(node)
  const name = isNode(inner) && inner.type === 'MemberExpression' && !isOfHttp(inner) ? nameOf(inner) : undefined
  return typeof name === 'string' && /^[A-Z]/.test(name) ? name : undefined
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
  const settings = new Map(members.flatMap((member) => (member.type === 'ClassProperty' ? [[String(nameOf(member['key'])).toLowerCase().replaceAll('_', ''), literalOf(member['value']) ?? codeNamed(member['value'])] as const] : [])))
  const found = toFound(settings)
  const told = superCall(members)
  if (found === undefined && told === undefined) return undefined
  const status = found?.status ?? told?.status
  const code = found?.code ?? told?.code
  if (status === undefined && code === undefined) return undefined
  return { ...(found ?? told ?? nothingFound), code, status, message: found?.message ?? told?.message, description: commentOf(node) }
}

/** What a constructor hands on, with the defaults of its parameters. */
function superCall(members: readonly AstNode[]): FoundError | undefined {
  const constructor = members.find(({ kind }) => kind === 'constructor')
  if (constructor === undefined) return undefined
  const defaults = (constructor['params'] as readonly AstNode[]).flatMap((each) => {
    const { left, right } = (each.type === 'TSParameterProperty' ? (each['parameter'] as AstNode) : each) as { readonly left?: unknown; readonly right?: unknown }
    const value = literalOf(right)
    return value === undefined ? [] : [[String(nameOf(left)), value] as const]
  })
  let found: FoundError | undefined
  const look = (node: unknown, depth: number): void => {
    if (depth > 12 || found !== undefined) return
    if (Array.isArray(node)) return node.forEach((each) => look(each, depth + 1))
    if (!isNode(node)) return
    if (node.type === 'CallExpression' && isNode(node['callee']) && node['callee'].type === 'Super') found = toldTo(node['arguments'] as readonly unknown[], new Map(defaults))
    else for (const each of insideOf(node)) look(each, depth + 1)
  }
  look(constructor, 0)
  return found
}

/** An object of settings, or a status, a code and a sentence in any order. */
function toldTo(given: readonly unknown[], named: ReadonlyMap<string, JsonValue>): FoundError | undefined {
  const settings = given.map(unwrapped).find((each): each is AstNode => isNode(each) && each.type === 'ObjectExpression')
  const told = given.map((each) => literalOf(each, named) ?? codeNamed(each))
  const status = told.find((each): each is number => typeof each === 'number' && each >= 400 && each < 600)
  const code = told.find((each): each is string => typeof each === 'string' && isCode(each) && /[_A-Z]/.test(each))
  const message = told.find((each): each is string => typeof each === 'string' && /\s/.test(each))
  const set = settings === undefined ? undefined : fromSettings(settings, named)
  if (set === undefined && status === undefined && code === undefined) return undefined
  return { ...(set ?? nothingFound), code: code ?? set?.code, status: status ?? set?.status, message: message ?? set?.message }
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
