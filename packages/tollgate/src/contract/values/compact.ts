/** What may be undefined within may be left out without. */
export type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }

/**
 * The object without its members that are undefined: what goes into a row, a command or onto the wire has a member or has none. Nothing below is looked at.
 *
 * @example
 * compact({ limit: 50, cost: undefined }) // { limit: 50 }
 */
export function compact<const T extends object>(object: T): Compact<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Compact<T>
}
