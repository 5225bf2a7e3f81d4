/** highlight.js with the three languages that pages have. It is required and not imported: its types bring those of browsers into every file of the program. */
import { createRequire } from 'node:module'

interface Highlighter {
  registerLanguage(name: string, language: unknown): void
  highlight(text: string, options: { readonly language: string; readonly ignoreIllegals: boolean }): { readonly value: string }
}

const require = createRequire(import.meta.url)

export const highlighter = require('highlight.js/lib/core') as Highlighter

export const highlightedLanguages = ['bash', 'python', 'typescript'] as const

for (const name of highlightedLanguages) highlighter.registerLanguage(name, require(`highlight.js/lib/languages/${name}`))
