/** Answers of the mock itself: a kept one once more, a token, a word to whoever asks for what there is not. */
import type { Contract } from '../../contract/declare/contract.ts'
import type { JsonValue } from '../../contract/declare/facts.ts'
import type { AnswerContext } from '../../contract/declare/wire.ts'
import type { MockAnswer } from './mock-plan.ts'

/** Told from the first answer, as the draft of the IETF and its users do. */
export function replayed(answer: MockAnswer, { requestIdHeader }: Contract, { requestId }: AnswerContext): MockAnswer {
  const { head, played } = answer
  if (head === undefined || played.kind !== 'success') return answer
  const kept = head.headers.filter((_, at) => (head.headers[at - (at % 2)] ?? '').toLowerCase() !== requestIdHeader.toLowerCase())
  return { ...answer, isDone: false, head: { ...head, headers: [...kept, requestIdHeader, requestId, 'Idempotent-Replayed', 'true'] }, played: { ...played, isReplay: true } }
}

export function tokenAnswer({ token, expiresInSeconds }: { readonly token: string; readonly expiresInSeconds: number }): MockAnswer {
  const body: JsonValue = { access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds }
  return { ...plainly(200, JSON.stringify(body), 'application/json'), played: { kind: 'token' }, isDone: true }
}

/** The mock's own word. */
export function plainly(status: number, text: string, contentType = 'text/plain; charset=utf-8'): MockAnswer {
  const bytes = new TextEncoder().encode(text)
  return {
    delayMs: 0, head: { status, headers: ['Content-Type', contentType, 'Cache-Control', 'no-store'] }, length: bytes.length, pieces: [{ afterMs: 0, bytes }], ends: 'whole',
    played: { kind: 'raw', status }, isStream: false, events: 0, isDone: false, isBroken: false,
  }
}
