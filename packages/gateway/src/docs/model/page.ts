/** A page as data. What is generated is made of these, and no Markdown is parsed for it; only what an author wrote is Markdown (`prose`). */

export interface Page {
  /** Below the place of the reference, without a slash in front: `errors/dailyQuota`. The first page has the empty one. */
  readonly address: string
  readonly title: string
  /** One sentence, as lists and searches show it. Plain text. */
  readonly summary: string
  readonly blocks: readonly Block[]
}

export type Block =
  /** `id`: by which a link names it; it never changes. The title of the page is level 1. */
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly id: string; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  /** Each row has as many cells as there are columns. `caption`: what it is a table of, for who cannot see it. */
  | { readonly kind: 'table'; readonly caption: string; readonly columns: readonly string[]; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  /** Pairs of a word and what it is here: status, code, retry. */
  | { readonly kind: 'terms'; readonly terms: readonly { readonly term: string; readonly content: readonly Inline[] }[] }
  | { readonly kind: 'code'; readonly language: CodeLanguage; readonly text: string; /** What it is, or the file that it goes into. */ readonly label: string | undefined }
  /** An answer as it goes over the wire. `head`: status line and header lines, each with a line feed. `body`: byte for byte. */
  | { readonly kind: 'http'; readonly head: string; readonly body: string; readonly label: string | undefined }
  /** Markdown that an author wrote: HTML in it is text, and links lead to web and mail addresses only. */
  | { readonly kind: 'prose'; readonly markdown: string }
  | { readonly kind: 'note'; readonly tone: 'info' | 'warning'; readonly content: readonly Inline[] }

export type CodeLanguage = 'typescript' | 'python' | 'bash' | 'json' | 'text'

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly content: readonly Inline[] }
  /** A word or a figure that is looked for at a glance. */
  | { readonly kind: 'badge'; readonly tone: BadgeTone; readonly content: readonly Inline[] }
  /** To a page of the same reference, perhaps to a heading of it (`errors/x#retry`), or to a file of it (`errors.json`). */
  | { readonly kind: 'link'; readonly to: string; readonly content: readonly Inline[] }
  /** To somewhere else, by its whole address. */
  | { readonly kind: 'outside'; readonly url: string; readonly content: readonly Inline[] }
  /** An author's Markdown within a line. */
  | { readonly kind: 'authored'; readonly markdown: string }

/** `never` to `refresh`: rules of retrying. The others: kinds of statuses. */
export type BadgeTone = 'never' | 'wait' | 'backoff' | 'refresh' | 'success' | 'refused' | 'limit' | 'failed'

/** Texts stand for themselves. */
export type InlineLike = string | Inline

export const inlines = (...content: readonly InlineLike[]): readonly Inline[] => content.map((each) => (typeof each === 'string' ? { kind: 'text', text: each } : each))
export const codeInline = (text: string): Inline => ({ kind: 'code', text })
export const strongInline = (...content: readonly InlineLike[]): Inline => ({ kind: 'strong', content: inlines(...content) })
export const badgeInline = (tone: BadgeTone, ...content: readonly InlineLike[]): Inline => ({ kind: 'badge', tone, content: inlines(...content) })
export const linkInline = (to: string, ...content: readonly InlineLike[]): Inline => ({ kind: 'link', to, content: inlines(...content) })
export const outsideInline = (url: string, ...content: readonly InlineLike[]): Inline => ({ kind: 'outside', url, content: inlines(...content) })
export const authoredInline = (markdown: string): Inline => ({ kind: 'authored', markdown })

export const headingBlock = (level: 2 | 3, id: string, ...content: readonly InlineLike[]): Block => ({ kind: 'heading', level, id, content: inlines(...content) })
export const paragraphBlock = (...content: readonly InlineLike[]): Block => ({ kind: 'paragraph', content: inlines(...content) })
export const listBlock = (items: readonly (readonly InlineLike[])[], ordered = false): Block => ({ kind: 'list', ordered, items: items.map((item) => inlines(...item)) })
export const tableBlock = (caption: string, columns: readonly string[], rows: readonly (readonly (readonly InlineLike[])[])[]): Block => ({ kind: 'table', caption, columns, rows: rows.map((row) => row.map((cell) => inlines(...cell))) })
export const termsBlock = (terms: readonly (readonly [term: string, ...content: readonly InlineLike[]])[]): Block => ({ kind: 'terms', terms: terms.map(([term, ...content]) => ({ term, content: inlines(...content) })) })
export const codeBlock = (language: CodeLanguage, text: string, label?: string): Block => ({ kind: 'code', language, text, label })
export const noteBlock = (tone: 'info' | 'warning', ...content: readonly InlineLike[]): Block => ({ kind: 'note', tone, content: inlines(...content) })
