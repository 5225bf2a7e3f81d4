/**
 * Answers for the references of APIs: pages as HTML, their twins as Markdown for who asks for that, and the files beside them. Nobody needs a key for them, and nothing of
 * them is counted or logged. Whatever is not a file of a reference is left to the API.
 */
import type { Answer } from 'tollgate/contract'
import { soleHeader } from 'tollgate/gate'
import type { ServedFile } from './docs-order.ts'
import { prefersMarkdown } from './prefers-markdown.ts'

export interface DocsSite {
  /** The whole path, without a slash at its end. */
  readonly at: string
  readonly files: readonly ServedFile[]
}

export interface DocsAnswers {
  /** Undefined: that is not asked of a reference. `target`: as it stands in the request. */
  answerTo(method: string, target: string, headers: readonly string[]): Answer | undefined
}

/** Nothing of another origin, nothing inline, in no frame. */
export const DOCS_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** A reference changes with a reload: it may be kept, and is asked for again each time by its tag. */
const safe = ['Cache-Control', 'no-cache', 'X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'no-referrer']

const types: { readonly [extension: string]: string } = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
}

export function createDocsAnswers(sites: readonly DocsSite[]): DocsAnswers {
  const known = sites.map(({ at, files }) => ({ at, files: new Map(files.map((file) => [file.path, file])) }))
  return {
    answerTo(method, target, headers) {
      const site = known.find(({ at }) => target.startsWith(at) && (target.length === at.length || target[at.length] === '/' || target[at.length] === '?'))
      if (site === undefined || (method !== 'GET' && method !== 'HEAD')) return undefined
      return answerIn(site.files, target.slice(site.at.length).split('?', 1)[0] ?? '', site.at, headers)
    },
  }
}

/** `path`: what follows the place of the reference, with its slash in front; empty where nothing does. */
function answerIn(files: ReadonlyMap<string, ServedFile>, path: string, at: string, headers: readonly string[]): Answer | undefined {
  const name = path.slice(1)
  const isFolder = path.endsWith('/')
  const page = path === '' ? 'index.html' : isFolder || name === '' ? `${name}index.html` : `${name}/index.html`
  const file = files.get(name)
  if (file !== undefined) return served(file, headers, [])
  if (!files.has(page)) return undefined
  const twin = page === 'index.html' ? 'index.md' : page.replace(/\/index\.html$/, '.md')
  const asMarkdown = prefersMarkdown(soleHeader(headers, 'accept')) && files.has(twin)
  // Links of a twin are relative to where it lies itself: of `errors/x/` that is a step up.
  if (asMarkdown && isFolder && name !== '') return redirect(`../${lastOf(twin)}`)
  const found = files.get(asMarkdown ? twin : page)
  if (!asMarkdown && !isFolder) return redirect(`${lastOf(path === '' ? at : path)}/`)
  return found && served(found, headers, ['Vary', 'Accept'])
}

/** Relative, so that it holds under whatever prefix a proxy in front has taken off. */
function redirect(location: string): Answer {
  return { status: 307, headers: ['Location', location, 'Vary', 'Accept', ...safe], body: '' }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function served({ path, body, etag }: ServedFile, headers: readonly string[], more: readonly string[]): Answer {
  const all = ['ETag', etag, ...more, ...safe]
  if (isKnown(soleHeader(headers, 'if-none-match'), etag)) return { status: 304, headers: all, body: '' }
  const extension = path.slice(path.lastIndexOf('.') + 1)
  const type = (Object.hasOwn(types, extension) ? types[extension] : undefined) ?? 'application/octet-stream'
  return { status: 200, headers: ['Content-Type', type, ...all, 'Content-Security-Policy', DOCS_POLICY], body }
}

/** RFC 9110 section 13.1.2: weakly compared. */
function isKnown(wanted: string | undefined, etag: string): boolean {
  return wanted !== undefined && wanted.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag)
}
