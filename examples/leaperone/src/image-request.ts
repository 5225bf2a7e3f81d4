/** The body of `POST /v1/images/generations`. */
import { isText, issueAt, parseBody } from '@tollgate/example-parts/json-fields'
import { isIntegerIn, isOneOf, missing, optional } from './body.ts'
import type { Parsed } from './body.ts'

export interface ImageRequest {
  readonly model: string
  readonly prompt: string
  /** Addresses of pictures in whose manner to paint. */
  readonly references: readonly string[]
  readonly number: number
  readonly size: Size
  readonly callbackUrl: string | null
}

export type Size = (typeof sizes)[number]

const sizes = ['1024x1024', '1536x1024', '1024x1536'] as const
const PROMPT_CHARACTERS_MAX = 4_000
const URL_CHARACTERS_MAX = 2_048
const REFERENCES_MAX = 4
const NUMBER_MAX = 4

const isUrlText = (value: unknown): value is string => isText(value, URL_CHARACTERS_MAX)
const isReferences = (value: unknown): value is readonly string[] => Array.isArray(value) && value.length <= REFERENCES_MAX && value.every(isUrlText)

export function parseImageRequest(body: string): Parsed<ImageRequest> {
  const parsed = parseBody(body)
  if (!parsed.ok) return parsed
  const fields = parsed.value
  const model = fields.get('model')
  if (model === undefined) return missing('model')
  if (typeof model !== 'string') return issueAt('model', 'must be a string')
  const prompt = fields.get('prompt')
  if (prompt === undefined) return missing('prompt')
  if (!isText(prompt, PROMPT_CHARACTERS_MAX) || prompt.trim() === '') return issueAt('prompt', `must be a text of 1 to ${PROMPT_CHARACTERS_MAX} characters`)
  const references = optional(fields, 'referenceImages', isReferences, `must be at most ${REFERENCES_MAX} addresses`, [])
  if (!references.ok) return references
  const number = optional(fields, 'number', isIntegerIn(1, NUMBER_MAX), `must be an integer from 1 to ${NUMBER_MAX}`, 1)
  if (!number.ok) return number
  const size = optional(fields, 'size', isOneOf(sizes), `must be one of ${sizes.join(', ')}`, '1024x1024' as const)
  if (!size.ok) return size
  const callbackUrl = optional(fields, 'callbackUrl', isUrlText, `must be a URL of at most ${URL_CHARACTERS_MAX} characters`, null)
  if (!callbackUrl.ok) return callbackUrl
  return { ok: true, value: { model, prompt, references: references.value, number: number.value, size: size.value, callbackUrl: callbackUrl.value } }
}
