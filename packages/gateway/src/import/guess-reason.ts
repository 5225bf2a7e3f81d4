/** What probably happened, by the words of a code, of its sentence and of its description; otherwise by its status. A person looks at it afterwards: each guess by status alone is asked about. */
import type { ServerReason } from 'tollgate/contract'
import type { FoundError } from './found-error.ts'

type Row = readonly [pattern: RegExp, reason: ServerReason]

/** The first that fits. Codes come as words: `DAILY_QUOTA_EXCEEDED` and `DailyQuotaExceeded` as `daily quota exceeded`. */
const rows: readonly Row[] = [
  [/\b(?:api )?key\b.*\bexpired\b|\bexpired\b.*\b(?:api )?key\b|\bcredentials? (?:has |have |is |are )?expired\b/, 'credential.expired'],
  [/\b(?:api )?key\b.*\b(?:revoked|disabled|deactivated|deleted|inactive)\b|\b(?:revoked|disabled|deactivated|inactive)\b.*\bkey\b/, 'credential.revoked'],
  [/\bsession\b.*\b(?:expired|ended|closed|over|terminated)\b|\bexpired session\b/, 'session.expired'],
  [/\b(?:token|jwt|auth(?:entication)?)\b.*\bexpired\b|\bexpired\b.*\b(?:token|jwt)\b/, 'token.expired'],
  [/\bsessions?\b.*\b(?:limit|maximum|reached|too many)\b|\btoo many sessions\b|\b(?:max|maximum)\b.*\bsessions\b/, 'session.limited'],
  [/\bsession\b.*\b(?:not found|missing|unknown|does not exist|invalid)\b|\b(?:invalid|unknown) session\b/, 'session.not_found'],
  [/\bidempoten\w*\b.*\b(?:in progress|processing|concurrent|running|in use|outstanding)\b/, 'idempotency.in_progress'],
  [/\bidempoten\w*\b.*\b(?:missing|required)\b|\bmissing idempoten/, 'idempotency.missing'],
  [/\bidempoten/, 'idempotency.mismatch'],
  [/\b(?:file|payload|body|entity|request|upload|image|content)\b.*\b(?:too large|too big|size exceed\w*|exceeds (?:the )?(?:limit|size|maximum size))\b|\bsize exceeds limit\b/, 'request.too_large'],
  [/\bunsupported (?:media|content|file)\b|\b(?:invalid|unsupported) (?:file|media|content|image|audio|video) (?:format|type)\b|\bcontent type\b|\bfile format\b/, 'request.unsupported_media'],
  [/\b(?:insufficient|not enough|no|low|out of|run out of)\b.{0,12}\b(?:credits?|balance|funds?|money|tokens? balance)\b|\b(?:payment|billing|invoice)\b.{0,20}\b(?:required|failed|declined|due|overdue|needed|missing)\b|\bcard\b.{0,16}\bdeclined\b|\b(?:balance|credits?) (?:is )?(?:too low|exhausted|insufficient|empty|depleted)\b|\binsufficient quota\b|\bbilling details\b|\btop up\b/, 'credit.insufficient'],
  [/\b(?:concurren\w+|simultaneous|parallel|in flight|at the same time|too many (?:active|running|pending)|queue (?:is )?full)\b/, 'concurrency.limited'],
  [/\b(?:quota|daily|monthly|weekly|per day|per month|usage limit|usage cap|plan limit|allowance|limit for (?:your|the) plan)\b.*|\bfree (?:trial|tier)\b.*\b(?:used|over|ended|exceeded)\b/, 'quota.exhausted'],
  [/\brate\b.{0,12}\blimit\w*|\btoo many requests\b|\bthrottl\w+|\bslow down\b|\btoo fast\b|\brequests? per (?:second|minute|hour)\b|\bflood\b/, 'rate.limited'],
  [/\b(?:violat\w+|moderat\w+|blocked content|content (?:blocked|policy|filter\w*)|safety|prohibited|nsfw|inappropriate|sensitive|flagged|profanity)\b/, 'content.blocked'],
  [/\b(?:account|user|organi[sz]ation|workspace|project|customer|tenant)\b.*\bsuspend\w*|\bsuspended\b|\bbanned\b/, 'account.suspended'],
  [/\b(?:account|user|organi[sz]ation|workspace|project|customer|tenant)\b.*\b(?:disabled|deactivated|inactive|closed|deleted|locked)\b/, 'account.disabled'],
  [/\b(?:not (?:included|available) (?:in|on|for)|upgrade|not entitled|lacks? api access|no permission to call|subscription|feature (?:is )?(?:not|disabled)|plan (?:does not|doesn t)|access to (?:this )?(?:api|feature))\b/, 'account.not_entitled'],
  [/\b(?:permissions?|scopes?|not allowed to|not permitted|privileges?|role)\b/, 'permission.denied'],
  [/\b(?:api ?key|key|token|credentials?|auth(?:orization|entication)?|header)\b.{0,40}\b(?:is |are )?(?:required|missing|not (?:provided|supplied|sent|found)|must be supplied)\b|\b(?:missing|no)\b.{0,12}\b(?:api ?key|key|token|credentials?|auth\w*)\b|\bnot (?:logged in|authenticated)\b/, 'credential.missing'],
  [/\b(?:invalid|incorrect|wrong|bad|unknown|malformed|not valid)\b.{0,20}\b(?:api ?key|key|token|credentials?|signature|secret|password)\b|\b(?:key|token|credentials?|signature)\b.{0,24}\b(?:invalid|incorrect|wrong|malformed|not valid)\b|\bauth(?:entication)? (?:failed|error)\b/, 'credential.invalid'],
  [/\bmethod\b.*\bnot (?:allowed|supported)\b/, 'method.not_allowed'],
  [/\b(?:endpoint|route|path|url)\b.*\b(?:not found|unknown|does not exist|doesn t exist|invalid)\b|\b(?:unknown|invalid) (?:endpoint|route|path|url)\b/, 'route.unknown'],
  [/\b(?:required|mandatory)\b.{0,20}\b(?:field|param\w*|argument|property|value)\b.{0,12}\b(?:missing|not)\b|\bmissing\b.{0,20}\b(?:field|param\w*|argument|property|value)s?\b|\b(?:field|param\w*|argument) (?:is )?(?:missing|required)\b/, 'field.missing'],
  [/\b(?:time ?out|timed out|deadline)\b/, 'upstream.timeout'],
  [/\b(?:overload\w*|at capacity|over capacity|high (?:load|demand)|server (?:is )?busy|too busy|try again shortly)\b/, 'capacity.overloaded'],
  [/\bmaintenance\b/, 'service.maintenance'],
  [/\b(?:model|backend|upstream|provider|engine|gateway|dependency|third party)\b.*\b(?:unavailable|down|not available|not reachable)\b/, 'upstream.unavailable'],
  [/\b(?:bad gateway|backend|upstream|provider error|processing (?:error|failed)|error processing|generation failed)\b/, 'upstream.failed'],
  [/\b(?:deleted|gone|no longer (?:available|exists?)|removed|expired)\b/, 'resource.gone'],
  [/\bnot found\b|\bdoes not exist\b|\bdoesn t exist\b|\bno such\b|\bunknown (?:id|resource|record)\b|\binvalid id\b/, 'resource.not_found'],
  [/\b(?:conflict|already (?:exists|taken|in use|used|registered)|duplicate|out of stock|sold out|version mismatch|locked|in use)\b/, 'resource.conflict'],
  [/\b(?:too (?:long|short|high|low|many|few)|out of range|must be (?:between|at|positive|one|less|greater|a )|exceeds (?:the )?maximum|not supported|unsupported|invalid (?:value|field|enum|choice|date|email|size|quality|option)|field value|value is invalid)\b/, 'field.invalid'],
]

