/**
 * Binds the call to the caller's key, before anything is taken: one charge per key.
 *
 *     nothing known of it          claimed: the call goes on
 *     finished, its answer kept    replayed
 *     another request's            `idempotency.mismatch`
 *     still running                `idempotency.in_progress`
 *     outcome unknown              taken over under the same hold, if the upstream knows the key again; otherwise `upstream.timeout`
 *     charged, its answer lost     asked again without a charge, if the upstream knows the key again; otherwise `upstream.timeout`
 */
import type { CallRecord, ClaimResult, KeyClaim } from '../../engine/calls/call-record.ts'
import type { MoneyEngine } from '../../engine/money-commands.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { mayHaveHappened } from '../../engine/store-error.ts'
import { applyNamed } from '../../stores/store.ts'
import { termsOf, trackedCall, type CallInProgress } from '../call/call-in-progress.ts'
import { canonicalJson } from './canonical-json.ts'
import { bytesText, readIdempotencyKey } from './idempotency-key.ts'
import { pathOf } from '../way-in/path.ts'
import type { Replay } from './replay.ts'
import { readBytes, readJson } from './request-body.ts'
import type { IdempotencyOptions } from './step-options.ts'
import { refusedByStore } from './store-failure.ts'
import type { Step, StepTools } from './step.ts'
import type { OrRefusal } from '../or-refusal.ts'

const KEPT_MS = 86_400_000
/** How soon a caller may ask again for an answer that is still being made. */
const RUNNING_RETRY_AFTER_MS = 1_000

export const idempotency: Step<'idempotency'> = {
  key: 'idempotency',
  plan(keyed, api, fail) {
    if (api.credentials === undefined) fail('a public route knows no account whose idempotency keys it could keep')
    return { keyed }
  },
  headers: ({ header }) => ({ sent: [header], answered: ['Idempotent-Replayed'] }),
  prepare: (options) => (current, tools) => bindKey(current, options, tools),
}

async function bindKey(current: CallInProgress, options: IdempotencyOptions, tools: StepTools): Promise<Refusal | Replay | undefined> {
  const { header, required } = options
  const sent = readIdempotencyKey(current.call.headers, header)
  if (sent.kind === 'refused') return sent
  if (sent.key === undefined) return required === true ? refuse('idempotency.missing', { header, issue: `the ${header} header is required` }, { source: 'client' }) : undefined
  const fingerprint = await fingerprintOf(current, options, tools.sha256Hex)
  if (fingerprint.kind === 'refused') return fingerprint

  const nowMs = tools.clock.wallMs()
  const claim = { scope: scopeOf(current, sent.key, tools.sha256Hex), fingerprint: fingerprint.hash, keptMs: options.keptMs ?? KEPT_MS }
  current.key = sent.key
  try {
    return await claimKey(current, claim, nowMs, tools.store)
  } catch (error) {
    // The key may be bound, for the first time or over again. It comes free with the refusal, and does not wait for a deadline.
    if (mayHaveHappened(error)) current.tracked = trackedCall(termsOf(current), nowMs, { claim, fence: undefined })
    return refusedByStore(error, tools.alert, current.log.requestId)
  }
}

async function claimKey(current: CallInProgress, claim: KeyClaim, nowMs: number, store: MoneyEngine): Promise<Refusal | Replay | undefined> {
  const context = termsOf(current)
  const result = await applyNamed(store, { kind: 'claim', claim, call: context })
  const isRepeatable = current.matched?.plan.isRepeatable === true
  const isUnfinished = result.outcome === 'unknown' && result.call.state === 'unknown' && result.call.answer === undefined
  if (isUnfinished && isRepeatable) {
    const again = await applyNamed(store, { kind: 'claim', claim, call: context, redispatch: true })
    return follow(current, claim, again, nowMs)
  }
  return follow(current, claim, result, nowMs)
}

function follow(current: CallInProgress, claim: KeyClaim, result: ClaimResult, nowMs: number): Refusal | Replay | undefined {
  switch (result.outcome) {
    case 'claimed':
      current.tracked = trackedCall(termsOf(current), nowMs, { claim, fence: result.fence })
      return undefined
    case 'replay':
      return { kind: 'replay', replayed: result.answer, requestId: result.call.id }
    case 'mismatch':
      return refuse('idempotency.mismatch', { issue: 'the key was used for another request' }, { source: 'client' })
    case 'in_progress':
      return refuse('idempotency.in_progress', { retryAfterMs: Math.min(RUNNING_RETRY_AFTER_MS, Math.max(1, result.retryAtMs - nowMs)) }, { source: 'client' })
    case 'unknown':
      return followUnknown(current, result.call)
  }
}

function followUnknown(current: CallInProgress, call: CallRecord): Refusal | Replay | undefined {
  // Answered, while its price is still to come.
  if (call.answer !== undefined) return { kind: 'replay', replayed: call.answer, requestId: call.id }
  if (call.state === 'done' && current.matched?.plan.isRepeatable === true) {
    current.paidBefore = true
    return undefined
  }
  return refuse('upstream.timeout', {}, { source: 'upstream', cause: `the outcome of ${call.id}, the first call with this key, is ${call.state === 'done' ? 'charged, its answer not kept' : 'unknown'}` })
}

/** One key of one account for one operation. No part can hold a line break. */
function scopeOf({ api, call, log }: CallInProgress, key: string, sha256Hex: StepTools['sha256Hex']): string {
  return sha256Hex([api.name, log.principal?.account.id ?? '', call.method, pathOf(call.target), key].join('\n'))
}

/** Everything of the request that the scope leaves open: query and body. */
async function fingerprintOf(
  current: CallInProgress,
  { fingerprint = 'bytes' }: IdempotencyOptions,
  sha256Hex: StepTools['sha256Hex'],
): Promise<OrRefusal<{ readonly hash: string }>> {
  const { target, hasBody } = current.call
  const query = target.slice(pathOf(target).length)
  if (fingerprint === 'json' && hasBody) {
    const body = await readJson(current)
    if (body.kind === 'refused') return body
    // Of a form, which an earlier step has read, the fields do not say all: a file is there by its name.
    if (body.text !== undefined) return { kind: 'found', hash: sha256Hex(`${query}\n${canonicalJson(body.text)}`) }
  }
  const read = await readBytes(current)
  return read.kind === 'refused' ? read : { kind: 'found', hash: sha256Hex(`${query}\n${bytesText(read.bytes)}`) }
}
