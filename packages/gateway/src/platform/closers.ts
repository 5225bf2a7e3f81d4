/** What was opened, to be closed in the opposite order. */
export type Closers = (() => Promise<void> | void)[]

/** Closes everything, whatever fails; then throws what failed first. */
export async function closeAll(closers: Closers): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers.splice(0).toReversed()) {
    try {
      await close()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
