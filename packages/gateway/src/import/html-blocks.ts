/** A page of HTML, as a browser saves it: its tables, samples, headings and sentences. Scripts, styles and what is hidden say nothing. */
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import type { PageBlock } from './page-block.ts'

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document
type Element = DefaultTreeAdapterTypes.Element

const silent = new Set(['script', 'style', 'noscript', 'template', 'svg', 'nav', 'footer', 'button', 'head'])
const sentences = new Set(['p', 'li', 'dd', 'dt', 'blockquote', 'figcaption'])
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
  else if (tagName === 'table') blocks.push(...tableOf(node, line))
  else if (sentences.has(tagName) && !has(node, new Set(['pre', 'table', 'ul', 'ol', 'p']))) blocks.push({ kind: 'text', text: textOf(node), line })
  else for (const child of node.childNodes) walk(child, blocks, depth + 1)
}

function tableOf(table: Element, line: number): readonly PageBlock[] {
  const [head, ...rows] = all(table, 'tr', 0).map((row) => row.childNodes.filter((cell): cell is Element => isElement(cell) && /^t[hd]$/.test(cell.tagName)).map(textOf))
  return head === undefined || head.length < 2 ? [] : [{ kind: 'table', head, rows, line }]
}

function all(node: Node, name: string, depth: number): readonly Element[] {
  if (depth > DEPTH_MAX) return []
  return childrenOf(node).flatMap((child) => (isElement(child) ? (child.tagName === name ? [child] : all(child, name, depth + 1)) : []))
}

function has(node: Node, names: ReadonlySet<string>, depth = 0): boolean {
  return depth <= DEPTH_MAX && childrenOf(node).some((child) => isElement(child) && (names.has(child.tagName) || has(child, names, depth + 1)))
}

function textOf(node: Node): string {
  return rawText(node, 0).replaceAll(/\s+/g, ' ').trim()
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
