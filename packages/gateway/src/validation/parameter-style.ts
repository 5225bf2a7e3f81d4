/** How arrays and objects are written in paths, queries, headers and cookies: OpenAPI's `style` and `explode`. */
import { queryPairs } from 'tollgate/gate'
import { propertyNamesOf, takesList, takesMap, type StyledValue } from './parameter-value.ts'
import type { SchemaNode } from './schema-node.ts'

export type Location = 'path' | 'query' | 'header' | 'cookie'

export interface GivenRequest {
  /** Decoded. */
  readonly path: ReadonlyMap<string, string>
  /** As it came, without the question mark. */
  readonly query: string
  /** Flat: name, value, name, value. */
  readonly headers: readonly string[]
}

export interface Given {
  /** As it came: a separator that is percent-encoded separates nothing. */
  readonly raw: string
  readonly decoded: string
}

interface Styled {
  readonly name: string
  readonly location: Location
  readonly style: string
  readonly explode: boolean
  readonly given: readonly Given[]
  readonly node: SchemaNode
}

export function defaultStyle(location: Location): string {
  return location === 'query' || location === 'cookie' ? 'form' : 'simple'
}

export function defaultExplode(style: string): boolean {
  return style === 'form'
}

/** Every value of that name. */
export function givenIn(request: GivenRequest, location: Location, name: string): readonly Given[] {
  switch (location) {
    case 'path': {
      const value = request.path.get(name)
      return value === undefined ? [] : [{ raw: value, decoded: value }]
    }
    case 'query':
      return queryOf(request.query).filter((each) => each.name === name)
    case 'header':
      return headersNamed(request.headers, name.toLowerCase()).map((value) => ({ raw: value.trim(), decoded: value.trim() }))
    case 'cookie':
      return headersNamed(request.headers, 'cookie')
        .flatMap((value) => value.split(';'))
        .flatMap((pair) => {
          const [, key, value = ''] = /^\s*([^=]*?)\s*=\s*"?(.*?)"?\s*$/s.exec(pair) ?? []
          return key === name ? [{ raw: value, decoded: decode(value) }] : []
        })
  }
}

/** Undefined: it is not there. */
export function readStyle(request: GivenRequest, { name, location, style, explode, given, node }: Styled): StyledValue | 'repeated' | undefined {
  if (takesMap(node)) {
    if (style === 'deepObject') return deepObject(request.query, name)
    if (style === 'form' && explode && location === 'query') return explodedObject(request.query, propertyNamesOf(node))
  }
  const [first, ...more] = given
  if (first === undefined) return undefined
  if (takesList(node)) {
    if (style === 'form' && explode && location === 'query') return given.map(({ decoded }) => decoded)
    return given.flatMap(({ raw }) => piecesOf(raw, style, explode, name))
  }
  if (more.length > 0) return 'repeated'
  if (takesMap(node)) return toObject(piecesOf(first.raw, style, explode, name), explode)
  return withoutPrefix(first.decoded, style, name)
}

/** The parts of a list; separators that came percent-encoded belong to the part. */
function piecesOf(raw: string, style: string, explode: boolean, name: string): readonly string[] {
  const separators: { readonly [style: string]: RegExp } = {
    spaceDelimited: /\+|%20| /,
    pipeDelimited: /\||%7C/i,
    label: explode ? /\./ : /,/,
    matrix: explode ? new RegExp(`;${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}=|;`) : /,/,
  }
  const text = withoutPrefix(raw, style, name)
  if (text === '') return []
  return text.split((Object.hasOwn(separators, style) ? separators[style] : undefined) ?? /,/).map((piece) => decode(piece.trim()))
}

function withoutPrefix(text: string, style: string, name: string): string {
  if (style === 'label') return text.replace(/^\./, '')
  if (style !== 'matrix') return text
  return text.startsWith(`;${name}=`) ? text.slice(name.length + 2) : text.replace(/^;/, '')
}

/** `a=1,b=2` when exploded, otherwise `a,1,b,2`. */
function toObject(pieces: readonly string[], explode: boolean): StyledValue {
  const pairs = explode
    ? pieces.map((piece): [string, string] => [piece.split('=', 1)[0] ?? '', piece.includes('=') ? piece.slice(piece.indexOf('=') + 1) : ''])
    : pieces.flatMap((piece, at): [string, string][] => (at % 2 === 0 ? [[piece, pieces[at + 1] ?? '']] : []))
  return Object.fromEntries(pairs)
}

/** `?filter[color]=red&filter[size]=1`. */
function deepObject(query: string, name: string): StyledValue | undefined {
  const members = queryOf(query).flatMap(({ name: each, decoded }): [string, string][] => (each.startsWith(`${name}[`) && each.endsWith(']') ? [[each.slice(name.length + 1, -1), decoded]] : []))
  return members.length === 0 ? undefined : grouped(members)
}

/** Each member is a query parameter of its own. */
function explodedObject(query: string, names: readonly string[]): StyledValue | undefined {
  const members = queryOf(query).flatMap(({ name, decoded }): [string, string][] => (names.includes(name) ? [[name, decoded]] : []))
  return members.length === 0 ? undefined : grouped(members)
}

function grouped(members: readonly (readonly [string, string])[]): StyledValue {
  const groups = new Map<string, string[]>()
  for (const [name, value] of members) groups.set(name, [...(groups.get(name) ?? []), value])
  return Object.fromEntries([...groups].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]))
}

function queryOf(query: string): readonly (Given & { readonly name: string })[] {
  return queryPairs(query).map(({ name, value, raw }) => ({ name, raw: raw.includes('=') ? raw.slice(raw.indexOf('=') + 1) : '', decoded: value }))
}

function headersNamed(headers: readonly string[], name: string): readonly string[] {
  return headers.flatMap((value, at) => (at % 2 === 1 && headers[at - 1]?.toLowerCase() === name ? [value] : []))
}

/** What is no percent-encoding stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
