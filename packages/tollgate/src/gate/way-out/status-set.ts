/** Statuses as a configuration names them: one by one, or by their class. */

export type StatusSet = readonly (number | `${1 | 2 | 3 | 4 | 5}xx`)[]

/** A 304 says that nothing has changed: it belongs to no class, and is in a set only by its own name. */
export function hasStatus(set: StatusSet, status: number): boolean {
  return set.includes(status) || (status !== 304 && set.includes(`${Math.floor(status / 100)}xx` as StatusSet[number]))
}

/** Successes, redirects among them: whoever answers so has done its work. */
export const successes: StatusSet = ['2xx', '3xx']