/** Words that say little, where anything else says more. */
const vague: readonly Row[] = [
  [/\b(?:invalid|bad|malformed|missing|wrong)\b.{0,20}\b(?:request|body|json|input|param\w*|query|data|syntax)\b|\b(?:request|input|validation|param\w*)\b.{0,20}\b(?:invalid|error|failed|malformed|missing)\b|\bparse error\b/, 'request.invalid'],
  [/\b(?:service|server|api|temporarily) (?:is )?(?:temporarily )?unavailable\b/, 'service.maintenance'],
  [/\b(?:forbidden|access denied)\b/, 'permission.denied'],
  [/\bunauthori[sz]ed\b|\bunauthenticated\b/, 'credential.invalid'],
  [/\b(?:internal|server|system|unexpected|unknown)\b.{0,12}\b(?:error|failure|problem)\b|\bsomething went wrong\b/, 'internal'],
]

const byStatus: { readonly [status: number]: ServerReason } = {
  400: 'request.invalid', 401: 'credential.invalid', 402: 'credit.insufficient', 403: 'permission.denied', 404: 'resource.not_found', 405: 'method.not_allowed', 408: 'upstream.timeout', 409: 'resource.conflict',
  410: 'resource.gone', 413: 'request.too_large', 415: 'request.unsupported_media', 422: 'field.invalid', 423: 'resource.conflict', 429: 'rate.limited', 451: 'content.blocked', 500: 'internal', 502: 'upstream.failed',
  503: 'service.maintenance', 504: 'upstream.timeout', 529: 'capacity.overloaded',
}

