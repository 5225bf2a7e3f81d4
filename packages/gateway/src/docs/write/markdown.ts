/** A page as Markdown (GFM), for programs that read: the twin of its HTML. An author's Markdown stands in it, without HTML. */
import type { Block, Inline, Page } from '../model/page.ts'
import { authoredMarkdown, withoutControls } from './authored-markdown.ts'
import type { LinkTo } from './html.ts'

export function writeMarkdown({ title, blocks }: Page, linkTo: LinkTo): string {
  return `# ${plain(title)}\n\n${blocks.map((block) => blockMarkdown(block, linkTo)).join('\n\n')}\n`
}

export function inlineMarkdown(content: readonly Inline[], linkTo: LinkTo): string {
  return content.map((each) => oneInline(each, linkTo)).join('')
}

function oneInline(inline: Inline, linkTo: LinkTo): string {
  switch (inline.kind) {
    case 'text':
      return plain(inline.text)
    case 'code':
      return inlineCode(inline.text)
    case 'strong':
      return `**${inlineMarkdown(inline.content, linkTo)}**`
    case 'badge':
      return inlineMarkdown(inline.content, linkTo)
    case 'link':
      return `[${inlineMarkdown(inline.content, linkTo)}](${linkTo(inline.to)})`
    case 'outside':
      return `[${inlineMarkdown(inline.content, linkTo)}](${inline.url})`
    case 'authored':
      return authoredMarkdown(inline.markdown).replaceAll(/\s+/g, ' ')
  }
}

function blockMarkdown(block: Block, linkTo: LinkTo): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${inlineMarkdown(block.content, linkTo)}`
    case 'paragraph':
      return lineStart(inlineMarkdown(block.content, linkTo))
    case 'list':
      return block.items.map((item, at) => `${block.ordered ? `${at + 1}.` : '-'} ${inlineMarkdown(item, linkTo)}`).join('\n')
    case 'table': {
      const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
      return [row(block.columns.map(plain)), row(block.columns.map(() => '---')), ...block.rows.map((cells) => row(cells.map((cell) => inlineMarkdown(cell, linkTo))))].join('\n')
    }
    case 'terms':
      return block.terms.map(({ term, content }) => `- **${plain(term)}:** ${inlineMarkdown(content, linkTo)}`).join('\n')
    case 'code':
      return `${labelLine(block.label)}${fenced(block.language === 'text' ? '' : block.language, block.text)}`
    case 'http':
      return `${labelLine(block.label)}${fenced('http', `${block.head}\n${block.body === '' ? '' : `\n${block.body}`}`)}`
    case 'prose':
      return authoredMarkdown(block.markdown).trim()
    case 'note':
      return `> ${block.tone === 'warning' ? '**Careful:** ' : ''}${inlineMarkdown(block.content, linkTo)}`
  }
}

function labelLine(label: string | undefined): string {
  return label === undefined ? '' : `${plain(label)}:\n\n`
}

/** A fence is longer than any in the text. */
function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`
}

function inlineCode(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1)
  return /^`|`$/.test(text) || text === '' ? `${ticks} ${text} ${ticks}` : `${ticks}${text}${ticks}`
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/** What Markdown would take for its own. An underscore or a star within a word it does not. */
function plain(text: string): string {
  return withoutControls(text).replaceAll(/[\\`[\]<]|(?<![\w])[*_]|[*_](?!\w)/g, (character) => `\\${character}`)
}

/** What at the start of a line would begin something else. */
function lineStart(text: string): string {
  return text.replace(/^(?:(#{1,6}|[-+>])(?=\s)|(\d+)([.)])(?=\s))/, (_, mark: string | undefined, number = '', point = '') => (mark === undefined ? `${number}\\${point}` : `\\${mark}`))
}
