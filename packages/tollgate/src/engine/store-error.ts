/** What became of that which was asked for: nothing took effect, or nobody can say whether it did. */
export type Applied = 'no' | 'unknown'

/**
 * The store cannot do its work: disk full, I/O error, closed, unreadable. Unless `applied` is `unknown`, nothing that was asked for took effect but what was
 * volatile. Otherwise it may have: whoever asks again names what was asked (the id of a grant, of a call and its admission) so that it is done once.
 *
 * @example
 * const lost = new StoreUnavailableError('the connection broke while it was committing', { applied: 'unknown' })
 * lost.applied // => 'unknown'
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
  readonly applied: Applied

  constructor(message: string, { applied = 'no', ...options }: ErrorOptions & { readonly applied?: Applied } = {}) {
    super(message, options)
    this.applied = applied
  }
}

export function mayHaveHappened(error: unknown): boolean {
  return error instanceof StoreUnavailableError && error.applied === 'unknown'
}
