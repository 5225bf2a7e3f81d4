/**
 * Markdown that the author of a contract wrote, as HTML. HTML in it stays text. Links lead to web and mail addresses alone, pictures become their words (a page loads
 * nothing of others), headings become strong lines (those of a page are its own), and nothing has a style of its own: a strict Content-Security-Policy holds.
 */
import { Marked, type RendererObject } from 'marked'
import { colourCode } from './colour-code.ts'
import { escapeHtml } from './escape-html.ts'

const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i

const renderer: RendererObject = {
  html: ({ text, block }) => (block ? `<p>${escapeHtml(text.trim())}</p>\n` : escapeHtml(text)),
  link({ href, tokens }) {
    const words = this.parser.parseInline(tokens)
    return SAFE_LINK.test(href) ? `<a href="${escapeHtml(href)}" rel="noreferrer">${words}</a>` : words
  },
  image: ({ text }) => escapeHtml(text),
  heading({ tokens }) {
    return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>\n`
  },
  code: ({ text, lang }) => `<pre tabindex="0"><code>${colourCode(text, lang ?? 'text')}</code></pre>\n`,
  checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  tablecell({ tokens, header }) {
    const name = header ? 'th' : 'td'
    return `<${name}>${this.parser.parseInline(tokens)}</${name}>\n`
  },
}

const marked = new Marked({ renderer, async: false, gfm: true })

export function proseHtml(markdown: string): string {
  return marked.parse(markdown, { async: false })
}

/** Of one line: no paragraph around it. */
export function proseInlineHtml(markdown: string): string {
  return marked.parseInline(markdown, { async: false })
}
