/** What a request is: its path, its method, its body, its headers. */
import type { Contract } from 'tollgate/contract'
import { withCredential, type PlannedCall } from '../plan/check-plan.ts'
import { stepOf, type Expected, type Probe } from '../probe.ts'
import { headerIn, jsonObjectOf, withHeader, withJson, type ProbeRequest } from '../probe-request.ts'
import { anyFor, chosen } from '../acceptable.ts'
import { asItSucceeds, probeOf, type ProbeSource } from './probe-source.ts'

const BODY_BYTES_MAX = 2 * 1024 * 1024
/** A path of its own for each run would fill the logs of those who watch for typing errors; one that names us tells them who it was. */
const UNKNOWN = 'tollgate-check-no-such-path'

/** Of what no plan says anything: below the address itself. */
const nowhere: ProbeRequest = { method: 'GET', path: `/${UNKNOWN}`, headers: [], body: { kind: 'none' } }

export const unknownPaths: ProbeSource = (context) => {
  const { contract, plan } = context
  const [call] = plan.calls
  const request = call === undefined ? nowhere : { ...nowhere, path: siblingOf(call.request.path) }
  const keyed = withCredential(request, call?.credential ?? plan.credentials.find(({ state }) => state === 'valid')?.name, plan)
  const hasKey = keyed.headers.length > 0
  // Who has no key may be told that first.
  const expected = hasKey || call !== undefined ? chosen(contract, 'route.unknown') : anyFor(contract, ['route.unknown', 'credential.missing'])
  const probe = (id: string, title: string, step: Probe['steps'][number]): Probe => ({ id, title, call: undefined, credential: call?.credential, steps: [step], risks: [], mended: [] })
  const idHeader = contract.requestIdHeader
  const chosenId = contract.mintRequestId(Uint8Array.from({ length: 16 }, (_, at) => 17 * at))
  return [
    probe('unknown-path', 'a path that there is not', stepOf(keyed, expected)),
    probe('unknown-path/head', 'the same by HEAD', stepOf({ ...keyed, method: 'HEAD' }, { kind: 'head', of: 'unknown-path' })),
    probe('unknown-path/encoding', 'a path that is no UTF-8', stepOf({ ...keyed, path: `${keyed.path}%ff` }, anyFor(contract, ['route.unknown', 'request.invalid', 'credential.missing']))),
    probe('own-request-id', `${idHeader} chosen by the caller`, stepOf(withHeader(keyed, idHeader, chosenId), expected)),
  ]
}

/** Beside the last part of the path that is no id. */
function siblingOf(path: string): string {
  const segments = path.split('?', 1)[0]?.split('/') ?? []
  const at = segments.findLastIndex((segment) => segment !== '')
  return at < 1 ? `/${UNKNOWN}` : [...segments.slice(0, at), UNKNOWN].join('/')
}

/** PROPFIND (RFC 4918): every server knows it, it changes nothing wherever it should be taken, and hardly an API has it. GET may be there, though no plan says so. */
export const wrongMethods: ProbeSource = (context) => {
  const calls = [...new Map(context.plan.calls.map((call) => [call.request.path, call])).values()]
  return calls.map((call) => {
    const request = withHeader({ ...asItSucceeds(context, call), method: 'PROPFIND', body: { kind: 'none' } }, 'Content-Type', undefined)
    return probeOf(call, 'wrong-method', 'a method that the path does not have', request, chosen(context.contract, 'method.not_allowed'), { mended: [] })
  })
}

export const unknownIds: ProbeSource = (context) =>
  context.plan.calls.flatMap((call) => {
    if (call.unknownIdPath === undefined) return []
    const request = { ...asItSucceeds(context, call), path: call.unknownIdPath }
    return [probeOf(call, 'unknown-id', 'an id that there is not', request, anyFor(context.contract, ['resource.not_found', 'session.not_found', 'resource.gone', 'session.expired']), { mended: [] })]
  })

const bodyRefused = (contract: Contract): Expected => anyFor(contract, ['request.invalid', 'field.missing', 'field.invalid'])

export const brokenBodies: ProbeSource = (context) => {
  const { contract, plan } = context
  return plan.calls.flatMap((call) => {
    const request = asItSucceeds(context, call)
    const { body } = request
    if (body.kind !== 'text' || jsonObjectOf(request) === undefined) return []
    const bytesMax = call.bodyBytesMax ?? BODY_BYTES_MAX
    const [begin, end] = [`${body.text.slice(0, -1)},"tollgate_check":"`, '"}']
    const isEmpty = body.text.length <= 2
    return [
      probeOf(call, 'bad-json', 'a body that breaks off', { ...request, body: { kind: 'text', text: body.text.slice(0, Math.max(1, body.text.length - 2)) } }, chosen(contract, 'request.invalid'), { mended: [] }),
      ...(isEmpty ? [] : [probeOf(call, 'no-body', 'no body', { ...request, body: { kind: 'none' } }, bodyRefused(contract))]),
      probeOf(call, 'no-object', 'a list in place of an object', withJson(request, []), bodyRefused(contract), { mended: [] }),
      probeOf(call, 'wrong-content-type', 'a body that says it is plain text', withHeader(request, 'Content-Type', 'text/plain'), chosen(contract, 'request.unsupported_media'), { risks: call.risks }),
      ...(isEmpty ? [] : [probeOf(call, 'huge-body', `a body of more than ${bytesMax} bytes`, { ...request, body: { kind: 'text', text: begin + 'x'.repeat(Math.max(1, bytesMax + 1 - begin.length - end.length)) + end } }, chosen(contract, 'request.too_large'), { risks: call.risks })]),
    ]
  })
}

const kinds = { missing: ['missing-field', 'is left out'], type: ['wrong-type', 'has a wrong type'], range: ['out-of-range', 'is out of its range'] } as const

/** A body that an API takes all the same is done. */
export const faultyFields: ProbeSource = (context) =>
  context.plan.calls.flatMap((call) =>
    call.faults.map(({ field, rule, kind, body }) => {
      const [group, words] = kinds[kind]
      const expected = chosen(context.contract, kind === 'missing' ? 'field.missing' : 'field.invalid', { field, rule, in: 'body', issues: [{ field, rule, in: 'body', issue: '' }] })
      return probeOf(call, group, `${field} ${words} (${rule})`, withJson(asItSucceeds(context, call), body), expected, { id: `${group}/${call.name}/${field}${kind === 'range' ? `-${rule}` : ''}`, risks: call.risks })
    }),
  )

/** Each call as it stands: what is derived from it means nothing where it does not succeed. */
export const baselines: ProbeSource = (context) =>
  context.plan.calls
    .filter(({ succeeds }) => succeeds)
    .map((call) => probeOf(call, 'call', 'as it succeeds', freshKey(call, asItSucceeds(context, call)), { kind: 'success' }, { risks: call.risks }))

function freshKey({ idempotencyHeader }: PlannedCall, request: ProbeRequest): ProbeRequest {
  return idempotencyHeader === undefined || headerIn(request, idempotencyHeader) !== undefined ? request : withHeader(request, idempotencyHeader, '{{fresh}}')
}
