/** The error references of contracts as folders on a disk, for a browser that opens them without a server. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Contract } from 'tollgate/contract'
import { describeContract, EXAMPLE_NOW_MS } from '../../packages/gateway/src/docs/model/describe-contract.ts'
import { siteOf } from '../../packages/gateway/src/docs/site/site.ts'

export interface DocsFolder {
  /** Of the file of a page. */
  urlOf(address: string): string
  /** One of each kind of page. */
  readonly kinds: readonly string[]
  remove(): void
}

export function writeDocs(contract: Contract): DocsFolder {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-docs-'))
  const files = siteOf(describeContract(contract, { nowMs: EXAMPLE_NOW_MS }))
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const addresses = files.flatMap(({ path }) => (path.endsWith('index.html') ? [path.replace(/\/?index\.html$/, '')] : []))
  const isKind = (address: string): boolean => !/^(?:errors|codes)\//.test(address)
  const entries = addresses.filter((address) => address.startsWith('errors/'))
  // Of entries the longest page: it has most in it.
  const length = (address: string): number => files.find(({ path }) => path === `${address}/index.html`)?.text.length ?? 0
  const longest = entries.toSorted((a, b) => length(b) - length(a)).slice(0, 1)
  return {
    urlOf: (address) => pathToFileURL(join(folder, address, 'index.html')).href,
    kinds: [...addresses.filter(isKind), ...longest, ...addresses.filter((address) => address.startsWith('codes/')).slice(0, 1)],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
