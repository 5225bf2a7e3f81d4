/** When to come again: `Retry-After`, what the body says of it, resets, and rate headers. They are told by one clock, and so they agree. */
import { headerSets, parseRateLimitHeaders, type Entry, type ReadRateLimit } from 'tollgate/contract'
import { faultOf, noteOf, shown, type AnswerFault } from './answer-fault.ts'
import type { RefusedAnswer, RefusalRule } from './judge-context.ts'

/** Rounded up twice, and a `Date` without its milliseconds. */
const TOLERANCE_MS = 3_000
/** Nothing that is reset is reset later. */
const RESET_MAX_MS = 366 * 86_400_000

export const retryAfter: RefusalRule = ({ entry, headers, read }) => {
  const found = headers['retry-after']
  const must = (entry.status === 429 || entry.status === 503) && read.waitHelps !== false
  const may = entry.status === 429 || entry.status === 503 || entry.retry === 'wait' || entry.retry === 'backoff' || entry.retryAfterSeconds !== undefined
  if (found === undefined) return must || entry.retryAfterSeconds !== undefined ? [faultOf('retry-after', 'retry-after', `a ${entry.status} (${entry.id}) without Retry-After`)] : []
  if (!may) return [faultOf('retry-after', 'retry-after', `Retry-After is ${shown(found)}, and no wait helps against ${entry.id}`)]
  if (found.endsWith(' GMT') && !Number.isNaN(Date.parse(found))) return [noteOf('retry-after', 'retry-after', `Retry-After is a date, ${found}; many clients read whole seconds only`)]
  if (!/^\d{1,10}$/.test(found)) return [faultOf('retry-after', 'retry-after', `Retry-After is ${shown(found)}: it is whole seconds`)]
  if (Number(found) < 1) return [faultOf('retry-after', 'retry-after', 'Retry-After is 0: who obeys comes at once, and is refused')]
  return []
}

export const waitAgrees: RefusalRule = (refused, { contract }) => {
  const { entry, read, headers, exchange } = refused
  const seconds = /^\d{1,10}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined
  if (seconds === undefined) return []
  const nowMs = serverMs(refused)
  const inDetails = contract.detailsOf(entry.id).flatMap(({ name, type, from }): readonly AnswerFault[] => {
    const value = Object.hasOwn(read.details, name) ? read.details[name] : undefined
    if (value === undefined || value === null) return []
    if (from === 'retryAfterMs') {
      const told = type === 'seconds' ? Number(value) : Math.ceil(Number(value) / 1000)
      return told === seconds ? [] : [faultOf('wait-agrees', name, `Retry-After says ${seconds} s, and the detail "${name}" says ${shown(value)}`)]
    }
    if (from !== 'resetAtMs') return []
    const resetMs = type === 'unix' ? Number(value) * 1000 : Date.parse(String(value))
    return resetFaults(name, resetMs, nowMs, seconds, entry)
  })
  const shownReset = entry.reason === 'rate.limited' ? refusingLimit(refused, contract.declaration.rateLimitHeaders, nowMs)?.resetAtMs : undefined
  const inHeaders = shownReset === undefined || inDetails.length > 0 ? [] : resetFaults('rate headers', shownReset, nowMs, seconds, entry)
  return [...inDetails, ...inHeaders, ...(inDetails.length + inHeaders.length === 0 ? milliseconds(seconds, entry, exchange.answer.status) : [])]
}

/** A window lets somebody in before it is empty; a quota does not. */
function resetFaults(at: string, resetMs: number, nowMs: number, seconds: number, entry: Entry): readonly AnswerFault[] {
  if (Number.isNaN(resetMs)) return []
  if (resetMs < nowMs - TOLERANCE_MS || resetMs > nowMs + RESET_MAX_MS) return [faultOf('wait-agrees', at, `the reset that "${at}" tells is ${Math.round((resetMs - nowMs) / 1000)} s from now: it is told in another unit, or by another clock`)]
  const laterMs = nowMs + seconds * 1000 - resetMs
  if (laterMs > TOLERANCE_MS) return [faultOf('wait-agrees', at, `Retry-After says ${seconds} s, and "${at}" is reset ${Math.round(laterMs / 1000)} s before that`)]
  return entry.reason === 'quota.exhausted' && laterMs < -TOLERANCE_MS ? [faultOf('wait-agrees', at, `Retry-After says ${seconds} s, and "${at}" is reset ${Math.round(-laterMs / 1000)} s after that`)] : []
}

