/** How one attempt ended, before it is decided what follows. */
import type { ApiErrorInit } from './api-error.ts'
import type { HeldBack } from './extension.ts'
import type { Failure } from './failure.ts'

export type AttemptEnd =
  | { readonly kind: 'answer'; readonly response: Response; /** Its body, where it was to be read. */ readonly text: string | undefined }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly response: Response | undefined; readonly thrown: unknown }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'held_back'; readonly by: HeldBack }
  | { readonly kind: 'thrown'; readonly thrown: unknown }

export function failed(failure: Failure, response?: Response, thrown?: unknown): AttemptEnd {
  return { kind: 'failed', failure, response, thrown }
}

/** Before anything went out. */
export function unsent(failure: Failure, thrown?: unknown): AttemptEnd {
  return failed({ ...failure, isUndone: true }, undefined, thrown)
}

/** No answer came; a 408 is one. */
export function isLost({ reason, status }: ApiErrorInit): boolean {
  return status === undefined && (reason === 'network.failed' || reason === 'network.timeout')
}