export interface GuessedReason {
  readonly reason: ServerReason
  /** By words of its own, or by its status alone. */
  readonly by: 'words' | 'status' | 'nothing'
}

export function guessReason({ code, status, otherStatuses, message, description, field }: FoundError): GuessedReason {
  const words = [typeof code === 'string' ? asWords(code) : '', asWords(message ?? ''), asWords(description ?? '')].filter((text) => text !== '')
  // What the code says comes before what its sentences add, and all of them together come last.
  const passes = [rows, vague].flatMap((some) => [...words, words.join(' ')].map((text) => ({ some, text })))
  for (const { some, text } of passes) {
    const found = some.find(([pattern, reason]) => pattern.test(text) && fits(reason, [status, ...otherStatuses], field))
    if (found !== undefined) return { reason: field !== undefined && found[1] === 'request.invalid' ? 'field.invalid' : found[1], by: 'words' }
  }
  if (field !== undefined) return { reason: 'field.invalid', by: 'words' }
  const reason = status === undefined ? undefined : (byStatus[status] ?? (status >= 500 ? 'internal' : 'request.invalid'))
  return reason === undefined ? { reason: 'internal', by: 'nothing' } : { reason, by: 'status' }
}

/** A word that contradicts the status is about something else: an "invalid key" under 500. */
function fits(reason: ServerReason, statuses: readonly (number | undefined)[], field: string | undefined): boolean {
  const status = statuses.find((each) => each !== undefined)
  const isFailure = /^(?:upstream|capacity|service|internal)/.test(reason)
  if (field !== undefined && isFailure) return false
  if (status === undefined) return true
  if (reason === 'route.unknown') return status === 404
  if (status === 502 || status === 503 || status === 504) return isFailure && reason !== 'internal'
  if (status >= 500) return isFailure
  if (isFailure && status !== 408 && status !== 429) return false
  if (status === 401) return /^(?:credential|token|permission|account)/.test(reason)
  if (status === 402) return /^(?:credit|quota|account)/.test(reason)
  if (status === 403) return !/^(?:field|request|rate)/.test(reason)
  if (status === 429) return /^(?:rate|quota|concurrency|credit|session|capacity)/.test(reason)
  if (reason.startsWith('rate.')) return status === 420
  if (status === 404) return /not_found|route|gone|missing|invalid/.test(reason) && !reason.startsWith('credential')
  return true
}

function asWords(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-./'’]+/g, ' ')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
}
