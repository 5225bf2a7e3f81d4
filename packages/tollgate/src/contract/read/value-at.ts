/** Look-ups in values whose names strangers chose: own properties only, so that nothing has a member called `constructor` unless it was written there. */

/**
 * The own member of a value that came from elsewhere; undefined where it has none of this name.
 *
 * @example
 * memberOf({ code: 5 }, 'code') // => 5
 * memberOf({}, 'constructor') // => undefined
 */
export function memberOf(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as { readonly [name: string | number]: unknown })[name] : undefined
}

/**
 * Undefined where nothing stands.
 *
 * @example
 * valueAt({ error: { issues: ['late'] } }, ['error', 'issues', 0]) // => 'late'
 */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce(memberOf, value)
}
