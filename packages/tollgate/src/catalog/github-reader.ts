/**
 * GitHub's irregular forms. A limit comes with 403 as well as with 429: the primary one is told by `x-ratelimit-remaining: 0` and by its sentence, a secondary one by the sentence alone.
 * `errors` holds objects or texts. GraphQL answers 200 with errors that have a type.
 */
import type { Reader, ReaderAnswer, ReaderResult } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { parseHttpDate } from '../contract/values/http-date.ts'
import { parseRetryAfter } from '../contract/values/retry-after.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { toFieldIssues } from './field-issues.ts'
import { listOf, objectOf, textOf } from './members.ts'

/** Without a hint GitHub asks for a minute at least. */
const SECONDARY_SECONDS = 60

export const readGitHub: Reader = (body, answer) => {
  const { status, headers } = answer
  if (status === undefined) return undefined
  if (status < 400) return readErrors(body, answer)
  const message = textOf(body, 'message')
  if (message === undefined) return undefined
  const docs = textOf(body, 'documentation_url')
  const permissions = headers['x-accepted-github-permissions']
  const limit = status === 403 || status === 429 ? limitOf(message, answer) : undefined
  const errors = listOf(body, 'errors')
  const texts = errors.filter((error) => typeof error === 'string')
  return compact({
    message: texts.length > 0 ? `${message}: ${texts.join(' ')}` : message,
    ...limit,
    fields: toFieldIssues(errors.flatMap((error) => {
      const field = textOf(error, 'field')
      return field === undefined ? [] : [[field, textOf(error, 'message') ?? textOf(error, 'code') ?? ''] as const]
    })),
    details: compact({ documentation_url: docs, accepted_permissions: limit === undefined ? permissions : undefined }),
  })
}

function limitOf(message: string, { headers }: ReaderAnswer): Pick<ReaderResult, 'entry' | 'retryAfterSeconds'> | undefined {
  const told = parseRetryAfter(headers['retry-after'], undefined)
  if (/\bsecondary rate\b|\babuse detection\b/i.test(message)) return { entry: 'secondaryRateLimit', retryAfterSeconds: told ?? secondsUntilReset(headers) ?? SECONDARY_SECONDS }
  // The header may be lost on its way, the sentence is not.
  if (headers['x-ratelimit-remaining'] !== '0' && !message.startsWith('API rate limit exceeded')) return undefined
  const retryAfterSeconds = told ?? secondsUntilReset(headers)
  return retryAfterSeconds === undefined ? { entry: 'primaryRateLimit' } : { entry: 'primaryRateLimit', retryAfterSeconds }
}

/** By the clock of GitHub, and a second more: to come in the very second of the reset is too early. */
function secondsUntilReset(headers: ReaderAnswer['headers']): number | undefined {
  const nowMs = parseHttpDate(headers['date'] ?? '', Number.NaN)
  const reset = headers['x-ratelimit-remaining'] === '0' ? headers['x-ratelimit-reset'] : undefined
  if (nowMs === undefined || reset === undefined || !/^\d{1,12}$/.test(reset)) return undefined
  return Math.max(0, Math.ceil(Number(reset) - nowMs / 1000)) + 1
}

/** Data with gaps is a success with gaps; where it is nothing but gaps, all that was asked for is refused. */
function readErrors(body: unknown, { headers }: ReaderAnswer): ReaderResult | undefined {
  const [error] = listOf(body, 'errors')
  const message = textOf(error, 'message')
  if (message === undefined || Object.values(objectOf(body, 'data') ?? {}).some((value) => value !== null)) return undefined
  const code = textOf(error, 'type') ?? textOf(memberOf(error, 'extensions'), 'code')
  const isLimit = code === 'RATE_LIMITED' || code === 'RATE_LIMIT'
  return compact({ code: code ?? 'UNPROCESSABLE', message, retryAfterSeconds: isLimit ? (parseRetryAfter(headers['retry-after'], undefined) ?? secondsUntilReset(headers)) : undefined })
}
