/** Markdown, or text that was copied from a page: tables, samples, headings and sentences. */
import { Lexer, type Token, type Tokens } from 'marked'
import type { PageBlock } from './page-block.ts'
import { plainToMarkdown } from './plain-text.ts'

export function markdownBlocks(text: string): readonly PageBlock[] {
  const blocks: PageBlock[] = []
  let line = 1
  for (const token of lexed(plainToMarkdown(text))) {
    blocks.push(...toBlocks(token, line))
    line += token.raw.split('\n').length - 1
  }
  return blocks
}

/** A longer paragraph is no sentence: its emphasis and links are not looked for, which takes time by the square of its length. */
const INLINE_CHARS_MAX = 4_096

function lexed(text: string): readonly Token[] {
  const lexer = new Lexer()
  lexer.blockTokens(text, lexer.tokens)
  for (const { src, tokens } of lexer.inlineQueue) {
    if (src.length <= INLINE_CHARS_MAX) lexer.inlineTokens(src, tokens)
    else tokens.push({ type: 'text', raw: src, text: src })
  }
  return lexer.tokens
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
