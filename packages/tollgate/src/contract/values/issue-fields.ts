import type { WireIssue } from '../declare/wire.ts'

/** Field → issues. Undefined where no field is named. */
export function fieldsFrom(issues: readonly WireIssue[]): { readonly [field: string]: readonly string[] } | undefined {
  const fields = new Map<string, readonly string[]>()
  for (const { field, issue } of issues) {
    if (field !== undefined && field !== '__proto__') fields.set(field, [...(fields.get(field) ?? []), ...(issue === undefined ? [] : [issue])])
  }
  return fields.size === 0 ? undefined : Object.fromEntries(fields)
}
