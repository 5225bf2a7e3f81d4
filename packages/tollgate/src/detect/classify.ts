/**
 * What an error means whose code no dialect has: by its words, and by its status. Cautious: a wrong `never` costs a call that would have passed, a wrong `wait` or
 * `backoff` costs money, or makes an outage worse.
 */
import type { RetryRule } from '../contract/declare/declaration.ts'
import { rulesOfReason } from '../contract/declare/entry-rules.ts'
import type { ServerReason } from '../contract/declare/reason.ts'
import { meaningOfStatus, type Meaning } from '../contract/read/status-meaning.ts'

/** What is known of an error. */
export interface Said {
  /** Undefined in the middle of a stream, and where the answer says that all is well. */
  readonly status: number | undefined
  /** Of an API whose codes are numbers. */
  readonly dialect?: string | undefined
  readonly code: string | number | undefined
  /** The class of error beside the code. It counts where no status says more. */
  readonly type?: string | undefined
  readonly message: string | undefined
  /** What the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** Whether that stands in a header, or in a member for it: a sentence is no promise. */
  readonly isWaitExplicit: boolean
  /** Whether a limit is told of which nothing is left. */
  readonly isLimitSpent: boolean
}

/** A wait as long as this is that of a quota: no program waits for it. */
const QUOTA_WAIT_MS = 3_600_000

type Row = readonly [pattern: RegExp, reason: ServerReason, retry?: RetryRule]

/** By the code, in lower case and without anything between its words: `DAILY_QUOTA_EXCEEDED` is `dailyquotaexceeded`. The first that fits. */
const byCode: readonly Row[] = [
  [/inflight/, 'rate.limited', 'wait'],
  [/insufficient(?:quota|credit|balance|fund)|creditbalance|nocredit|outofcredit|billing|paymentrequired|carddeclined|spend(?:ing)?limit|spendlimit|balance(?:too)?low|notenough(?:balance|credit)/, 'credit.insufficient'],
  [/idempoten.*(?:inuse|inprogress|processing|concurrent)/, 'idempotency.in_progress'],
  [/idempoten.*(?:missing|required)/, 'idempotency.missing'],
  [/idempoten/, 'idempotency.mismatch'],
  [/concurren/, 'concurrency.limited'],
  [/session(?:s)?limit|toomanysessions/, 'session.limited'],
  [/(?:daily|monthly|weekly|yearly|usage|hard|free).*(?:quota|limit)|quota(?:exceeded|exhausted|reached)|outofquota|^quota|planlimit|monthlyrequestlimit/, 'quota.exhausted'],
  [/ratelimit|ratelimited|throttl|toomanyrequests|requestlimitexceeded|slowdown|provisionedthroughput|bandwidthlimit|prioritylimit|floodwait|^limitexceededexception$/, 'rate.limited'],
  [/overload|overcapacity|capacityexceeded|nocapacity|systembusy|serverbusy|modelnotready|^busy|currentlyloading/, 'capacity.overloaded'],
  [/locktimeout|locked|inprogress|transactionconflict|preparing/, 'resource.conflict', 'backoff'],
  [/(?:token|jwt|session|expiredtoken|accesstoken).*expired|expired.*token|^expiredauth/, 'token.expired'],
  [/contentfilter|contentpolic|moderation|safety|contentblocked|flagged|prohibitedcontent/, 'content.blocked'],
  [/maintenance/, 'service.maintenance'],
  // Of GraphQL servers, whose status tells nothing.
  [/^graphql(?:parse|validation)failed$|^baduserinput$|^operationresolutionfailure$/, 'request.invalid'],
  [/^unauthenticated$/, 'credential.invalid'],
]

/** Of MiniMax, which has numbers alone. */
const byNumber: ReadonlyMap<string, ServerReason> = new Map<string, ServerReason>([
  ['1000', 'internal'], ['1001', 'upstream.timeout'], ['1002', 'rate.limited'], ['1004', 'credential.invalid'], ['1008', 'credit.insufficient'], ['1013', 'internal'], ['1024', 'internal'], ['1026', 'content.blocked'],
  ['1027', 'content.blocked'], ['1033', 'internal'], ['1039', 'rate.limited'], ['1041', 'concurrency.limited'], ['2013', 'request.invalid'], ['2049', 'credential.invalid'],
])

/** What it would have been sent with, had it not been hidden under a success. */
const statusByFamily: { readonly [family: string]: number } = { credential: 401, token: 401, credit: 402, permission: 403, account: 403, rate: 429, concurrency: 429, quota: 429, session: 429, idempotency: 409, upstream: 502, capacity: 503, service: 503, internal: 500, resource: 409, request: 400, field: 400, content: 400 }

export function statusOfReason(reason: string): number | undefined {
  return statusByFamily[reason.split('.')[0] ?? '']
}

