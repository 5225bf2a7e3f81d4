/** How long an engine is waited for. What is there at once, or fails, is handed on as it is. */
import type { Awaitable } from '../../engine/awaitable.ts'
import type { Clock } from '../../engine/clock.ts'
import { StoreUnavailableError } from '../../engine/store-error.ts'

/** Rejects when patience is over. `late`: what the engine answered all the same, after that. */
export function withPatience<R>(asked: Awaitable<R>, patienceMs: number, clock: Pick<Clock, 'after'>, late: (answer: R) => void): Awaitable<R> {
  if (!(asked instanceof Promise)) return asked
  return new Promise((resolve, reject) => {
    let isLate = false
    const cancel = clock.after(patienceMs, () => {
      isLate = true
      reject(new StoreUnavailableError(`it did not answer within ${patienceMs} ms`, { applied: 'unknown' }))
    })
    asked.then(
      (answer) => {
        cancel()
        if (isLate) late(answer)
        resolve(answer)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}
