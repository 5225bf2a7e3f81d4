/** The items whose fields have the values that a query asks for; a field that it does not name may have any. */
export function selectBy<Item>(query: URLSearchParams, fields: readonly (keyof Item & string)[], items: readonly Item[]): readonly Item[] {
  return items.filter((item) => fields.every((field) => !query.has(field) || query.get(field) === String(item[field])))
}
