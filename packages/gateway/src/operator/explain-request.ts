/** One request in plain sentences, for the person who answers "what happened to request req_9f2?". Pure: row in, paragraphs out. */
import type { LedgerRow, MovementKind, Reading } from 'tollgate/engine'
import type { RequestRow, UpstreamAttempt } from 'tollgate/journal'
import { rulesWhere, type Action, type Entry } from 'tollgate/contract'
import { displayOf } from '../config/kinds/meter-kinds.ts'
import { formatUnits } from './money-amounts.ts'
import { instantText } from './fields.ts'
import { showLimits } from './shown-limits.ts'

/** What a paragraph may be about, in this order. */
export const subjects = ['who', 'decision', 'meters', 'money', 'upstream', 'answer', 'advice', 'timing', 'operator'] as const

export interface Paragraph {
  readonly about: (typeof subjects)[number]
  readonly sentences: readonly string[]
}

export interface RequestBackground {
  /** What the contract says of the entry now. */
  readonly entry: Entry | undefined
  readonly accountName: string | undefined
  /** What the ledger says of it, the oldest first. */
  readonly movements: readonly LedgerRow[]
  /** The decimals of a balance, where it is still configured. */
  scaleOf(meter: string): number | undefined
}

export function explainRequest(row: RequestRow, background: RequestBackground): readonly Paragraph[] {
  const paragraphs: readonly Paragraph[] = [
    { about: 'who', sentences: whoAsked(row, background.accountName) },
    { about: 'decision', sentences: whatWasDecided(row, background.entry) },
    { about: 'meters', sentences: row.meters.map((reading) => readingSentence(reading, row, background)) },
    { about: 'money', sentences: background.movements.map(movementSentence) },
    { about: 'upstream', sentences: [...row.upstream.map(attemptSentence), ...(row.serviceSaid === undefined ? [] : [`What it said could not be taken for its answer: ${row.serviceSaid}`])] },
    { about: 'answer', sentences: whatTheCallerWasTold(row) },
    { about: 'advice', sentences: whatTheyShouldDo(row, background.entry) },
    { about: 'timing', sentences: [timingSentence(row)] },
    { about: 'operator', sentences: row.refusal?.cause === undefined ? [] : [`The cause, which the caller was not told: ${row.refusal.cause}`] },
  ]
  return paragraphs.filter(({ sentences }) => sentences.length > 0)
}

function whoAsked(row: RequestRow, accountName: string | undefined): readonly string[] {
  const { atMs, accountId, keyId, userId, plan, remoteAddress, clientRequestId, traceId } = row
  const name = accountName === undefined ? '' : ` (${accountName})`
  const caller =
    accountId === undefined
      ? `Somebody at ${remoteAddress}, without a known key,`
      : `Account ${accountId}${name} on plan ${plan ?? '?'}, with key ${keyId ?? '?'}${userId === undefined ? '' : ` of user ${userId}`} from ${remoteAddress},`
  return [
    `${caller} asked for ${row.method} ${row.path} at ${minuteText(atMs)}.`,
    ...(clientRequestId === undefined ? [] : [`The caller's own id for it is ${clientRequestId}.`]),
    ...(traceId === undefined ? [] : [`Its trace is ${traceId}.`]),
  ]
}

function whatWasDecided(row: RequestRow, entry: Entry | undefined): readonly string[] {
  const { api, route, refusal, status, uncounted = [] } = row
  const place = api === undefined ? 'No API is mounted there' : route === undefined ? `No route of ${api} was chosen` : `It went to the route ${route} of ${api}`
  if (refusal === undefined) return [`${place}, was admitted and was answered with status ${status}.`]
  return [
    `${place}, and it was ${whoRefused(row, refusal)} (${refusal.reason}).`,
    ...(entry === undefined ? [] : [`${nameOf(entry)} means: ${withStop(entry.description)}`]),
    ...(refusal.midStream === true ? ['The answer had already begun when it broke off.'] : []),
    ...(uncounted.length === 0 ? [] : [`Because of this outcome it was not counted in ${uncounted.join(', ')}.`]),
  ]
}

function whoRefused({ upstream }: RequestRow, { source, reason }: NonNullable<RequestRow['refusal']>): string {
  if (source === 'client') return 'refused because of the request'
  if (source === 'upstream') return 'not served because the service behind us failed'
  if (source === 'network') return 'not served because the network failed'
  return reason !== 'internal' && upstream.at(-1)?.status !== undefined ? 'refused by the service behind us' : 'not served by us'
}

