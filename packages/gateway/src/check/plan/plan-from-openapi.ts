/** An OpenAPI document (3.0, 3.1) → calls to probe. Pure: what cannot be said of an operation is told, and it is left out. */
import { isGroup, type Group } from '../../config/read/group.ts'
import type { ProbeRequest } from '../probe-request.ts'
import type { CheckPlan, KeyPlace, PlannedCall, PlannedCredential } from './check-plan.ts'
import { defaultRisks, unknownLike } from './load-plan.ts'
import { faultsOf, resolved, sampleBody } from './sample-schema.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The part of a plan that a document gives. `base`: the plan of a file, whose calls come first and whose credentials are used. */
export function addOpenApi(document: unknown, base: CheckPlan, idempotencyHeader: string | undefined): CheckPlan {
  const paths = isGroup(document) && isGroup(document['paths']) ? document['paths'] : {}
  const credential = base.credentials.find(({ state }) => state === 'valid')?.name
  const known = new Set(base.calls.map(({ request }) => `${request.method} ${request.path}`))
  const calls = Object.entries(paths).flatMap(([path, item]) => {
    const operations = resolved(item, document)
    if (!isGroup(operations)) return []
    return methods.flatMap((method) => {
      const operation = operations[method]
      return isGroup(operation) && !known.has(`${method.toUpperCase()} ${path}`) ? [toCall(document, path, method, operations, operation, credential, idempotencyHeader)] : []
    })
  })
  return { ...base, calls: [...base.calls, ...calls] }
}

/** Where the document says that credentials are sent: the first scheme that is a header. */
export function placeIn(document: unknown): KeyPlace | undefined {
  const components = isGroup(document) ? document['components'] : undefined
  const schemes = isGroup(components) && isGroup(components['securitySchemes']) ? Object.values(components['securitySchemes']) : []
  for (const scheme of schemes.map((each) => resolved(each, document))) {
    if (!isGroup(scheme)) continue
    if (scheme['type'] === 'apiKey' && scheme['in'] === 'header') return { header: String(scheme['name']), scheme: undefined }
    if (scheme['type'] === 'http') return { header: 'Authorization', scheme: String(scheme['scheme']).toLowerCase() === 'basic' ? 'Basic' : 'Bearer' }
    if (scheme['type'] === 'oauth2' || scheme['type'] === 'openIdConnect') return { header: 'Authorization', scheme: 'Bearer' }
  }
  return undefined
}

/** Credentials that were given without a plan. */
export function credentialsAt(place: KeyPlace, credentials: readonly PlannedCredential[]): readonly PlannedCredential[] {
  return credentials.map((credential) => ({ ...credential, place }))
}

function toCall(document: unknown, path: string, method: (typeof methods)[number], item: Group, operation: Group, credential: string | undefined, idempotencyHeader: string | undefined): PlannedCall {
  const parameters = [item['parameters'], operation['parameters']].flatMap((list) => (Array.isArray(list) ? list.map((each) => resolved(each, document)).filter(isGroup) : []))
  const valueOf = (parameter: Group): unknown => parameter['example'] ?? sampleBody(parameter['schema'], document)
  const query = parameters.filter((each) => each['in'] === 'query' && each['required'] === true).map((each) => `${encodeURIComponent(String(each['name']))}=${encodeURIComponent(String(valueOf(each)))}`)
  const given = new Map(parameters.filter((each) => each['in'] === 'path' && each['example'] !== undefined).map((each) => [String(each['name']), String(each['example'])]))
  const placeholders = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  const filled = (value: (name: string) => string | undefined): string => path.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => encodeURIComponent(value(name) ?? whole))
  const media = mediaOf(resolved(operation['requestBody'], document))
  const body = media && (media['example'] ?? firstExample(media) ?? sampleBody(media['schema'], document))
  const headers = parameters.filter((each) => each['in'] === 'header' && each['required'] === true).map((each) => [String(each['name']), String(valueOf(each))] as const)
  const request: ProbeRequest = {
    method: method.toUpperCase(),
    // A made-up id is seldom the id of anything.
    path: filled((name) => given.get(name) ?? unknownLike(undefined)) + (query.length === 0 ? '' : `?${query.join('&')}`),
    headers: body === undefined ? headers : [['Content-Type', 'application/json'], ...headers],
    body: body === undefined ? { kind: 'none' } : { kind: 'text', text: JSON.stringify(body) },
  }
  const security = operation['security'] ?? (isGroup(document) ? document['security'] : undefined)
  const isPublic = Array.isArray(security) ? security.length === 0 || security.some((each) => isGroup(each) && Object.keys(each).length === 0) : security === undefined && placeIn(document) === undefined
  const faults = media === undefined ? [] : faultsOf(media['schema'], document, body)
  const takesKey = parameters.some((each) => each['in'] === 'header' && String(each['name']).toLowerCase() === idempotencyHeader?.toLowerCase())
  return {
    name: callName(operation['operationId'], method, path),
    request,
    credential: isPublic ? undefined : credential,
    risks: defaultRisks(request, []),
    succeeds: placeholders.every((name) => given.has(name)),
    faults: (['missing', 'type', 'range'] as const).flatMap((kind) => faults.find((fault) => fault.kind === kind) ?? []),
    unknownIdPath: placeholders.length === 0 ? undefined : filled((name) => unknownLike(given.get(name))),
    bodyBytesMax: undefined,
    idempotencyHeader: takesKey ? idempotencyHeader : undefined,
    lackScope: [],
    lackCredit: [],
    limits: [],
  }
}

function callName(id: unknown, method: string, path: string): string {
  const written = typeof id === 'string' && id !== '' ? id : `${method}-${path}`
  return written.replaceAll(/[^\w-]+/g, '-').replaceAll(/^-|-$/g, '')
}

function mediaOf(body: unknown): Group | undefined {
  const content = isGroup(body) && isGroup(body['content']) ? body['content'] : {}
  const found = Object.entries(content).find(([type]) => /^application\/(?:[\w.-]+\+)?json\b/i.test(type))?.[1]
  return isGroup(found) ? found : undefined
}

function firstExample({ examples }: Group): unknown {
  const [example] = isGroup(examples) ? Object.values(examples) : []
  return isGroup(example) ? example['value'] : undefined
}
