/** The idempotency keys of a mock: a repeat gets the answer that was kept, another request under the same key a refusal (draft-ietf-httpapi-idempotency-key-header). */
import type { MockAnswer } from './mock-plan.ts'

export type KeyFinding =
  | { readonly kind: 'new' }
  | { readonly kind: 'refused'; readonly reason: 'idempotency.mismatch' | 'idempotency.in_progress' }
  | { readonly kind: 'replay'; readonly answer: MockAnswer }

interface KeptKey {
  readonly print: string
  /** Undefined as long as the first request is under way. */
  readonly answer: MockAnswer | undefined
}

const KEYS_MAX = 10_000

export interface MockKeys {
  look(key: string, print: string): KeyFinding
  /** The work of this request has begun. */
  begin(key: string, print: string): void
  /** It has ended; a repeat gets this. */
  keep(key: string, answer: MockAnswer): void
}

export function createMockKeys(): MockKeys {
  const kept = new Map<string, KeptKey>()
  return {
    look(key, print) {
      const found = kept.get(key)
      if (found === undefined) return { kind: 'new' }
      if (found.print !== print) return { kind: 'refused', reason: 'idempotency.mismatch' }
      return found.answer === undefined ? { kind: 'refused', reason: 'idempotency.in_progress' } : { kind: 'replay', answer: found.answer }
    },
    begin(key, print) {
      if (kept.size >= KEYS_MAX) for (const oldest of [...kept.keys()].slice(0, KEYS_MAX / 10)) kept.delete(oldest)
      kept.set(key, { print, answer: undefined })
    },
    keep(key, answer) {
      const found = kept.get(key)
      if (found !== undefined) kept.set(key, { ...found, answer })
    },
  }
}
