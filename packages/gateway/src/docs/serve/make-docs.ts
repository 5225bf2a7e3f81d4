import { createHash } from 'node:crypto'
import { catalog } from 'tollgate/catalog'
import { parseContract, type Contract } from 'tollgate/contract'
import { parseXml } from '../../platform/parse-xml.ts'
import { describeContract, EXAMPLE_NOW_MS } from '../model/describe-contract.ts'
import { siteOf } from '../site/site.ts'
import type { DocsOrder, ServedFile } from './docs-order.ts'

export function makeDocs(orders: readonly DocsOrder[]): readonly (readonly ServedFile[])[] {
  return orders.map(({ declaration, title, url, apiUrl }) => siteOf(describeContract(compiled(declaration), { nowMs: EXAMPLE_NOW_MS, docsUrl: url ?? declaration.docs }), { title, apiUrl }).map(({ path, text }) => ({ path, body: text, etag: etagOf(text) })))
}

/** What was checked in the thread that serves is checked once more here; a reader, which is a function, comes from the shipped contract of that name. */
function compiled(declaration: DocsOrder['declaration']): Contract {
  const shipped = Object.hasOwn(catalog, declaration.name) ? catalog[declaration.name] : undefined
  const parsed = parseContract(declaration, { reader: shipped?.reader, parseXml })
  if (!parsed.ok) throw new Error(`the contract "${declaration.name}" cannot be compiled again: ${parsed.problems.map(({ path, problem }) => `${path} ${problem}`).join('; ')}`)
  return parsed.contract
}

function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
}
