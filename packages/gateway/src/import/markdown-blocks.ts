/** Markdown, or text that was copied from a page: tables, samples, headings and sentences. */
import { marked, type Token, type Tokens } from 'marked'
import type { PageBlock } from './page-block.ts'
import { plainToMarkdown } from './plain-text.ts'

export function markdownBlocks(text: string): readonly PageBlock[] {
  const blocks: PageBlock[] = []
  let line = 1
  for (const token of marked.lexer(plainToMarkdown(text))) {
    blocks.push(...toBlocks(token, line))
    line += token.raw.split('\n').length - 1
  }
  return blocks
}

function toBlocks(token: Token, line: number): readonly PageBlock[] {
  if (token.type === 'heading') return [{ kind: 'heading', depth: (token as Tokens.Heading).depth, text: plain(token['tokens'] ?? []), line }]
  if (token.type === 'code') return [{ kind: 'code', text: (token as Tokens.Code).text, line }]
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table
    return [{ kind: 'table', head: header.map(({ tokens }) => plain(tokens)), rows: rows.map((row) => row.map(({ tokens }) => plain(tokens))), line }]
  }
  if (token.type === 'list') return (token as Tokens.List).items.flatMap(({ tokens }) => tokens.flatMap((each) => toBlocks(each, line)))
  if (token.type === 'blockquote') return (token as Tokens.Blockquote).tokens.flatMap((each) => toBlocks(each, line))
  if (token.type === 'paragraph' || token.type === 'text') return [{ kind: 'text', text: plain(token['tokens'] ?? [token]), line }]
  return []
}

/** Without marks: what is bold, code or a link is its text. */
function plain(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'br') return '\n'
      if (token.type === 'html') return /^<br/i.test(token.raw) ? '\n' : ''
      const { tokens: inner, text } = token as { readonly tokens?: readonly Token[]; readonly text?: string }
      return inner === undefined ? unescaped(text ?? token.raw) : plain(inner)
    })
    .join('')
    .trim()
}

const entities: { readonly [name: string]: string } = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity)
}
