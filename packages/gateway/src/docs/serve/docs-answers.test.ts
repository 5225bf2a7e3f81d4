import { describe, expect, it } from 'vitest'
import { createDocsAnswers, DOCS_POLICY } from './docs-answers.ts'
import { prefersMarkdown } from './prefers-markdown.ts'

const file = (path: string, body = path) => ({ path, body, etag: `"${path}"` })
const files = [file('index.html'), file('index.md'), file('errors/tooFast/index.html'), file('errors/tooFast.md'), file('assets/docs.css'), file('errors.json')]
const docs = createDocsAnswers([{ at: '/shop/docs', files }])
const ask = (target: string, headers: { readonly [name: string]: string } = {}, method = 'GET') => docs.answerTo(method, target, Object.entries(headers).flat())
const header = (answer: ReturnType<typeof ask>, name: string): string | undefined => answer?.headers[answer.headers.indexOf(name) + 1]
const markdown = { Accept: 'text/markdown, text/html, */*' }

describe('a reference that a gateway serves', () => {
  it.each([
    ['/shop/docs/', {}, 'index.html'],
    ['/shop/docs/?a=b', {}, 'index.html'],
    ['/shop/docs/errors/tooFast/', {}, 'errors/tooFast/index.html'],
    ['/shop/docs/errors/tooFast/index.html', {}, 'errors/tooFast/index.html'],
    ['/shop/docs/errors/tooFast.md', {}, 'errors/tooFast.md'],
    ['/shop/docs/assets/docs.css', {}, 'assets/docs.css'],
    ['/shop/docs/', markdown, 'index.md'],
    ['/shop/docs/errors/tooFast', markdown, 'errors/tooFast.md'],
    ['/shop/docs/errors.json', markdown, 'errors.json'],
  ])('answers %s %j with %s', (target, headers, body) => {
    expect(ask(target, headers)).toMatchObject({ status: 200, body })
  })

  it.each([
    ['/shop/docs', {}, 'docs/'],
    ['/shop/docs?x', {}, 'docs/'],
    ['/shop/docs/errors/tooFast', {}, 'tooFast/'],
    ['/shop/docs/errors/tooFast/', markdown, '../tooFast.md'],
  ])('leads from %s %j to where relative links hold', (target, headers, location) => {
    const answer = ask(target, headers)
    expect([answer?.status, header(answer, 'Location')]).toEqual([307, location])
    const there = new URL(location, `http://a${target}`)
    expect(ask(there.pathname)?.status).toBe(200)
  })

  it.each([['/shop/docs/errors/other'], ['/shop/docsother'], ['/shop'], ['/shop/docs/../secret'], ['/shop/docs//'], ['/shop/docs/errors/'], ['/shop/docs/constructor'], ['/shop/docs/%65rrors.json']])('leaves %s to the API', (target) => {
    expect(ask(target)).toBeUndefined()
  })

  it('leaves every other method to the API', () => {
    expect([ask('/shop/docs/', {}, 'POST'), ask('/shop/docs/', {}, 'OPTIONS')]).toEqual([undefined, undefined])
    expect(ask('/shop/docs/', {}, 'HEAD')?.status).toBe(200)
  })

  it('says what it is, how long it holds, and what it may load', () => {
    const page = ask('/shop/docs/')
    expect(['Content-Type', 'ETag', 'Vary', 'Cache-Control', 'X-Content-Type-Options', 'Content-Security-Policy'].map((name) => header(page, name))).toEqual(['text/html; charset=utf-8', '"index.html"', 'Accept', 'no-cache', 'nosniff', DOCS_POLICY])
    expect(header(ask('/shop/docs/index.md'), 'Content-Type')).toBe('text/markdown; charset=utf-8')
    expect(DOCS_POLICY).not.toContain('unsafe')
  })

  it.each([['"index.html"'], ['W/"index.html"'], ['"a", "index.html"'], ['*']])('does not send again what %s knows', (tag) => {
    expect(ask('/shop/docs/', { 'If-None-Match': tag })).toMatchObject({ status: 304, body: '' })
    expect(ask('/shop/docs/errors.json', { 'If-None-Match': '"index.html"' })?.status).toBe(200)
  })
})

it.each([
  [undefined, false],
  ['*/*', false],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ['text/markdown', true],
  ['text/markdown, text/html', true],
  ['TEXT/Markdown;q=0.9, text/html;q=0.8', true],
  ['text/markdown;q=0.5, text/html', false],
  ['text/markdown;q=0', false],
  ['text/markdown;q=x', false],
])('%j asks for Markdown: %j', (accept, wants) => {
  expect(prefersMarkdown(accept)).toBe(wants)
})
