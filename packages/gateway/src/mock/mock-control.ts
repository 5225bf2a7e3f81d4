/**
 * What a mock says of itself, beside what it plays: its page at `/_mock/` (and at `/`, to a browser), the report at `/_mock/report`, its entries at
 * `/_mock/entries`; `POST /_mock/reset` forgets what the client did.
 */
import type { Answer } from 'tollgate/contract'
import { soleHeader } from 'tollgate/gate'
import { formatReport, type Mock } from 'tollgate/testing'
import { describeEntries } from './playable-entry.ts'
import { renderMockPage } from './mock-page.ts'
import { pageScript, pageStyle } from './page-assets.ts'

export interface MockControl {
  /** Undefined: that is not asked of the mock itself. */
  answerTo(method: string, target: string, headers: readonly string[]): Answer | undefined
}

/** Nothing of another origin, nothing inline, in no frame. */
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const safe = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer']

/** Of every answer where pages of any origin may read it. */
export const corsHeaders: readonly string[] = ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', '*']

/** A page asks first (Fetch standard, "CORS-preflight fetch"). */
function preflight(headers: readonly string[]): Answer {
  const wanted = soleHeader(headers, 'access-control-request-headers')
  const allowed = wanted === undefined ? [] : ['Access-Control-Allow-Headers', wanted]
  return { status: 204, headers: [...corsHeaders, 'Access-Control-Allow-Methods', soleHeader(headers, 'access-control-request-method') ?? 'GET', ...allowed, 'Access-Control-Max-Age', '600'], body: '' }
}

export function createMockControl(mock: Pick<Mock, 'contract' | 'script' | 'grade' | 'reset'>, cors = false): MockControl {
  const entries = describeEntries(mock.contract)
  const content = (type: string, body: string): Answer => ({ status: 200, headers: ['Content-Type', `${type}; charset=utf-8`, ...safe], body })
  const json = (value: unknown): Answer => ({ status: 200, headers: ['Content-Type', 'application/json', ...safe], body: `${JSON.stringify(value, null, 2)}\n` })
  const page = (host: string): Answer => {
    const { headers, ...rest } = content('text/html', renderMockPage(mock.contract, entries, mock.script, host))
    return { ...rest, headers: [...headers, 'Content-Security-Policy', POLICY] }
  }

  function reportFor(query: string, accept: string): Answer {
    const report = mock.grade(/(?:^|&)final(?:=|&|$)/.test(query))
    return accept.includes('json') || /(?:^|&)json(?:=|&|$)/.test(query) ? json(report) : content('text/plain', formatReport(report))
  }

  return {
    answerTo(method, target, headers) {
      const [path = '', query = ''] = target.split('?', 2)
      if (cors && method === 'OPTIONS' && soleHeader(headers, 'access-control-request-method') !== undefined) return preflight(headers)
      if (method === 'POST' && path === '/_mock/reset') {
        mock.reset()
        return { status: 204, headers: safe, body: '' }
      }
      if (method !== 'GET' && method !== 'HEAD') return undefined
      const accept = soleHeader(headers, 'accept') ?? ''
      switch (path) {
        case '/':
          return accept.includes('text/html') ? page(hostOf(headers)) : undefined
        case '/_mock':
        case '/_mock/':
          return page(hostOf(headers))
        case '/_mock/page.css':
          return content('text/css', pageStyle)
        case '/_mock/page.js':
          return content('text/javascript', pageScript)
        case '/_mock/report':
          return reportFor(query, accept)
        case '/_mock/entries':
          return json(entries)
        default:
          return undefined
      }
    },
  }
}

/** For command lines: only what is surely a host stands in one. */
function hostOf(headers: readonly string[]): string {
  const host = soleHeader(headers, 'host') ?? ''
  return /^[\w.-]+(?::\d+)?$|^\[[0-9A-Fa-f:.]+\](?::\d+)?$/.test(host) ? host : 'localhost'
}
