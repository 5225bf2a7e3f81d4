/**
 * Where a page lies, and how one leads to another. `errors/x` is the folder `errors/x` with its `index.html`, so that any server of files finds `/errors/x`, and
 * beside it `errors/x.md`. Links are relative, and name files: a reference may lie at any path, and on a disk.
 */
import type { Page } from '../model/page.ts'
import type { LinkTo } from '../write/html.ts'

export interface SiteLinks {
  htmlFile(address: string): string
  markdownFile(address: string): string
  /** For what stands on a page as HTML: addresses of pages and files of the reference, both perhaps with `#heading`. */
  fromHtml(address: string): LinkTo
  /** The same for its twin, which leads to twins: by whole addresses, where it is known at which one the reference is published. */
  fromMarkdown(address: string): LinkTo
  /** The whole address of a page. Undefined: nobody knows it. */
  canonical(address: string): string | undefined
}

export function createSiteLinks(pages: readonly Pick<Page, 'address'>[], url: string | undefined): SiteLinks {
  const known = new Set(pages.map(({ address }) => address))
  const htmlFile = (address: string): string => (address === '' ? 'index.html' : `${address}/index.html`)
  const markdownFile = (address: string): string => (address === '' ? 'index.md' : `${address}.md`)
  return {
    htmlFile,
    markdownFile,
    fromHtml: (from) => (to) => {
      const [path, anchor] = cutAnchor(to)
      if (path === undefined) return anchor
      const up = '../'.repeat(depthOf(from))
      return `${up}${known.has(path) ? htmlFile(path) : path}${anchor}`
    },
    fromMarkdown: (from) => (to) => {
      const [path, anchor] = cutAnchor(to)
      if (path === undefined) return anchor
      const file = known.has(path) ? markdownFile(path) : path
      return `${url === undefined ? '../'.repeat(Math.max(0, depthOf(from) - 1)) : `${url}/`}${file}${anchor}`
    },
    canonical: (address) => (url === undefined ? undefined : address === '' ? `${url}/` : `${url}/${address}/`),
  }
}

/** `#here` is on the same page. */
function cutAnchor(to: string): readonly [path: string | undefined, anchor: string] {
  const at = to.indexOf('#')
  return at === 0 ? [undefined, to] : at === -1 ? [to, ''] : [to.slice(0, at), to.slice(at)]
}

function depthOf(address: string): number {
  return address === '' ? 0 : address.split('/').length
}
