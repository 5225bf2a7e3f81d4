/** What is read of an answer whose head is there: nothing of a plain success, a refusal to its end, and all where whoever calls wants text. */
import { BODY_BYTES_MAX } from '../contract/read/bounded-json.ts'
import { ApiError } from './api-error.ts'
import { failed, type AttemptEnd } from './attempt-end.ts'
import type { ClientPlan } from './client-plan.ts'
import { toFailure, toNetworkFailure, toTimeout } from './failure.ts'
import { mayHoldRefusal, toHeaders, toRefusal } from './read-refusal-answer.ts'
import { readBoundedText, type BoundedText } from './received-body.ts'
import { refusalOf } from './stacked-layers.ts'

export interface AnswerTaking {
  readonly plan: ClientPlan
  /** As text; otherwise its body is left to whoever called. */
  readonly isRead: boolean
  readonly limitMs: number
  readonly signal: AbortSignal | undefined
  readonly canRefresh: boolean
}

/** The body of a refusal is not waited for any longer; what has come by then is read. */
const REFUSAL_TIMEOUT_MS = 10_000

/** `readBefore`: its body has been read already. */
export async function takeAnswer(response: Response, { plan, isRead, limitMs, signal, canRefresh }: AnswerTaking, readBefore: BoundedText | undefined): Promise<AttemptEnd> {
  const { clock, dialects, looksInside, bodyBytesMax, advise } = plan
  const { status } = response
  const isError = status >= 400
  const isLookedAt = isError || (looksInside && status >= 200 && mayHoldRefusal(response))
  if (!isLookedAt && !isRead) return { kind: 'answer', response, text: undefined }

  let read: BoundedText
  try {
    // Whoever gets the answer reads it once more.
    const body = isRead ? response.body : response.clone().body
    const bytesMax = isError || !isRead ? BODY_BYTES_MAX : bodyBytesMax
    read = readBefore ?? (await readBoundedText(body, { clock, bytesMax, limitMs: Math.min(isError ? REFUSAL_TIMEOUT_MS : Infinity, limitMs), signal }))
  } catch (thrown) {
    if (isAborted(signal)) return { kind: 'aborted' }
    if (!isError) return isRead ? failed(toNetworkFailure(thrown), undefined, thrown) : { kind: 'answer', response, text: undefined }
    read = { text: '', cut: undefined }
  }
  if (read.cut === 'aborted') return { kind: 'aborted' }
  if (!isError && isRead && read.cut === 'expired') return failed(toTimeout('the end of its answer'))

  const isWhole = isError || read.cut === undefined
  const refusal = isLookedAt && isWhole ? toRefusal(advise, dialects, { status, headers: toHeaders(response), body: read.text }, clock.wallMs(), canRefresh) : undefined
  const inner = refusalOf(response)
  if (refusal !== undefined) return failed(inner === undefined || inner.because === 'stacked' ? refusal : { ...refusal, isStacked: true, shouldRetry: undefined }, response)
  if (isRead && read.cut === 'too_long') return failed(toFailure({ ...notUnderstood, message: `The answer is longer than ${bodyBytesMax} bytes.`, status }, 'failed'), response)
  return { kind: 'answer', response, text: isRead ? read.text : undefined }
}

/** What cannot be read, though the server meant it as a success. */
const notUnderstood = { reason: 'unknown', source: 'api', retry: 'never', action: 'contact_support' } as const

/** A success whose body is not what it should be. */
export function toNotUnderstood({ status }: Response, message: string, body: string): ApiError {
  return new ApiError({ ...notUnderstood, message, status, body: body.slice(0, 65_536) })
}

export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
