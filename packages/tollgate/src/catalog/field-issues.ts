type FieldIssues = { readonly [field: string]: readonly string[] }

/** Issues by field, from pairs of the two; undefined when there are none. */
export function toFieldIssues(pairs: readonly (readonly [field: string, issue: string])[]): FieldIssues | undefined {
  const issues = new Map<string, string[]>()
  for (const [field, issue] of pairs) {
    const known = issues.get(field)
    if (known === undefined) issues.set(field, [issue])
    else known.push(issue)
  }
  return issues.size === 0 ? undefined : Object.fromEntries(issues)
}
