/** From an operation of an OpenAPI document to the check of requests: parameters first, then the body. */
import type { RequestCheck } from 'tollgate/gate'
import { isGroup } from '../config/read/group.ts'
import { checkOf } from './body-check.ts'
import { createMediaTypes } from './media-types.ts'
import type { DocumentedOperation, Standing } from './openapi.ts'
import { createParameterCheck, type ParameterCheck } from './parameter-check.ts'
import { pathValuesOf } from './path-values.ts'
import type { SchemaCompiler } from './schema-compiler.ts'
import type { Resource, SchemaNode } from './schema-node.ts'

export type OperationCheck = { readonly ok: true; readonly check: RequestCheck } | { readonly ok: false; readonly message: string }

/** `routePath`: the pattern under which the gateway is asked, `/v1/things/{thing}`. `note` is told what is not checked. */
export function createOperationCheck({ path, parameters, body }: DocumentedOperation, routePath: string, { compile }: SchemaCompiler, note: (message: string) => void): OperationCheck {
  let fault: string | undefined
  const nodeOf = (schema: unknown, resource: Resource): SchemaNode | undefined => {
    const compiled = compile(schema, resource, note)
    if (compiled.ok) return compiled.node
    fault ??= compiled.message
    return undefined
  }

  const pathValues = pathValuesOf(path, routePath)
  const asksPath = parameters.some(({ value }) => value['in'] === 'path')
  if (asksPath && typeof pathValues === 'string') return { ok: false, message: pathValues }
  const checks: ParameterCheck[] = parameters.flatMap(({ value, resource }) => createParameterCheck(value, (schema) => nodeOf(schema, resource), note) ?? [])
  const bodyCheck = body && createBody(body, nodeOf, note)
  if (fault !== undefined) return { ok: false, message: fault }
  return {
    ok: true,
    check: {
      parameters({ params, query, headers }) {
        if (checks.length === 0) return []
        const request = { path: typeof pathValues === 'string' ? new Map<string, string>() : pathValues(params), query, headers }
        return checks.flatMap((check) => check(request))
      },
      body: bodyCheck,
    },
  }
}

function createBody({ value, resource }: Standing, nodeOf: (schema: unknown, resource: Resource) => SchemaNode | undefined, note: (message: string) => void): NonNullable<RequestCheck['body']> {
  const content = isGroup(value['content']) ? value['content'] : {}
  const types = createMediaTypes(
    Object.entries(content).map(([range, media]) => {
      const schema = isGroup(media) && Object.hasOwn(media, 'schema') ? media['schema'] : true
      return { range, isJson: isJsonRange(range), schema }
    }),
  )
  for (const { range, isJson } of types.all) if (!isJson) note(`a body of ${range} is passed on unchecked; only JSON is held against a schema`)
  const nodes = new Map(types.all.filter(({ isJson }) => isJson).map(({ range, schema }) => [range, nodeOf(schema, resource)]))
  return {
    isRequired: value['required'] === true,
    checkFor(type) {
      const found = types.find(type === '' ? 'application/json' : type)
      if (found === undefined) return undefined
      if (!found.isJson) return 'unchecked'
      const node = nodes.get(found.range)
      return node && checkOf(node)
    },
  }
}

/** A range that JSON falls under says what JSON must be. */
function isJsonRange(range: string): boolean {
  const type = range.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return type === '*/*' || type === 'application/*' || type === 'application/json' || /^application\/(?:[\w.*-]+\+)?json$/.test(type)
}
