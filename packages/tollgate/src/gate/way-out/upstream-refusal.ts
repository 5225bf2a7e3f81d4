/**
 * What an upstream's failure means to the caller.
 *
 * A service refuses on purpose with `application/problem+json` that names an entry of the contract, or in the contract's own envelope, as it did before there
 * was a gateway; an upstream that speaks another dialect is read in that, and translated. What is the gateway's own to say (`may-say.ts`) means that the
 * upstream refuses *us*, which is our trouble and never shown as the caller's. A body that cannot be read leaves the bare status, and goes to the log.
 */
import { compact } from '../../contract/values/compact.ts'
import type { Contract } from '../../contract/declare/contract.ts'
import type { Facts } from '../../contract/declare/facts.ts'
import type { Reason } from '../../contract/declare/reason.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { refusalOfStatus } from './bare-status.ts'
import type { UpstreamFailure } from '../call.ts'
import { mediaType, soleHeader } from '../headers.ts'
import { refusedBody } from '../steps/json-body.ts'
import { maySay } from './may-say.ts'
import { entryNamed, factsOf, namesEntry, parseProblem } from './problem-answer.ts'
import { foreignRefusal, ownRefusal, sentence } from './said-refusal.ts'

export interface UpstreamRefusal {
  readonly refusal: Refusal
  /** Something an operator should see. */
  readonly alert?: string | undefined
  /** It was taken for what it says: nothing else needs to be known of it. */
  readonly isUnderstood: boolean
}

/** In which dialects a service may answer. */
export interface Speech {
  /** The API's. */
  readonly contract: Contract
  /** Another one that the upstream speaks. */
  readonly speaks: Contract | undefined
  /** Entries and reasons that are the gateway's own otherwise. */
  readonly may: readonly string[]
}

export interface UpstreamAnswer {
  readonly status: number
  readonly headers: readonly string[]
  /** Undefined: it was too large, or broke off. */
  readonly body: Uint8Array | undefined
}

/** Longer waits than this are not believed from an upstream. */
const RETRY_AFTER_SECONDS_MAX = 86_400

export function refusalOfAnswer(speech: Speech, answer: UpstreamAnswer): UpstreamRefusal {
  const problem = speech.speaks === undefined ? refusalOfProblem(speech, answer) : undefined
  return problem ?? refusalOfEnvelope(speech, answer) ?? refusalOfBareStatus(answer.status, waitOf(answer.headers), 'the upstream refused us')
}

/** Undefined where it names no entry. */
function refusalOfProblem(speech: Speech, { status, headers, body }: UpstreamAnswer): UpstreamRefusal | undefined {
  if (body === undefined || mediaType(headers) !== 'application/problem+json') return undefined
  const { contract } = speech
  const wait = waitOf(headers)
  const problem = parseProblem(body)
  if (problem === undefined) return failedWith('the service sent a problem that is not a JSON object', status, wait)
  const named = entryNamed(contract, problem, status)
  if (named !== undefined) return allowed(speech, refuse(named.reason, { ...wait, ...factsOf(problem) }, { entry: named.entry, code: named.code }), status)
  if (namesEntry(problem)) return failedWith(`the service named an entry that the contract ${contract.name} does not have`, status, wait)
  const refusal = contract.read({ status, headers: {}, body })?.entry === undefined ? refusalOfStatus(status, { ...wait, ...factsOf(problem) }) : undefined
  return refusal && { refusal, isUnderstood: false }
}

/** Undefined where the body is no error of the dialect. */
function refusalOfEnvelope(speech: Speech, { status, headers, body }: UpstreamAnswer): UpstreamRefusal | undefined {
  if (body === undefined) return undefined
  const { contract, speaks } = speech
  const dialect = speaks ?? contract
  const read = dialect.read({ status, headers: toReceivedHeaders(headers), body })
  if (read === undefined) return undefined
  const wait = boundedWait(read.retryAfterSeconds)
  const { entry } = read
  if (entry !== undefined) return allowed(speech, speaks === undefined ? ownRefusal(contract, { ...read, entry }, status, wait) : foreignRefusal(speaks, { ...read, entry }, status, wait), status)
  const issue = sentence(read.message)
  const alert = `the service answered the code ${JSON.stringify(read.code ?? '').slice(0, 64)}, which the contract ${dialect.name} does not have`
  const { refusal } = refusalOfBareStatus(status, compact({ ...wait, issue }), alert)
  return { refusal, alert, isUnderstood: false }
}

function allowed({ contract, speaks, may }: Speech, refusal: Refusal, status: number): UpstreamRefusal {
  const { id: entry, code } = contract.entryFor(refusal.reason, refusal.facts, refusal.entry)
  const isForeign = speaks !== undefined
  if (maySay({ reason: refusal.reason, entry }, may, isForeign)) return { refusal, isUnderstood: true }
  const { retryAfterMs } = refusal.facts
  const said = isForeign ? `as ${refusal.reason}` : `with ${code}`
  const alert = `the upstream refused us with status ${status}, ${said}; if that is meant for the caller, list ${entry} under may`
  return failedWith(alert, status, retryAfterMs === undefined ? {} : { retryAfterMs }, 'upstream.unavailable')
}

function refusalOfBareStatus(status: number, facts: Facts, alert: string): UpstreamRefusal {
  const refusal = status < 400 ? refuse('upstream.failed', facts, { source: 'upstream', cause: `${alert} (status ${status})` }) : refusalOfStatus(status, facts)
  return refusal === undefined ? failedWith(`${alert} with status ${status}`, status, facts, 'upstream.unavailable') : { refusal, isUnderstood: false, alert: status < 400 ? alert : undefined }
}

function failedWith(alert: string, status: number, facts: Facts, reason: Reason = 'upstream.failed'): UpstreamRefusal {
  return { refusal: refuse(reason, facts, { source: 'upstream', cause: `${alert} (status ${status})` }), alert, isUnderstood: false }
}

/** Whole seconds only: an upstream's date would have to be read against its own clock. */
function waitOf(headers: readonly string[]): Facts {
  const value = soleHeader(headers, 'retry-after')?.trim() ?? ''
  return boundedWait(/^\d{1,9}$/.test(value) ? Number(value) : undefined)
}

function boundedWait(seconds: number | undefined): Facts {
  return seconds === undefined ? {} : { retryAfterMs: Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1_000 }
}

export function refusalOfFailure(failure: UpstreamFailure, bodyBytesMax: number): Refusal {
  if (failure.kind === 'withdrawn') return failure.refusal
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
      return refusedBody(failure.problem, bodyBytesMax, failure.detail)
  }
}
