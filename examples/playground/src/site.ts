/**
 * The playground's own small website, a service behind the gateway like any other: the page at `/`, the same as JSON at `/playground`.
 * The content security policy allows the page's own style and script by their hashes, and nothing else.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Description } from './description.ts'
import { renderPage } from './page.ts'
import type { PageAssets } from './page.ts'

export interface Site {
  /** On any free port. */
  listen(): Promise<{ readonly url: string }>
  /** Until then it answers 503: what there is to show depends on the gateway, which starts after it. */
  show(description: Description): void
  close(): Promise<void>
}

interface Content {
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export function createSite(): Site {
  const assets: PageAssets = { css: readAsset('page.css'), script: readAsset('page.js') }
  let contents: ReadonlyMap<string, Content> | undefined

  const server = createServer((request, response) => {
    if (contents === undefined) return response.writeHead(503, { 'Retry-After': '1' }).end()
    const content = contents.get(request.url?.split('?', 1)[0] ?? '')
    if (content === undefined) return response.writeHead(404).end()
    response.writeHead(200, { ...content.headers, 'Content-Length': Buffer.byteLength(content.body) })
    response.end(request.method === 'HEAD' ? undefined : content.body)
  })

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
      }),
    show(description) {
      contents = renderContents(description, assets)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

function renderContents(description: Description, assets: PageAssets): ReadonlyMap<string, Content> {
  const policy = [
    "default-src 'none'",
    `style-src ${sourceHash(assets.css)}`,
    `script-src ${sourceHash(assets.script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const safe = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }
  return new Map([
    ['/', { headers: { ...safe, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy }, body: renderPage(description, assets) }],
    ['/playground', { headers: { ...safe, 'Content-Type': 'application/json; charset=utf-8' }, body: `${JSON.stringify(description, null, 2)}\n` }],
  ])
}

function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function readAsset(name: string): string {
  return readFileSync(new URL(`../page/${name}`, import.meta.url), 'utf8')
}
