/** A step that validates the JSON body: by a JSON Schema file, an operation of an OpenAPI document, or a schema written in place. */
import type { StepOptions } from 'tollgate/server'
import { createBodyCheck } from './body-check.ts'
import type { Files } from './files.ts'
import { isGroup } from './group.ts'
import type { JsonSchema } from './json-schema.ts'
import { operationSchema } from './openapi.ts'
import type { Path } from './problem.ts'
import type { RouteContext } from './route-context.ts'
import type { ValidateShape } from './step-shape.ts'

export function buildValidate(source: ValidateShape, path: Path, { files, report }: Pick<RouteContext, 'files' | 'report'>): StepOptions | undefined {
  const fail = (message: string): undefined => void report(path, message)
  const schema = readSchema(source, files)
  if (!schema.ok) return fail(schema.message)
  const built = createBodyCheck(schema.schema)
  const origin = typeof source === 'string' ? `${source}: ` : typeof source['openapi'] === 'string' ? `${source['openapi']}: ` : ''
  return built.ok ? { validate: built.check } : fail(`${origin}${built.message}`)
}

type SchemaRead = { readonly ok: true; readonly schema: JsonSchema } | { readonly ok: false; readonly message: string }

function readSchema(source: ValidateShape, files: Files): SchemaRead {
  if (typeof source !== 'string' && !Object.hasOwn(source, 'openapi')) return { ok: true, schema: source }
  const { openapi, operation } = typeof source === 'string' ? { openapi: source, operation: undefined } : source
  if (typeof openapi !== 'string') return { ok: false, message: 'openapi must name a file' }
  const read = files.read(openapi)
  if (!read.ok) return read
  const { data } = read.source
  if (typeof source === 'string') {
    if (typeof data === 'boolean' || isGroup(data)) return { ok: true, schema: data }
    return { ok: false, message: `${source} holds no JSON Schema` }
  }
  if (typeof operation !== 'string') return { ok: false, message: 'must name the operation too: operation: createMessage, or POST /v1/messages' }
  const found = operationSchema(data, operation)
  return found.ok ? found : { ok: false, message: `${openapi}: ${found.message}` }
}
