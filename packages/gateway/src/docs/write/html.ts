/** A page as HTML: its title and blocks, without the frame of a document around them. Nothing in it has a style or a script of its own. */
import type { Block, Inline, Page } from '../model/page.ts'
import { proseHtml, proseInlineHtml } from './author-prose.ts'
import { colourBody, colourCode, colourHead } from './colour-code.ts'
import { escapeHtml } from './escape-html.ts'

/** From an address of the reference, perhaps with `#heading`, to what stands in `href`. */
export type LinkTo = (address: string) => string

export function writeHtml({ title, blocks }: Page, linkTo: LinkTo): string {
  return `<h1>${escapeHtml(title)}</h1>\n${blocks.map((block) => blockHtml(block, linkTo)).join('\n')}\n`
}

export function inlineHtml(content: readonly Inline[], linkTo: LinkTo): string {
  return content.map((each) => oneInline(each, linkTo)).join('')
}

function oneInline(inline: Inline, linkTo: LinkTo): string {
  switch (inline.kind) {
    case 'text':
      return escapeHtml(inline.text)
    case 'code':
      // A long name may break behind its joints.
      return `<code>${escapeHtml(inline.text).replaceAll(/[_.](?=\w)/g, '$&<wbr>')}</code>`
    case 'strong':
      return `<strong>${inlineHtml(inline.content, linkTo)}</strong>`
    case 'badge':
      return `<span class="badge ${inline.tone}">${inlineHtml(inline.content, linkTo)}</span>`
    case 'link':
      return `<a href="${escapeHtml(linkTo(inline.to))}">${inlineHtml(inline.content, linkTo)}</a>`
    case 'outside':
      return `<a href="${escapeHtml(inline.url)}" rel="noreferrer">${inlineHtml(inline.content, linkTo)}</a>`
    case 'authored':
      return proseInlineHtml(inline.markdown)
  }
}

function blockHtml(block: Block, linkTo: LinkTo): string {
  switch (block.kind) {
    case 'heading': {
      const id = escapeHtml(block.id)
      return `<h${block.level} id="${id}">${inlineHtml(block.content, linkTo)} <a class="anchor" href="#${id}" aria-label="Link to this section">#</a></h${block.level}>`
    }
    case 'paragraph':
      return `<p>${inlineHtml(block.content, linkTo)}</p>`
    case 'list': {
      const name = block.ordered ? 'ol' : 'ul'
      return `<${name}>${block.items.map((item) => `<li>${inlineHtml(item, linkTo)}</li>`).join('')}</${name}>`
    }
    case 'table':
      return tableHtml(block, linkTo)
    case 'terms':
      return `<dl class="terms">${block.terms.map(({ term, content }) => `<div><dt>${escapeHtml(term)}</dt><dd>${inlineHtml(content, linkTo)}</dd></div>`).join('')}</dl>`
    case 'code':
      return figure(block.label, `<pre tabindex="0"><code class="language-${block.language}">${colourCode(block.text, block.language)}</code></pre>`)
    case 'http':
      return figure(block.label, `<pre class="http" tabindex="0"><code>${colourHead(block.head)}\n${block.body === '' ? '' : `\n<span class="body">${colourBody(block.body)}</span>`}</code></pre>`)
    case 'prose':
      return proseHtml(block.markdown).trimEnd()
    case 'note':
      return `<p class="note ${block.tone}">${inlineHtml(block.content, linkTo)}</p>`
  }
}

/** The roles are said, since a narrow screen shows each row as a card, and what is no table to look at would be none to who hears it. */
function tableHtml({ caption, columns, rows }: Extract<Block, { kind: 'table' }>, linkTo: LinkTo): string {
  const head = columns.map((column) => `<th role="columnheader" scope="col">${escapeHtml(column)}</th>`).join('')
  const inCell = (cell: string): string => (cell === '' ? '' : `<div>${cell}</div>`)
  const cells = (row: readonly (readonly Inline[])[]): string => row.map((cell, at) => `<td role="cell" data-column="${escapeHtml(columns[at] ?? '')}">${inCell(inlineHtml(cell, linkTo))}</td>`).join('')
  return `<div class="table" tabindex="0" role="group" aria-label="${escapeHtml(caption)}"><table role="table"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${rows.map((row) => `<tr role="row">${cells(row)}</tr>`).join('')}</tbody></table></div>`
}

function figure(label: string | undefined, content: string): string {
  return `<figure>${label === undefined ? '' : `<figcaption>${escapeHtml(label)}</figcaption>`}${content}</figure>`
}