/** By the sentence, where the code says nothing. */
const byText: readonly Row[] = [
  [/\bno api key (?:found|provided)\b|\bauthentication credentials were not provided\b/i, 'credential.missing'],
  [/\b(?:credit balance|insufficient (?:credits?|balance|funds|quota)|out of credits?|no credits? (?:left|remaining)|exceeded your current quota|check your plan and billing|spend(?:ing)? limit|specified api usage limits|top up|balance (?:is )?not enough|monthly included credits)\b/i, 'credit.insufficient'],
  [/\bconcurren(?:t|cy)\b/i, 'concurrency.limited'],
  [/\b(?:daily|monthly|weekly)\b.{0,40}\b(?:limit|quota|cap)\b|\b(?:limit|quota|cap)\b.{0,60}\b(?:per|a|this|of the|\/) ?(?:day|month|week)\b|\bper[- ](?:day|month)\b|\bquota exceeded\b|\bkey limit exceeded\b/i, 'quota.exhausted'],
  [/\b(?:rate limit|rate exceeded|too many (?:requests|attempts)|throttl\w+|secondary rate|slow down)\b/i, 'rate.limited'],
  [/\b(?:overloaded|at capacity|over capacity|high demand|currently loading|server is busy)\b/i, 'capacity.overloaded'],
  [/\b(?:token|jwt|session) (?:has |is )?expired\b|\bexpired (?:access )?token\b/i, 'token.expired'],
]
/** Where a status would have said it: by the code or the class of an error that stands in a stream, or under a success. */
const byHiddenWord: readonly Row[] = [
  [/unauthenticated|^unauthorized$|notauthed|invalid(?:api)?(?:key|token|auth|credential)|auth(?:entication)?(?:error|failed|required)$/, 'credential.invalid'],
  [/accessdenied|forbidden|permissiondenied|permissionerror|missingscope|notauthorized|insufficient(?:scope|permission)/, 'permission.denied'],
  [/notfound(?:error)?$|^nosuch/, 'resource.not_found'],
  [/conflict(?:error)?$|alreadyexists$/, 'resource.conflict'],
  [/^(?:invalidrequest|validation|badrequest|badinput|baduserinput|input|invalidargument|invalidparam\w*|unprocessable\w*|graphqlvalidationfailed|graphqlparsefailed|cardvalidation)(?:error|failed)?$/, 'request.invalid'],
  [/^(?:internal|internalserver|server|api)error$/, 'internal'],
  [/^(?:timeout|gatewaytimeout)(?:error)?$/, 'upstream.timeout'],
]
const TEXT_CHARS_MAX = 4_096
const CODE_CHARS_MAX = 128

/** Of these the request was not processed, whichever way a wait is told: refused for now. */
const waitable = new Set([402, 403, 409, 423, 425])
/** Not implemented, no such version, no room, a loop, a log-in to a network: none of them passes. */
const lasting = new Set([501, 505, 506, 507, 508, 510, 511])
const timeouts = new Set([504, 522, 524, 598])
const unreachable = new Set([520, 521, 523, 525, 526, 527, 530])

export function classify(said: Said): Meaning {
  const { status, retryAfterMs, isWaitExplicit, isLimitSpent } = said
  const meaning = byWords(said) ?? byHidden(said) ?? byStatus(status)
  const isThrottle = status === 429 || meaning.reason === 'rate.limited' || meaning.reason === 'concurrency.limited'
  // A sentence that speaks of a quota under 429 is outweighed by a short wait: then it is its rate that is meant.
  if (meaning.reason === 'quota.exhausted' && status === 429 && retryAfterMs !== undefined && retryAfterMs < QUOTA_WAIT_MS && byWords({ ...said, message: undefined })?.reason !== 'quota.exhausted') return withRules('rate.limited')
  if (isThrottle && meaning.retry !== 'never' && retryAfterMs !== undefined && retryAfterMs >= QUOTA_WAIT_MS) return withRules('quota.exhausted')
  if (status !== undefined && waitable.has(status) && (isWaitExplicit || isLimitSpent) && meaning.reason !== 'quota.exhausted') return withRules('rate.limited')
  // Of a throttle without any word on the wait only a growing one is safe.
  return meaning.retry === 'wait' && retryAfterMs === undefined ? { ...meaning, retry: 'backoff' } : meaning
}

/** Undefined: neither its code nor its sentence says what it is. */
export function byWords({ status, code, message, dialect }: Said): Meaning | undefined {
  const numbered = dialect === 'minimax' ? byNumber.get(String(code)) : undefined
  if (numbered !== undefined) return withRules(numbered)
  const word = toWord(code)
  const row = byCode.find(([pattern]) => pattern.test(word)) ?? (status === undefined || status >= 400 ? byText.find(([pattern]) => pattern.test(message?.slice(0, TEXT_CHARS_MAX) ?? '')) : undefined)
  if (row === undefined) return undefined
  const [, reason, retry] = row
  // The code of a limit under 413 says that the request alone is larger.
  if (status === 413) return withRules('request.too_large')
  // API Gateway: the quota of a usage plan.
  if (word === 'limitexceededexception' && status === 429) return withRules('quota.exhausted')
  if (reason === 'token.expired' && status !== 401 && status !== 403 && status !== undefined && status !== 400) return undefined
  return withRules(reason, retry)
}

/** Undefined: the status says it, or nothing does. */
export function byHidden({ status, code, type }: Said): Meaning | undefined {
  if (status !== undefined && status >= 400) return undefined
  const row = [code, type].map(toWord).map((word) => byHiddenWord.find(([pattern]) => pattern.test(word))).find((each) => each !== undefined)
  return row && withRules(row[1])
}

function toWord(code: string | number | undefined): string {
  return String(code ?? '').slice(0, CODE_CHARS_MAX).toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function byStatus(status: number | undefined): Meaning {
  if (status === undefined) return { reason: 'unknown', retry: 'never', action: 'contact_support' }
  if (lasting.has(status)) return { ...meaningOfStatus(status), retry: 'never' }
  if (timeouts.has(status)) return withRules('upstream.timeout')
  if (unreachable.has(status)) return withRules('upstream.unavailable')
  if (status === 421 || status === 425) return { reason: 'request.invalid', retry: 'backoff', action: 'wait' }
  if (status === 529) return withRules('capacity.overloaded')
  return meaningOfStatus(status)
}

function withRules(reason: ServerReason, retry?: RetryRule): Meaning {
  const rules = rulesOfReason(reason)
  return { reason, retry: retry ?? rules.retry, action: rules.action }
}
