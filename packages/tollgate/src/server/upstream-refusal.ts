/**
 * What an upstream's failure means to the caller.
 *
 * A service of ours refuses on purpose with `application/problem+json` that names an entry, a code or a reason of the contract; its members become
 * the facts. A bare status says little: 400, 404, 409 and the like are the caller's; 401, 402, 403 and 429 mean that the upstream refuses *us*, which
 * is our trouble and never shown as the caller's; the rest has failed.
 */
import { parseBoundedJson, toBoundedText } from '../contract/bounded-json.ts'
import type { Contract } from '../contract/contract.ts'
import type { Facts, FactValue } from '../contract/facts.ts'
import { serverReasons, type Reason, type ServerReason } from '../contract/reason.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { UpstreamFailure } from './call.ts'
import { mediaType, soleHeader } from './headers.ts'

export interface UpstreamRefusal {
  readonly refusal: Refusal
  /** Something an operator should see. */
  readonly alert?: string
}

/** RFC 9457 members, and those that name the entry: everything else is a detail. */
const problemMembers = new Set(['type', 'title', 'status', 'detail', 'instance', 'entry', 'code', 'reason'])

/** Longer waits than this are not believed from an upstream. */
const RETRY_AFTER_SECONDS_MAX = 86_400

export function refusalOfAnswer(contract: Contract, status: number, headers: readonly string[], body: Uint8Array | undefined): UpstreamRefusal {
  const retryAfterMs = retryAfterOf(headers)
  const wait: Facts = retryAfterMs === undefined ? {} : { retryAfterMs }
  if (body !== undefined && mediaType(headers) === 'application/problem+json') {
    const problem = parseProblem(body)
    if (problem === undefined) return failedWith('the service sent a problem that is not a JSON object', status, wait)
    const named = entryNamed(contract, problem, status)
    if (named !== undefined) return { refusal: refuse(named.reason, { ...wait, ...factsOf(problem) }, { ...(named.entry !== undefined && { entry: named.entry }) }) }
    if ('entry' in problem || 'code' in problem || 'reason' in problem) {
      return failedWith(`the service named an entry that the contract ${contract.name} does not have`, status, wait)
    }
    const refusal = refusalOfStatus(status, { ...wait, ...factsOf(problem) })
    if (refusal !== undefined) return { refusal }
  }
  const refusal = refusalOfStatus(status, wait)
  if (refusal !== undefined) return { refusal }
  return failedWith(`the upstream refused us with status ${status}`, status, wait, 'upstream.unavailable')
}

function failedWith(alert: string, status: number, facts: Facts, reason: Reason = 'upstream.failed'): UpstreamRefusal {
  return { refusal: refuse(reason, facts, { source: 'upstream', cause: `${alert} (status ${status})` }), alert }
}

/** Undefined for the statuses by which an upstream refuses the gateway itself. */
function refusalOfStatus(status: number, facts: Facts): Refusal | undefined {
  const callers = callerReasons.get(status)
  if (callers !== undefined) return refuse(callers, facts, { cause: `the service answered ${status}` })
  if (status === 401 || status === 402 || status === 403 || status === 429) return undefined
  return refuse(upstreamReasons.get(status) ?? 'upstream.failed', facts, { source: 'upstream', cause: `the upstream answered ${status}` })
}

const callerReasons = new Map<number, ServerReason>([
  [400, 'request.invalid'],
  [404, 'resource.not_found'],
  [409, 'resource.conflict'],
  [410, 'resource.gone'],
  [413, 'request.too_large'],
  [415, 'request.unsupported_media'],
  [422, 'request.invalid'],
])

const upstreamReasons = new Map<number, ServerReason>([
  [503, 'upstream.unavailable'],
  [504, 'upstream.timeout'],
])

type Problem = { readonly [member: string]: FactValue }

function parseProblem(body: Uint8Array): Problem | undefined {
  const text = toBoundedText(body)
  const value = text === undefined ? undefined : parseBoundedJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Problem) : undefined
}

function entryNamed(contract: Contract, problem: Problem, status: number): { readonly reason: Reason; readonly entry?: string } | undefined {
  const own = (member: string): FactValue | undefined => (Object.hasOwn(problem, member) ? problem[member] : undefined)
  const id = own('entry')
  const entry = typeof id === 'string' ? contract.entries.get(id) : undefined
  if (entry !== undefined) return { reason: entry.reason, entry: entry.id }
  const code = own('code')
  const coded = code === undefined ? [] : [...contract.entries.values()].filter((candidate) => candidate.code === code)
  const chosen = coded.find((candidate) => candidate.status === status) ?? coded[0]
  if (chosen !== undefined) return { reason: chosen.reason, entry: chosen.id }
  const reason = own('reason')
  return serverReasons.includes(reason as ServerReason) ? { reason: reason as ServerReason } : undefined
}

function factsOf(problem: Problem): Facts {
  const facts: Record<string, FactValue> = Object.create(null) as Record<string, FactValue>
  for (const [member, value] of Object.entries(problem)) if (!problemMembers.has(member)) facts[member] = value
  if (!('issue' in facts) && typeof problem['detail'] === 'string') facts['issue'] = problem['detail']
  return { ...facts }
}

/** Whole seconds only: an upstream's date would have to be read against its own clock. */
function retryAfterOf(headers: readonly string[]): number | undefined {
  const value = soleHeader(headers, 'retry-after')?.trim() ?? ''
  if (!/^\d{1,9}$/.test(value)) return undefined
  return Math.min(Number(value), RETRY_AFTER_SECONDS_MAX) * 1_000
}

export function refusalOfFailure(failure: UpstreamFailure, bodyBytesMax: number): Refusal {
  const upstream = (reason: Reason): Refusal => refuse(reason, { failure: failure.kind }, { source: 'upstream', cause: failure.detail })
  switch (failure.kind) {
    case 'refused':
      return upstream('upstream.unavailable')
    case 'timeout':
      return upstream('upstream.timeout')
    case 'reset':
    case 'garbage':
      return upstream('upstream.failed')
    case 'client_gone':
      return refuse('aborted', {}, { source: 'client', cause: failure.detail })
    case 'request_body':
      return failure.problem === 'too_large'
        ? refuse('request.too_large', { bytesMax: bodyBytesMax, issue: `the request body is larger than ${bodyBytesMax} bytes` }, { source: 'client' })
        : refuse('request.invalid', { issue: 'the request body broke off' }, { source: 'client', cause: failure.detail })
  }
}
