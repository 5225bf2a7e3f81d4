/** What the processes of one gateway say to each other: workers take calls, and the supervisor, which takes none, starts them and hands on what concerns all. */

/** What one worker asks all others, through the supervisor; each answers with plain data. */
export const questions = ['reload', 'metrics', 'alerts'] as const
export type Question = (typeof questions)[number]

/** Where a worker can be reached: the same for all. */
export interface StartedWorker {
  readonly url: string
  readonly callsUrl: string | undefined
  readonly adminUrl: string
  readonly adminTokenFile: string | undefined
}

export type FromWorker =
  | { readonly kind: 'started'; readonly started: StartedWorker }
  /** It cannot start, in words for the operator; it ends by itself. */
  | { readonly kind: 'failed'; readonly exitCode: number; readonly message: string }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  /** An operator has asked it for the end, which is that of all. */
  | { readonly kind: 'stop-all' }

export type ToWorker =
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'answers'; readonly id: number; readonly values: readonly unknown[] }
  | { readonly kind: 'stop' }
