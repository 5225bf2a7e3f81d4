/** A source in whatever it is written → a draft of a contract. */
import { parseYamlSource } from '../config/read/yaml-source.ts'
import { draftImported, type DraftedContract, type DraftOptions } from './draft-imported.ts'
import type { FoundPage } from './found-error.ts'
import { htmlBlocks } from './html-blocks.ts'
import { markdownBlocks } from './markdown-blocks.ts'
import { isOpenApi, readOpenApi } from './read-open-api.ts'
import { readPage } from './read-page.ts'
import { readTypescript } from './read-typescript.ts'

export const sourceKinds = ['markdown', 'html', 'openapi', 'typescript'] as const
/** What a source is written in; text that was copied from a page counts as Markdown. */
export type SourceKind = (typeof sourceKinds)[number]

export type Imported = { readonly ok: true; readonly kind: SourceKind; readonly draft: DraftedContract; readonly found: number } | { readonly ok: false; readonly fault: string }

export function importSource(text: string, options: DraftOptions, given?: SourceKind): Imported {
  const kind = given ?? sourceKindOf(text)
  const read = readBounded(kind, text)
  if (!read.ok) return read
  if (read.page.errors.length === 0) return { ok: false, fault: `nothing in it looks like an error: no table, sample or list with codes or statuses (it was read as ${kind}; --from says otherwise)` }
  return { ok: true, kind, draft: draftImported(read.page, options), found: read.page.errors.length }
}

/** Parsers of others go as deep as a source does, and no page goes as deep as the stack. */
function readBounded(kind: SourceKind, text: string): ReturnType<typeof readAs> {
  try {
    return readAs(kind, text)
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, fault: 'it is nested deeper than any page' }
    throw error
  }
}

function readAs(kind: SourceKind, text: string): { readonly ok: true; readonly page: FoundPage } | { readonly ok: false; readonly fault: string } {
  if (kind === 'typescript') return readTypescript(text)
  if (kind === 'html') return { ok: true, page: readPage(htmlBlocks(text)) }
  if (kind === 'markdown') return { ok: true, page: readPage(markdownBlocks(text)) }
  const parsed = parseYamlSource(text)
  if (!parsed.ok) return { ok: false, fault: parsed.problems[0]?.message ?? 'it is neither YAML nor JSON' }
  return isOpenApi(parsed.value.data) ? { ok: true, page: readOpenApi(parsed.value.data) } : { ok: false, fault: 'it is no OpenAPI document: neither "openapi" nor "swagger" stands at its top' }
}

export function sourceKindOf(text: string): SourceKind {
  const start = text.trimStart()
  if (/^\s*(?:["']?openapi["']?|["']?swagger["']?)\s*:/m.test(text.slice(0, 4_000)) && !start.startsWith('#')) return 'openapi'
  if (/^<(?:!doctype|html|body|head|div|main|article|table|section|h\d)/i.test(start)) return 'html'
  const isCode = /^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+enum|enum)\s+\w+\s*\{|^\s*export\s+(?:default\s+)?(?:const|class|type|abstract)\s|^import\s.+from\s|^\s*class\s+\w+\s+extends\s/m.test(text)
  return isCode && !/^#{1,3}\s|^```/m.test(text) ? 'typescript' : 'markdown'
}
