import type { Inline } from '../model/page.ts'
import { proseText } from './prose-text.ts'

/** The words alone. */
export function inlineText(content: readonly Inline[]): string {
  return content
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
        case 'code':
          return inline.text
        case 'authored':
          return proseText(inline.markdown)
        case 'strong':
        case 'badge':
        case 'link':
        case 'outside':
          return inlineText(inline.content)
      }
    })
    .join('')
}
