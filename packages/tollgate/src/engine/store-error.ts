/** The store cannot do its work: disk full, I/O error, closed, unreadable. Nothing that was asked for took effect, unless it was volatile. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}
