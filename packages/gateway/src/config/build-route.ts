/** One route: what it is asked under, and its steps in their own order. */
import type { ApiOptions, RouteOptions, StepOptions } from 'tollgate/server'
import type { ApiShape, RouteShape, StepShape } from './api-shape.ts'
import { createBodyCheck } from './body-check.ts'
import type { Files } from './files.ts'
import { isSchemaObject, type JsonSchema } from './json-schema.ts'
import { suggestion } from './nearest-name.ts'
import { operationSchema } from './openapi.ts'
import type { Path } from './problem.ts'
import type { Report } from './report.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export interface RouteContext {
  readonly api: ApiShape
  /** Names as written, even of meters that have problems of their own. */
  readonly meters: readonly string[]
  readonly upstreams: readonly string[]
  readonly files: Files
  readonly report: Report
  readonly isAside: (path: Path) => boolean
}

export function buildRoute(shape: RouteShape, path: Path, context: RouteContext): RouteOptions | undefined {
  const { api, upstreams, report } = context
  const on = parseOn(shape.on)
  if (typeof on === 'string') report([...path, 'on'], `${report.written([...path, 'on'])} ${on}`)
  if (!shape.public && api.credentials === undefined) {
    report(path, 'asks for a credential, but the API declares none; give the API credentials, or the route public: true')
  }
  if (shape.public && shape.scopes !== undefined) report([...path, 'scopes'], 'a public route knows no caller, so it cannot ask for scopes')
  if (shape.upstream !== undefined && !upstreams.includes(shape.upstream)) {
    report([...path, 'upstream'], `no upstream is called "${shape.upstream}"${suggestion(shape.upstream, upstreams)}`)
  }
  const steps = shape.steps.map((step, at) => buildStep(step, [...path, 'steps', at], shape, context))
  if (typeof on === 'string' || steps.includes(undefined)) return undefined
  return {
    name: shape.name ?? shape.on,
    ...on,
    ...(shape.public && { public: true }),
    ...(shape.scopes !== undefined && { scopes: shape.scopes }),
    steps: steps.filter((step) => step !== undefined),
    ...(shape.upstream !== undefined && { upstream: shape.upstream }),
    ...(shape.body !== undefined && { bodyBytesMax: shape.body.max }),
    ...(shape.timeouts !== undefined && { timeouts: toTimeouts(shape.timeouts) }),
  }
}

export function toTimeouts({ connect, headers, idle }: ApiShape['timeouts']): Partial<ApiOptions['timeouts']> {
  return {
    ...(connect !== undefined && { connectMs: connect }),
    ...(headers !== undefined && { headersMs: headers }),
    ...(idle !== undefined && { idleMs: idle }),
  }
}

/** `GET, POST /v1/items/{id}`; a sentence about what is wrong otherwise. */
export function parseOn(on: string): { readonly methods: readonly string[]; readonly path: string } | string {
  const [, methodList, path] = /^([^/]*?)\s+(\/\S*)$/.exec(on.trim()) ?? []
  if (methodList === undefined || path === undefined) return 'must be methods and a path, such as POST /v1/messages'
  const methods = methodList === '*' ? METHODS : methodList.split(/\s*[,|]\s*/)
  const unknown = methods.find((method) => !METHODS.includes(method))
  if (unknown !== undefined) return `has no method "${unknown}"${suggestion(unknown, METHODS)}`
  const pathFault = faultOfPath(path)
  return pathFault ?? { methods: [...new Set(methods)], path }
}

function faultOfPath(path: string): string | undefined {
  const segments = path.slice(1).split('/')
  const names: string[] = []
  for (const [at, segment] of segments.entries()) {
    const parameter = /^\{([A-Za-z_]\w*)(\.\.\.)?\}$/.exec(segment)
    if (parameter?.[1] !== undefined) {
      if (names.includes(parameter[1])) return `names {${parameter[1]}} twice`
      if (parameter[2] !== undefined && at < segments.length - 1) return `has {${parameter[1]}...} before the end; it takes all that remains`
      names.push(parameter[1])
    } else if (/[{}*?#%\\]/.test(segment)) return `has "${segment}" in it; a segment is plain text, {name}, or {name...} at the end`
    else if (segment === '.' || segment === '..') return 'must not have dot segments'
  }
  return undefined
}

function buildStep(shape: StepShape, path: Path, route: RouteShape, context: RouteContext): StepOptions | undefined {
  if (context.isAside(path)) return undefined
  if (shape.take !== undefined) return buildTake(shape.take, [...path, 'take'], route, context)
  if (shape.validate !== undefined) return buildValidate(shape.validate, [...path, 'validate'], context)
  if (shape.blockWords === undefined) return undefined
  if (route.public) context.report([...path, 'blockWords'], 'a public route knows no account, so there are no words of its own to refuse')
  return { blockWords: shape.blockWords }
}

function buildTake(take: readonly string[], path: Path, route: RouteShape, { api, meters, report }: RouteContext): StepOptions {
  for (const [at, name] of take.entries()) {
    if (!meters.includes(name)) report([...path, at], `no meter is called "${name}"${suggestion(name, meters)}`)
    else if (take.indexOf(name) !== at) report([...path, at], `"${name}" is taken twice in one stage`)
    const per = Object.hasOwn(api.meters, name) ? api.meters[name]?.per : undefined
    if (route.public && per !== undefined && per !== 'ip') report([...path, at], `"${name}" counts per ${per}, but a public route knows no caller; use a meter per ip`)
  }
  return { take }
}

function buildValidate(source: NonNullable<StepShape['validate']>, path: Path, { files, report }: RouteContext): StepOptions | undefined {
  const fail = (message: string): undefined => void report(path, message)
  const schema = readSchema(source, files)
  if (!schema.ok) return fail(schema.message)
  const built = createBodyCheck(schema.schema)
  const origin = typeof source === 'string' ? `${source}: ` : typeof source['openapi'] === 'string' ? `${source['openapi']}: ` : ''
  return built.ok ? { validate: built.check } : fail(`${origin}${built.message}`)
}

type SchemaRead = { readonly ok: true; readonly schema: JsonSchema } | { readonly ok: false; readonly message: string }

/** A JSON Schema file, an operation of an OpenAPI document, or a schema written in place. */
function readSchema(source: NonNullable<StepShape['validate']>, files: Files): SchemaRead {
  if (typeof source !== 'string' && !Object.hasOwn(source, 'openapi')) return { ok: true, schema: source }
  const { openapi, operation } = typeof source === 'string' ? { openapi: source, operation: undefined } : source
  if (typeof openapi !== 'string') return { ok: false, message: 'openapi must name a file' }
  const read = files.read(openapi)
  if (!read.ok) return read
  const { data } = read.source
  if (typeof source === 'string') {
    if (typeof data === 'boolean' || isSchemaObject(data)) return { ok: true, schema: data }
    return { ok: false, message: `${source} holds no JSON Schema` }
  }
  if (typeof operation !== 'string') return { ok: false, message: 'must name the operation too: operation: createMessage, or POST /v1/messages' }
  const found = operationSchema(data, operation)
  return found.ok ? found : { ok: false, message: `${openapi}: ${found.message}` }
}
