/** What a page is made of, whatever it was written in: as much as an importer looks at. */
export type PageBlock =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[]; readonly line: number }
  | { readonly kind: 'code'; readonly text: string; readonly line: number }
  /** A paragraph, or an item of a list. */
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
