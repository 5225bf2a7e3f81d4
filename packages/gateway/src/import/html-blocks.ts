/** A page of HTML, as a browser saves it: its tables, samples, headings and sentences. Scripts, styles and what is hidden say nothing. */
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import type { PageBlock } from './page-block.ts'

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document
type Element = DefaultTreeAdapterTypes.Element

const silent = new Set(['script', 'style', 'noscript', 'template', 'svg', 'nav', 'footer', 'button', 'head'])
const sentences = new Set(['p', 'li', 'dd', 'blockquote', 'figcaption'])
const blockTags = new Set(['p', 'li', 'dd', 'dt', 'pre', 'table', 'ul', 'ol', 'dl', 'div', 'section', 'article', 'main', 'details', 'summary', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
/** A page nests no deeper; what does is not read to its end. */
const DEPTH_MAX = 400

export function htmlBlocks(text: string): readonly PageBlock[] {
  const blocks: PageBlock[] = []
  walk(parse(text, { sourceCodeLocationInfo: true }), blocks, 0)
  return blocks
}

function walk(node: Node, blocks: PageBlock[], depth: number): void {
  if (depth > DEPTH_MAX) return
  if (!isElement(node)) {
    for (const child of childrenOf(node)) walk(child, blocks, depth + 1)
    return
  }
  const { tagName } = node
  const line = node.sourceCodeLocation?.startLine ?? 0
  if (silent.has(tagName)) return
  const [, level] = /^h([1-6])$/.exec(tagName) ?? []
  if (level !== undefined) blocks.push({ kind: 'heading', depth: Number(level), text: textOf(node), line })
  else if (tagName === 'pre') blocks.push({ kind: 'code', text: rawText(node, 0), line })
  // What opens a fold, and a term above its definition, are headings of what follows.
  else if (tagName === 'summary' || tagName === 'dt') blocks.push({ kind: 'heading', depth: 6, text: textOf(node), line })
  else if (tagName === 'table' || roleOf(node) === 'table') blocks.push(...tableOf(node, line))
  else if (sentences.has(tagName) && !has(node, new Set(['pre', 'table', 'ul', 'ol', 'p']))) blocks.push({ kind: 'text', text: textOf(node), line })
  else if (hasOwnText(node) && !has(node, blockTags)) blocks.push({ kind: 'text', text: textOf(node), line })
  else for (const child of node.childNodes) walk(child, blocks, depth + 1)
}

function tableOf(table: Element, line: number): readonly PageBlock[] {
  const [head, ...rows] = withSpans(all(table, (node) => node.tagName === 'tr' || roleOf(node) === 'row', 0).map(cellsOf))
  return head === undefined || head.length < 2 ? [] : [{ kind: 'table', head, rows, line }]
}

function cellsOf(row: Element): readonly Element[] {
  return all(row, (node) => /^t[hd]$/.test(node.tagName) || /^(?:cell|gridcell|columnheader|rowheader)$/.test(roleOf(node) ?? ''), 0)
}

/** A table of a page has no more of them. */
const COLUMNS_MAX = 50

/** A cell that reaches over several rows stands in each of them. */
function withSpans(rows: readonly (readonly Element[])[]): readonly (readonly string[])[] {
  const reaching = new Map<number, { readonly text: string; readonly left: number }>()
  return rows.map((cells) => {
    const row: string[] = []
    const left = [...cells]
    while (row.length < COLUMNS_MAX) {
      const above = reaching.get(row.length)
      if (above !== undefined && above.left > 0) {
        reaching.set(row.length, { ...above, left: above.left - 1 })
        row.push(above.text)
        continue
      }
      const cell = left.shift()
      if (cell === undefined) break
      const text = textOf(cell)
      const rowspan = Number(attributeOf(cell, 'rowspan') ?? 1)
      if (rowspan > 1) reaching.set(row.length, { text, left: rowspan - 1 })
      row.push(text)
    }
    return row
  })
}

function all(node: Node, isMeant: (node: Element) => boolean, depth: number): readonly Element[] {
  if (depth > DEPTH_MAX) return []
  return childrenOf(node).flatMap((child) => (isElement(child) ? (isMeant(child) ? [child] : all(child, isMeant, depth + 1)) : []))
}

function attributeOf(node: Element, name: string): string | undefined {
  return node.attrs.find((each) => each.name === name)?.value
}

function roleOf(node: Element): string | undefined {
  return attributeOf(node, 'role')
}

function hasOwnText(node: Element): boolean {
  return node.childNodes.some((child) => child.nodeName === '#text' && (child as DefaultTreeAdapterTypes.TextNode).value.trim() !== '')
}

function has(node: Node, names: ReadonlySet<string>, depth = 0): boolean {
  return depth <= DEPTH_MAX && childrenOf(node).some((child) => isElement(child) && (names.has(child.tagName) || has(child, names, depth + 1)))
}

function textOf(node: Node): string {
  // Links to headings are shown as nothing, or as a sign.
  return rawText(node, 0).replaceAll(/[\u200B\u00AD\uFEFF]/g, '').replaceAll(/\s+/g, ' ').trim().replace(/\s*[¶#]$/, '')
}

function rawText(node: Node, depth: number): string {
  if (depth > DEPTH_MAX) return ''
  if (node.nodeName === '#text') return (node as DefaultTreeAdapterTypes.TextNode).value
  if (node.nodeName === 'br') return '\n'
  if (isElement(node) && silent.has(node.tagName)) return ''
  return childrenOf(node).map((child) => rawText(child, depth + 1)).join('')
}

function childrenOf(node: Node): readonly Node[] {
  return (node as { readonly childNodes?: readonly Node[] }).childNodes ?? []
}

function isElement(node: Node): node is Element {
  return Object.hasOwn(node, 'tagName')
}
