/** Shopify's irregular forms; see `shopify.ts`. */
import type { Reader, ReaderResult } from '../contract/read/reader.ts'
import { compact } from '../contract/values/compact.ts'
import { toFieldIssues } from './field-issues.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { listOf, numberOf, objectOf, textOf } from './members.ts'

export const readShopify: Reader = (body, { status = 200, headers }) =>
  status < 400 ? readGraphql(body) : readRest(body, headers['retry-after'])

/** Partial data beside errors is a success with gaps, which is not for us to judge; where it is nothing but gaps, all that was asked for is refused. */
function readGraphql(body: unknown): ReaderResult | undefined {
  const data = objectOf(body, 'data')
  const [error] = listOf(body, 'errors')
  const message = textOf(error, 'message')
  if (message === undefined || Object.values(data ?? {}).some((value) => value !== null)) return data && readUserErrors(data)
  const code = textOf(memberOf(error, 'extensions'), 'code')
  const waitMs = code === 'THROTTLED' ? waitMsOf(memberOf(memberOf(body, 'extensions'), 'cost')) : undefined
  return compact({
    message,
    code,
    retryAfterSeconds: waitMs && Math.ceil(waitMs / 1000),
    details: waitMs === undefined ? undefined : { wait_ms: waitMs },
  })
}

/** How long the bucket takes to fill up to what the query costs. */
function waitMsOf(cost: unknown): number | undefined {
  const throttle = memberOf(cost, 'throttleStatus')
  const requested = numberOf(cost, 'requestedQueryCost')
  const available = numberOf(throttle, 'currentlyAvailable')
  const restoredPerSecond = numberOf(throttle, 'restoreRate')
  if (requested === undefined || available === undefined || restoredPerSecond === undefined || restoredPerSecond <= 0) return undefined
  return Math.max(0, Math.ceil(((requested - available) / restoredPerSecond) * 1000))
}

function readUserErrors(data: object): ReaderResult | undefined {
  const errors = Object.values(data).flatMap((mutation) => listOf(mutation, 'userErrors'))
  const fields = toFieldIssues(
    errors.map((error) => {
      const path = listOf(error, 'field').filter((part) => typeof part === 'string' || typeof part === 'number')
      return [path.join('.'), textOf(error, 'message') ?? '']
    }),
  )
  return fields === undefined ? undefined : { entry: 'userErrors', message: textOf(errors[0], 'message') ?? '', fields }
}

/**
 * The status says what it is; the body names the fields, or is one sentence. The map is left to the envelope. `Retry-After: 2.0` is not in the
 * grammar of RFC 9110, and is what Shopify sends.
 */
function readRest(body: unknown, retryAfter = ''): ReaderResult | undefined {
  const message = textOf(body, 'errors')
  if (message === undefined) return undefined
  return compact({ message, retryAfterSeconds: /^\d{1,6}\.\d{1,3}$/.test(retryAfter) ? Math.ceil(Number(retryAfter)) : undefined })
}
