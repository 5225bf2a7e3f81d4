/** The request body as JSON, or a refusal that says what is wrong with it. */
import { compact } from '../../contract/values/compact.ts'
import { BODY_DEPTH_MAX, isTooDeep } from '../../contract/read/bounded-json.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { reasonOfIssue } from '../../contract/declare/issues.ts'
import { valueAt } from '../../contract/read/value-at.ts'
import type { BodyProblem } from '../call.ts'
import type { Issue } from './request-check.ts'
import { headerValues, isJsonMediaType, mediaType } from '../headers.ts'
import { hasTwins } from '../../contract/read/json-twins.ts'
import type { OrRefusal } from '../or-refusal.ts'

/** `text`: what the value was parsed from. */
export interface ParsedBody {
  readonly value: unknown
  readonly text?: string | undefined
}

export type JsonBody = OrRefusal<ParsedBody>

/** A body that was not received whole. */
export function refusedBody(problem: BodyProblem, bytesMax: number, cause?: string): Refusal {
  const options = { source: 'client', cause } as const
  switch (problem) {
    case 'too_large':
      return refuse('request.too_large', { bytesMax, issue: `the request body is larger than ${bytesMax} bytes` }, options)
    case 'timeout':
      return refuse('request.invalid', { issue: 'the request body stopped coming' }, options)
    case 'broken':
      return refuse('request.invalid', { issue: 'the request body broke off' }, options)
  }
}

export function parseJsonBody(headers: readonly string[], bytes: Uint8Array): JsonBody {
  const invalid = (issue: string): JsonBody => refuse('request.invalid', { issue }, { source: 'client' })
  if (bytes.length === 0) return invalid('a JSON body is required')
  const type = mediaType(headers)
  // curl sends form encoding unless told otherwise: the commonest slip deserves its own sentence.
  if (type !== '' && !isJsonMediaType(type)) {
    return refuse('request.unsupported_media', { issue: `the content type must be application/json, not ${quotable(type)}` }, { source: 'client' })
  }
  if (headerValues(headers, 'content-encoding').some((value) => value.trim().toLowerCase() !== 'identity')) {
    return refuse('request.unsupported_media', { issue: 'the body must not be compressed' }, { source: 'client' })
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (isTooDeep(text)) return invalid(`the body is nested deeper than ${BODY_DEPTH_MAX} levels`)
    const value: unknown = JSON.parse(text)
    return hasTwins(text, value) ? invalid('the body has an object with a member twice') : { kind: 'found', value, text }
  } catch {
    return invalid('the body is not valid JSON')
  }
}

/** The refusal for the most important issue, which tells all of them. Undefined: there is none. */
export function refusedIssues(issues: readonly Issue[]): Refusal | undefined {
  const [first] = issues
  if (first === undefined) return undefined
  return refuse(reasonOfIssue(first), compact({ ...first, issues: issues.length > 1 ? issues : undefined }), { source: 'client' })
}

/** Along a dotted path. */
export function fieldOf(value: unknown, path: string): unknown {
  return valueAt(value, path.split('.'))
}

/** What a caller sent is quoted back only as far as it is harmless and short. */
export function quotable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 60)
}
