/** What an answer says again of the request that it answers (`$request.id`): values at dotted paths of its JSON body. */
import type { JsonValue } from '../declare/facts.ts'

/** Looks into the body of the request; undefined where nothing stands, or where the body is no JSON. */
export type RequestLookup = (path: string) => unknown

export type Echo = { readonly [path: string]: JsonValue }

/** An answer is no place to send a caller's own megabytes back. */
const ECHO_CHARACTERS_MAX = 256

/** Only what the templates name. Undefined where nothing of it stands in the request. */
export function echoOf(paths: readonly string[], request: RequestLookup | undefined): Echo | undefined {
  if (request === undefined || paths.length === 0) return undefined
  const found = paths.flatMap((path) => {
    const value = echoedValue(request, path)
    return value === undefined ? [] : [[path, value] as const]
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

/** No answer is longer than this many refusals, whatever the batch. */
const BATCH_MAX = 100

/**
 * Of a request that is a list: what each of its items says. An item that says nothing of it wants no answer of its own (a notification of JSON-RPC); an empty list
 * where none does, or where there are too many.
 */
export function echoesOfBatch(paths: readonly string[], request: RequestLookup | undefined): readonly Echo[] {
  const length = request?.('length')
  if (request === undefined || request('0') === undefined || typeof length !== 'number' || !Number.isInteger(length) || length < 1 || length > BATCH_MAX) return []
  return Array.from({ length }, (_, at) => echoOf(paths, (path) => request(`${at}.${path}`))).filter((echo) => echo !== undefined)
}

/** A small value as it came, or none: half an id, or a number that this runtime has rounded, would be another one. */
export function echoedValue(request: RequestLookup | undefined, path: string): JsonValue | undefined {
  const value = request?.(path)
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return isExact(value) ? value : undefined
  if (typeof value === 'string') return value.length <= ECHO_CHARACTERS_MAX ? value : undefined
  return isSmall(value) ? (value as JsonValue) : undefined
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}

function isSmall(value: unknown): boolean {
  let allExact = true
  const text = JSON.stringify(value, (_, inner: unknown) => {
    allExact &&= typeof inner !== 'number' || isExact(inner)
    return inner
  }) as string | undefined
  return allExact && text !== undefined && text.length <= ECHO_CHARACTERS_MAX
}
