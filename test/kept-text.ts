/** What a page keeps when it is written again: ids, times and secrets that differ from run to run. */

/** How texts of a page are compared: `comparable` is asked of single lines, `ids` finds what must stay the same wherever it stands. */
export interface Chance {
  readonly comparable: (line: string) => string
  readonly ids: RegExp
}

/** Line by line the old one, wherever the new one says the same but for what is chance; what is new says the ids that the old lines say. */
export function keptTexts(befores: readonly string[], afters: readonly string[], { comparable, ids }: Chance): readonly string[] {
  const oldIds = new Map<string, string>()
  const texts = afters.map((after, at) => {
    const old = (befores[at] ?? '').split('\n')
    const comparables = old.map((line) => comparable(line))
    let from = 0
    return after.split('\n').map((line) => {
      const found = comparables.indexOf(comparable(line), from)
      if (found === -1) return { line, isOld: false }
      from = found + 1
      const kept = old[found] ?? line
      const before = kept.match(ids) ?? []
      for (const [nth, id] of (line.match(ids) ?? []).entries()) if (!oldIds.has(id)) oldIds.set(id, before[nth] ?? id)
      return { line: kept, isOld: true }
    })
  })
  const withOldIds = (line: string): string => line.replace(ids, (id) => oldIds.get(id) ?? id)
  return texts.map((lines) => lines.map(({ line, isOld }) => (isOld ? line : withOldIds(line))).join('\n'))
}
