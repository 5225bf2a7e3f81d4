/** The few assertions of the conformance cases, so that these run under any test runner, or none. */

export function assertEqual(actual: unknown, expected: unknown, about: string): void {
  if (!isEqual(actual, expected)) throw new Error(`${about}: expected ${show(expected)}, got ${show(actual)}`)
}

export function assertTrue(condition: boolean, about: string): void {
  if (!condition) throw new Error(about)
}

export async function assertRejects(asked: unknown, about: string): Promise<void> {
  const settled = await Promise.resolve(asked).then(
    () => 'resolved',
    (error: unknown) => (error instanceof Error ? 'rejected' : 'rejected with something that is no Error'),
  )
  assertEqual(settled, 'rejected', about)
}

/** By structure. A property that is undefined equals one that is absent, as in JSON. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as { readonly [key: string]: unknown }
  const right = b as { readonly [key: string]: unknown }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isEqual(left[key], right[key]))
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
