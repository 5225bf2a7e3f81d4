/** An explanation, for people. */
import { STATUS_CODES } from 'node:http'
import type { Reason, RetryRule } from 'tollgate/contract'
import type { Explanation, Repeatable } from 'tollgate/explain'
import { actionWords } from '../docs/model/words/action-words.ts'
import { clientReasonWords } from '../docs/model/words/client-reason-words.ts'
import { reasonWords, type ReasonWords } from '../docs/model/words/reason-words.ts'
import { printable, type Colours } from './colours.ts'

export function formatExplanation(explanation: Explanation, { bold, dim }: Colours): string {
  const { refusal } = explanation
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['who', whoOf(explanation)],
    ['why', wordsOf(explanation.reason).cause],
    ['it says', refusal === undefined || refusal.message === '' ? undefined : `“${refusal.message}”`],
    ['again?', againText(explanation)],
    ['what to do', actionWords[explanation.action].words],
    ...(refusal?.issues ?? []).map(({ field, issue }): readonly [string, string] => ['field', [field, issue].filter((each) => each !== undefined && each !== '').join(': ')]),
    ...Object.entries(refusal?.details ?? {}).map(([name, value]): readonly [string, string] => ['fact', `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`]),
    ...(refusal?.limits ?? []).map((limit): readonly [string, string] => ['limit', limitText(limit)]),
    ['request id', refusal?.requestId],
    ['docs', refusal?.docs],
    ['not pasted', lacksText(explanation)],
  ]
  const rows = lines.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [`  ${dim(name.padEnd(11))} ${printable(text).replaceAll(/\s*\n\s*/g, ' ')}\n`]))
  return `${bold(headline(explanation))}\n${rows.join('')}`
}

function wordsOf(reason: Reason): ReasonWords {
  const words: { readonly [reason: string]: ReasonWords } = { ...reasonWords, ...clientReasonWords }
  return words[reason] ?? { title: reason, cause: reason }
}

function headline({ reason, refusal, networkCode, lacks }: Explanation): string {
  const { title } = wordsOf(reason)
  if (refusal === undefined) return `${title} (${networkCode})  ${reason}`
  const code = refusal.code === undefined || refusal.code === '' ? '' : ` ${refusal.code}`
  const status = lacks.includes('status') ? '' : `${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`.trim()
  return `${printable(`${status}${code}`.trim() || 'A refusal')}: ${title}  ${reason}`
}

const sureBy = { contract: 'by its contract', dialect: 'by the form of its answer', status: 'by status and words alone' } as const

function whoOf({ source, refusal }: Explanation): string {
  const who = { api: 'the API', upstream: 'a service behind the API', client: 'the caller’s own side', network: 'the network, or something in front of the API' }[source]
  if (refusal === undefined) return who
  return `${who}${refusal.dialect === undefined || refusal.certainty === 'status' ? '' : `: ${refusal.dialect}`}, ${sureBy[refusal.certainty]}`
}

const rules: { readonly [R in RetryRule]: string } = {
  never: 'no: the same request gets the same answer',
  wait: 'yes, after a wait',
  backoff: 'yes, with growing pauses, a few times',
  refresh: 'once, with new credentials',
}

const repeats: { readonly [R in Repeatable]: string } = {
  undone: '; nothing was done, so that a repeat does no harm',
  safe: '',
  unsafe: '; but it may have been done, and a repeat would do it twice: send such requests with an idempotency key',
  unknown: '; only if doing it twice does no harm, for it may have been done',
}

function againText({ again: { rule, afterMs, atMs, repeatable, advised } }: Explanation): string {
  if (advised === false) return 'no: the server advises against it'
  const at = atMs === undefined ? '' : `, at ${new Date(atMs).toISOString()}`
  if (rule === 'never') return afterMs === undefined ? rules.never : `not by a program: it begins anew in ${seconds(afterMs)}${at}`
  const when = afterMs === undefined ? rules[rule] : `yes, not before ${seconds(afterMs)} after the answer${at}`
  return `${when}${repeats[repeatable]}`
}

function seconds(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 100) / 10} s` : `${Math.ceil(ms / 60_000)} minutes`
}

function limitText({ of: what, limit, remaining, resetAtMs }: NonNullable<Explanation['refusal']>['limits'][number]): string {
  const left = remaining === undefined ? '' : `${remaining} left`
  const of = limit === undefined ? '' : ` of ${limit}`
  const reset = resetAtMs === undefined ? '' : `, anew at ${new Date(resetAtMs).toISOString()}`
  return `${what === undefined || what === '' ? '' : `${what}: `}${left}${of}${reset}`
}

const lackWords = { status: 'the status', headers: 'the headers, which may say how long to wait', request: 'the request, whose method says whether it may be repeated' } as const

/** Only what would have changed something. */
function lacksText({ lacks, again: { rule, repeatable } }: Explanation): string | undefined {
  const matters = { status: true, headers: rule !== 'never', request: rule !== 'never' && repeatable === 'unknown' }
  const left = lacks.filter((each) => matters[each])
  return left.length === 0 ? undefined : left.map((each) => lackWords[each]).join('; ')
}
