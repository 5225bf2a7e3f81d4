/**
 * The playground's own small website, a service behind the gateway like any other: the page at `/`, the same as JSON at `/playground`, the sample
 * accounts of an API as they stand now at `/playground/accounts/NAME`.
 * The content security policy allows the page's own style and script by their hashes, and nothing else.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Description } from './description.ts'
import type { LiveAccount } from './live-accounts.ts'
import { renderPage } from './page.ts'
import type { PageAssets } from './page.ts'

export interface Site {
  /** On any free port. */
  listen(): Promise<{ readonly url: string }>
  /** Until then it answers 503: what there is to show depends on the gateway, which starts after it. */
  show(description: Description, accountsOf: AccountsOf): void
  close(): Promise<void>
}

/** Undefined: there is no such API. */
export type AccountsOf = (api: string) => Promise<readonly LiveAccount[] | undefined>

interface Content {
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** One module in the page: each builds on those before it. */
const SCRIPTS = ['run.js', 'elements.js', 'answer.js', 'accounts.js', 'filter.js', 'page.js']
const ACCOUNTS = '/playground/accounts/'
const SAFE = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }

export function createSite(): Site {
  const assets: PageAssets = { css: readAsset('page.css'), script: SCRIPTS.map(readAsset).join('\n') }
  let contentsOf: (() => ReadonlyMap<string, Content>) | undefined
  let accountsOf: AccountsOf = async () => undefined

  async function contentAt(path: string): Promise<Content | undefined> {
    if (!path.startsWith(ACCOUNTS)) return contentsOf?.().get(path)
    const accounts = await accountsOf(path.slice(ACCOUNTS.length))
    return accounts && jsonContent({ accounts })
  }

  const server = createServer((request, response) => {
    if (contentsOf === undefined) return response.writeHead(503, { 'Retry-After': '1' }).end()
    contentAt(request.url?.split('?', 1)[0] ?? '').then(
      (content) => send(response, content, request.method === 'HEAD'),
      () => response.writeHead(500).end(),
    )
  })

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
      }),
    show(description, accounts) {
      // Rendered for the first who looks: most of who starts a playground looks at its APIs.
      let contents: ReadonlyMap<string, Content> | undefined
      contentsOf = () => (contents ??= renderContents(description, assets))
      accountsOf = accounts
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

function send(response: ServerResponse, content: Content | undefined, headOnly: boolean): void {
  if (content === undefined) return void response.writeHead(404).end()
  response.writeHead(200, { ...content.headers, 'Content-Length': Buffer.byteLength(content.body) })
  response.end(headOnly ? undefined : content.body)
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
  const html = { ...SAFE, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy }
  return new Map([
    ['/', { headers: html, body: renderPage(description, assets) }],
    ['/playground', jsonContent(description)],
  ])
}

function jsonContent(value: unknown): Content {
  return { headers: { ...SAFE, 'Content-Type': 'application/json; charset=utf-8' }, body: `${JSON.stringify(value, null, 2)}\n` }
}

function sourceHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function readAsset(name: string): string {
  return readFileSync(new URL(`../page/${name}`, import.meta.url), 'utf8')
}