/** Some dialects have entries without a code. */
function nameOf({ code, id }: Entry): string {
  return code === '' ? id : String(code)
}

function readingSentence(reading: Reading, { plan }: RequestRow, { scaleOf, movements }: RequestBackground): string {
  const { name, kind } = reading
  const money = (units: number): string => {
    const scale = scaleOf(name) ?? movements.find((movement) => movement.name === name)?.scale
    return scale === undefined ? `${units} units` : formatUnits(units, scale)
  }
  return displayOf(kind).sentence({ ...reading, ...showLimits(reading) }, { plan, at: minuteText, money })
}

const movementWords: { readonly [kind in MovementKind]: string } = { grant: 'granted to', hold: 'held of', settle: 'charged to', release: 'given back to', debit: 'taken from', expire: 'expired in', spend: 'counted as spent in' }

function movementSentence({ units, scale, kind, name, reason, atMs }: LedgerRow): string {
  return `${formatUnits(units, scale)} ${movementWords[kind]} ${name} at ${minuteText(atMs)} (${reason}).`
}

function attemptSentence({ target, status, error, durationMs }: UpstreamAttempt): string {
  const outcome = status === undefined ? `did not answer (${error ?? 'unknown'})` : `answered ${status}`
  return `The upstream ${target} ${outcome} after ${shortMs(durationMs)}.`
}

function whatTheCallerWasTold({ status, refusal, requestId }: RequestRow): readonly string[] {
  if (refusal === undefined) return []
  if (refusal.entry === '') return [`The caller had gone before there was an answer (logged as ${status}).`]
  const { retryAfterMs } = refusal.facts
  return [
    `The caller was told: ${refusal.code === '' ? status : `${status} ${refusal.code}`}, "${refusal.message}", request id ${requestId}.`,
    ...(typeof retryAfterMs === 'number' ? [`They were asked to wait ${shortMs(retryAfterMs)} before trying again.`] : []),
  ]
}

const adviceByAction: { readonly [action in Action]: string } = {
  fix_request: 'They should correct the request; the same one will be refused again.',
  authenticate: 'They should send a valid key.',
  refresh_credentials: 'They should get new credentials and repeat once.',
  request_access: 'They should ask for access, or use a key that has it.',
  pay_or_upgrade: 'They should top up or upgrade their plan.',
  wait: 'They should wait and try again.',
  wait_for_reset: 'They should wait until the counter starts anew, or upgrade their plan.',
  free_resource: 'They should end something that they hold, then try again.',
  use_new_idempotency_key: 'They should repeat it with a new idempotency key.',
  contact_support: 'They should contact support with the request id.',
}

const retryByRule: { readonly [rule in Entry['retry']]: string } = {
  never: 'Repeating it unchanged does not help.',
  wait: 'A client may repeat it by itself after the wait that it was told.',
  backoff: 'A client may repeat it by itself with growing pauses.',
  refresh: 'A client may repeat it by itself once, with new credentials.',
}

function whatTheyShouldDo({ refusal }: RequestRow, entry: Entry | undefined): readonly string[] {
  if (refusal === undefined || entry === undefined) return []
  const { waitHelps, retryAfterMs } = refusal.facts
  const { retry, action } = rulesWhere(waitHelps, entry)
  const advice = waitHelps === false ? `No wait lets it pass. ${adviceByAction[action]}` : (entry.remedy ?? adviceByAction[action])
  const repeat = retry === 'never' && waitHelps !== false && typeof retryAfterMs === 'number' ? 'Repeating it before that does not help.' : retryByRule[retry]
  return [advice, repeat].map(withStop)
}

function timingSentence({ durationMs, timings, bytesIn, bytesOut }: RequestRow): string {
  const steps = Object.entries(timings).map(([step, ms]) => `${step} after ${shortMs(ms)}`)
  return `It took ${shortMs(durationMs)}${steps.length === 0 ? '' : ` (${steps.join(', ')})`}; ${bytesIn} bytes in, ${bytesOut} bytes out.`
}

function minuteText(atMs: number): string {
  return `${instantText(atMs).slice(0, 19).replace('T', ' ')} UTC`
}

function shortMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms * 10) / 10} ms`
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} minutes`
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} hours` : `${Math.round(ms / 86_400_000)} days`
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