/** Where nothing stands beside it, the figure itself tells: a thousand times what the entry declares. */
function milliseconds(seconds: number, { id, retryAfterSeconds }: Entry, status: number): readonly AnswerFault[] {
  const declared = retryAfterSeconds ?? 60
  const isLikely = seconds >= 1_000 && seconds % 1_000 === 0 && seconds / 1_000 <= declared * 2
  return isLikely ? [faultOf('wait-agrees', 'retry-after', `Retry-After of this ${status} (${id}) is ${seconds} s: these look like milliseconds`)] : []
}

export const rateHeaders: RefusalRule = (refused, { contract }) => {
  const { entry, headers } = refused
  const declared = contract.declaration.rateLimitHeaders
  if (declared === undefined) return []
  const nowMs = serverMs(refused)
  const [main] = headerSets(declared)
  const names = headerSets(declared).map(({ limit, remaining, reset }) => [limit, remaining, reset].flatMap((name) => name ?? []))
  const halves = names.flatMap((set) => {
    const missing = set.filter((name) => headers[name.toLowerCase()] === undefined)
    return missing.length > 0 && missing.length < set.length ? [faultOf('rate-headers', missing[0] ?? '', `${missing.join(', ')} is missing beside ${set.filter((name) => !missing.includes(name)).join(', ')}`)] : []
  })
  const limits = parseRateLimitHeaders(declared, headers, nowMs)
  const unread = names.flat().filter((name) => headers[name.toLowerCase()] !== undefined && !isRead(name, limits, main))
  return [
    ...halves,
    ...unread.map((name) => faultOf('rate-headers', name, `${name} is ${shown(headers[name.toLowerCase()])}, which is none of its values`)),
    ...(limits.length === 0 && entry.reason === 'rate.limited' ? [faultOf('rate-headers', names.flat()[0] ?? 'RateLimit', 'a rate limit that refuses, and no rate headers')] : []),
    ...limits.flatMap(({ limit, remaining, resetAtMs }) => [
      ...(limit !== undefined && remaining !== undefined && remaining > limit ? [faultOf('rate-headers', 'remaining', `${remaining} remain of ${limit}`)] : []),
      ...(resetAtMs !== undefined && (resetAtMs < nowMs - TOLERANCE_MS || resetAtMs > nowMs + RESET_MAX_MS) ? [faultOf('rate-headers', 'reset', `the reset is ${Math.round((resetAtMs - nowMs) / 1000)} s from now: it is told in another unit, or by another clock`)] : []),
    ]),
    ...(entry.reason === 'rate.limited' && limits.length > 0 && limits.every(({ remaining }) => remaining !== undefined && remaining > 0) ? [faultOf('rate-headers', 'remaining', `a rate limit refuses, and ${limits[0]?.remaining} remain`)] : []),
  ]
}

/** One set tells one of them. */
function isRead(name: string, limits: readonly ReadRateLimit[], main: ReturnType<typeof headerSets>[number] | undefined): boolean {
  const part = main === undefined ? undefined : (['limit', 'remaining', 'reset'] as const).find((each) => main[each] === name)
  if (part === undefined) return true
  return limits.some((limit) => limit[part === 'reset' ? 'resetAtMs' : part] !== undefined)
}

function refusingLimit(refused: RefusedAnswer, declared: Parameters<typeof parseRateLimitHeaders>[0] | undefined, nowMs: number): ReadRateLimit | undefined {
  return declared === undefined ? undefined : parseRateLimitHeaders(declared, refused.headers, nowMs).find(({ remaining }) => remaining === 0)
}

/** By its own clock, as far as it tells it. */
function serverMs({ headers, exchange: { receivedAtMs } }: RefusedAnswer): number {
  const atMs = Date.parse(headers['date'] ?? '')
  return Number.isNaN(atMs) ? receivedAtMs : atMs
}
