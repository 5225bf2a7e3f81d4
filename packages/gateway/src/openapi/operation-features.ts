/** What an operation of an OpenAPI document has by which a refusal may be: credentials, a body, parameters. */
import { isGroup, type Group } from '../config/read/group.ts'

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

export interface OperationFeatures {
  readonly hasSecurity: boolean
  readonly hasBody: boolean
  readonly hasParameters: boolean
  readonly hasPathParameters: boolean
  /** It changes something, or may: by its method. */
  readonly isUnsafe: boolean
  /** The names of header parameters, in lower case. */
  readonly headers: ReadonlySet<string>
  /** The names of its parameters and of the members of its body. Undefined: any may be there. */
  readonly fields: ReadonlySet<string> | undefined
}

export function featuresOf(document: Group, item: Group, method: string, operation: Group): OperationFeatures {
  const own = parametersIn(document, operation['parameters'])
  const shared = parametersIn(document, item['parameters']).filter((each) => !own.some((other) => other['name'] === each['name'] && other['in'] === each['in']))
  const parameters = [...shared, ...own]
  const body = follow(document, operation['requestBody'])
  const content = isGroup(body?.['content']) ? Object.values(body['content']) : []
  const members = content.map((media) => membersOf(document, isGroup(media) ? media['schema'] : undefined, 0))
  const named = parameters.flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
  const isAny = members.includes(undefined) || (body !== undefined && content.length === 0)
  return {
    hasSecurity: asksCredentials(operation['security'] ?? document['security']),
    hasBody: body !== undefined,
    hasParameters: parameters.length > 0,
    hasPathParameters: parameters.some((each) => each['in'] === 'path'),
    isUnsafe: ['put', 'post', 'delete', 'patch'].includes(method),
    headers: new Set(parameters.flatMap(({ in: place, name }) => (place === 'header' && typeof name === 'string' ? [name.toLowerCase()] : []))),
    fields: isAny ? undefined : new Set([...named, ...members.flatMap((each) => [...(each ?? [])])]),
  }
}

function asksCredentials(security: unknown): boolean {
  return Array.isArray(security) && security.some((each) => isGroup(each) && Object.keys(each).length > 0)
}

function parametersIn(document: Group, list: unknown): readonly Group[] {
  const parameters: readonly unknown[] = Array.isArray(list) ? list : []
  return parameters.map((each) => follow(document, each)).filter((each) => each !== undefined)
}

/** What a reference within the document leads to; undefined where it leads out of it, or nowhere. */
export function follow(document: Group, value: unknown): Group | undefined {
  let at = value
  for (let steps = 0; steps < 16; steps += 1) {
    if (!isGroup(at)) return undefined
    const ref = at['$ref']
    if (typeof ref !== 'string') return at
    if (!ref.startsWith('#/')) return undefined
    at = ref.slice(2).split('/').map(decodePart).reduce<unknown>((group, name) => (isGroup(group) && Object.hasOwn(group, name) ? group[name] : undefined), document)
  }
  return undefined
}

function decodePart(part: string): string {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Undefined: it may have others than those that it names. */
function membersOf(document: Group, value: unknown, depth: number): ReadonlySet<string> | undefined {
  const schema = follow(document, value)
  if (schema === undefined || depth > 16) return undefined
  const branches = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as readonly unknown[]) : []))
  const properties = isGroup(schema['properties']) ? Object.keys(schema['properties']) : []
  if (properties.length === 0 && branches.length === 0) return undefined
  const inner = branches.map((branch) => membersOf(document, branch, depth + 1))
  return inner.includes(undefined) ? undefined : new Set([...properties, ...inner.flatMap((each) => [...(each ?? [])])])
}
