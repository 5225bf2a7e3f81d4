/** A refused rate limit in its envelope: written and read by the contract, beside what JSON alone would cost. */
import { aiApi } from 'tollgate/catalog'
import { refuse, toReceivedHeaders } from 'tollgate/contract'
import { mintRequestId } from '../http/task.ts'
import type { CreateWork } from './work.ts'

const BATCH = 2_000
const figures = { limit: 100, resetAtMs: 1_800_000_060_000, retryAfterMs: 29_001 }
const refusal = refuse('rate.limited', figures)
const requestIds = Array.from({ length: 256 }, mintRequestId)
const nowMs = 1_800_000_000_000

const contextOf = (at: number): { readonly requestId: string; readonly nowMs: number } => ({ requestId: requestIds[at & 255] ?? '', nowMs: nowMs + at })

function equalObject(requestId: string, atMs: number): object {
  return {
    success: false,
    error: {
      code: 'RATE_LIMIT_EXCEEDED',
      message: 'Rate limit exceeded',
      details: { retry_after: Math.ceil(figures.retryAfterMs / 1_000), limit: figures.limit, reset_time: figures.resetAtMs / 1_000 },
    },
    meta: { request_id: requestId, timestamp: new Date(atMs).toISOString() },
  }
}

const written = (at: number): string => {
  const { requestId, nowMs: atMs } = contextOf(at)
  return JSON.stringify(equalObject(requestId, atMs))
}

/** `one` does it once and returns the length of the text it had to do with, so that nothing is optimised away. */
function createRepetition(one: (at: number) => number, check: () => boolean): CreateWork {
  return async () => {
    let at = 0
    return {
      async check() {
        if (!check()) throw new Error(`the envelope differs: ${aiApi.answer(refusal, contextOf(1)).body} and ${written(1)}`)
      },
      async batch() {
        let length = 0
        for (const until = at + BATCH; at < until; at += 1) length += one(at)
        if (length === 0) throw new Error('nothing was done')
        return BATCH
      },
    }
  }
}

const isEqual = (): boolean => JSON.stringify(JSON.parse(aiApi.answer(refusal, contextOf(1)).body)) === written(1)

const answers = Array.from({ length: 256 }, (_, at) => {
  const { status, headers, body } = aiApi.answer(refusal, contextOf(at))
  return { status, headers: toReceivedHeaders(headers), body }
})
const answerOf = (at: number): (typeof answers)[number] => answers[at & 255] ?? { status: 0, headers: {}, body: '' }

export const envelopeWorks = {
  /** Body and headers. */
  'contract.answer': createRepetition((at) => aiApi.answer(refusal, contextOf(at)).body.length, isEqual),
  'JSON.stringify': createRepetition((at) => written(at).length, isEqual),
  'contract.read': createRepetition(
    (at) => aiApi.read(answerOf(at))?.message.length ?? 0,
    () => aiApi.read(answerOf(1))?.entry === aiApi.entryFor('rate.limited', figures).id,
  ),
  'JSON.parse': createRepetition((at) => (JSON.parse(answerOf(at).body) as { readonly error: { readonly message: string } }).error.message.length, isEqual),
} as const
