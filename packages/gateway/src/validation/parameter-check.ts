/** One parameter of an OpenAPI operation: found in the request, read in its style, held against its schema. The refusal names it. */
import { parseBoundedJson } from 'tollgate/contract'
import type { Issue } from 'tollgate/gate'
import { isGroup, type Group } from '../config/read/group.ts'
import { checkOf } from './body-check.ts'
import { typed } from './parameter-value.ts'
import { defaultExplode, defaultStyle, givenIn, readStyle, type GivenRequest, type Location } from './parameter-style.ts'
import type { SchemaNode } from './schema-node.ts'

export type ParameterCheck = (request: GivenRequest) => readonly Issue[]

const locations: readonly string[] = ['path', 'query', 'header', 'cookie'] satisfies readonly Location[]
/** The specification has other words for these headers. */
const ignoredHeaders = new Set(['accept', 'content-type', 'authorization'])

/** Undefined: nothing is checked, which has been noted unless nobody expects it. */
export function createParameterCheck(parameter: Group, nodeOf: (schema: unknown) => SchemaNode | undefined, note: (message: string) => void): ParameterCheck | undefined {
  const { name, in: location, required, schema, content, allowEmptyValue } = parameter
  if (typeof name !== 'string' || typeof location !== 'string') return void note('a parameter without name or in is not checked')
  if (!locations.includes(location)) return void note(`the parameter ${name} in ${location} is not checked`)
  const at = location as Location
  const asked: string = name
  if (at === 'header' && ignoredHeaders.has(name.toLowerCase())) return undefined
  const [type, media] = isGroup(content) ? (Object.entries(content)[0] ?? []) : []
  if (type !== undefined && !/^application\/(?:.+\+)?json/i.test(type)) return void note(`the parameter ${name} is ${type}, which is not checked`)
  const node = nodeOf(type === undefined ? (schema ?? true) : isGroup(media) ? (media['schema'] ?? true) : true)
  if (node === undefined) return undefined
  const style = typeof parameter['style'] === 'string' ? parameter['style'] : defaultStyle(at)
  const explode = typeof parameter['explode'] === 'boolean' ? parameter['explode'] : defaultExplode(style)
  const check = checkOf(node)
  const isRequired = required === true || at === 'path'
  const issueOf = (rule: string, issue: string): readonly Issue[] => [{ field: asked, in: at, rule, issue }]

  function held(value: unknown, source: string): readonly Issue[] {
    return check(value, source).map(({ field, rule, issue }) => ({ field: field === undefined ? asked : `${asked}.${field}`, in: at, rule, issue }))
  }

  return (request) => {
    const given = givenIn(request, at, name)
    if (type !== undefined) {
      const [text] = given
      if (text === undefined) return isRequired ? issueOf('required', 'is required') : []
      const value = given.length === 1 ? parseBoundedJson(text.decoded) : undefined
      return value === undefined ? issueOf('type', 'must be JSON, given once') : held(value, text.decoded)
    }
    const read = readStyle(request, { name, location: at, style, explode, given, node })
    if (read === undefined) return isRequired ? issueOf('required', 'is required') : []
    if (read === 'repeated') return issueOf('repeated', 'must be given once')
    if (read === '' && allowEmptyValue === true) return []
    return held(typed(read, node), given.map(({ decoded }) => decoded).join(' '))
  }
}
