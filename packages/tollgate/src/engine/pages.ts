/**
 * All that a store finds, a page at a time: no list has to fit into memory, and between two pages others have their turn. `ask` adds where to go on to its
 * query: `pagesOf((page) => store.calls({ state: 'unknown', ...page }))`.
 *
 * @example
 * for await (const rows of pagesOf<CallRecord>((page) => store.calls({ state: 'unknown', ...page }))) {
 *   for (const { id, chargedUnits } of rows) console.log(id, chargedUnits)
 * }
 */
export async function* pagesOf<Row>(ask: (page: { readonly limit: number; readonly before?: Row | undefined }) => Promise<readonly Row[]>, limit = 500): AsyncGenerator<readonly Row[], undefined> {
  for (let before: Row | undefined; ; ) {
    const rows = await ask({ limit, before })
    if (rows.length > 0) yield rows
    if (rows.length < limit) return undefined
    before = rows.at(-1)
  }
}
