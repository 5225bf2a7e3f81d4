/**
 * What is there at once, or later. A promise costs more than most steps of a request do, so what is known is handed on as it is, and only what must be waited
 * for is a promise.
 */
export type Awaitable<T> = T | Promise<T>

/**
 * Goes on with it: at once where it is there. What `next` throws is then thrown here.
 *
 * @example
 * whenKnown(2, (value) => value + 1) // => 3
 * await whenKnown(Promise.resolve(2), (value) => value + 1) // => 3
 */
export function whenKnown<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/**
 * Runs it and goes on with what it gives, or with what is thrown on the way, at once or later.
 *
 * @example
 * attempt(() => JSON.parse('{'), () => 'read', () => 'not read') // => 'not read'
 */
export function attempt<T, R>(run: () => Awaitable<T>, next: (value: T) => Awaitable<R>, failed: (error: unknown) => Awaitable<R>): Awaitable<R> {
  try {
    const done = whenKnown(run(), next)
    return done instanceof Promise ? done.catch(failed) : done
  } catch (error) {
    return failed(error)
  }
}
