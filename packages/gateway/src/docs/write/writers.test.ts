import { describe, expect, it } from 'vitest'
import { authoredInline, codeBlock, codeInline, headingBlock, inlines, linkInline, listBlock, noteBlock, outsideInline, paragraphBlock, strongInline, tableBlock, termsBlock, type Block, type Page } from '../model/page.ts'
import { proseHtml } from './author-prose.ts'
import { authoredMarkdown } from './authored-markdown.ts'
import { colourWireJson } from './colour-code.ts'
import { writeHtml } from './html.ts'
import { writeMarkdown } from './markdown.ts'

const hostile = '<script>alert(1)</script> "x" \'y\' & | `z`'
const body = '{"error":{"code":"A","details":{},"list":[],"n":[1,-2.5e3,null,true]},"text":"a \\"quoted\\" {x}: [1,2]"}'
const blocks: readonly Block[] = [
  headingBlock(2, 'retry', 'Retry ', codeInline(hostile)),
  paragraphBlock('# no heading, 1 * 2 * 3 = a_b_c [x] ', strongInline(hostile), ' ', linkInline('errors/x#retry', 'a page'), ' ', outsideInline('https://example.com/?a=1&b="2"', 'outside')),
  listBlock([['one'], [codeInline('two')]], true),
  tableBlock('Codes', ['Code', 'What | it is'], [[[codeInline('A|B')], [hostile]]]),
  termsBlock([['Status', '429'], ['Code', codeInline('X')]]),
  codeBlock('typescript', "const x = '<b>' // ```", 'first.ts'),
  { kind: 'http', head: 'HTTP/1.1 429 Too Many Requests\nRetry-After: 30', body, label: 'The answer' },
  { kind: 'prose', markdown: 'Mind the *gap*, <b onclick="x">and</b> the [link](javascript:alert(1)).' },
  noteBlock('warning', authoredInline('Do `not`.')),
]
const page: Page = { address: 'errors/x', title: 'A <title> & `more`', summary: '', blocks }
const linkTo = (address: string): string => `../${address}`

/** What a browser would show as text. */
const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&#x27;', "'").replaceAll('&amp;', '&')

describe('a page as HTML', () => {
  const html = writeHtml(page, linkTo)

  it('has no style, script, handler or picture in it, whatever was written', () => {
    expect(html).not.toMatch(/<script|<style|<img|<iframe|<[^>]*\s(?:style|on\w+)\s*=|javascript:/i)
    expect(textOf(html)).toContain(hostile)
  })

  it('shows an answer byte for byte', () => {
    expect(textOf(/<pre class="http"[^>]*>(.*?)<\/pre>/s.exec(html)?.[1] ?? '')).toBe(`HTTP/1.1 429 Too Many Requests\nRetry-After: 30\n\n${body}`)
  })

  it('leads where its links lead', () => {
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['#retry', '../errors/x#retry', 'https://example.com/?a=1&amp;b=&quot;2&quot;'])
  })

  it('closes what it opens', () => {
    const open: string[] = []
    const closed: (readonly [string, string | undefined])[] = []
    for (const [, end, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (end === '') open.push(name)
      else closed.push([name, open.pop()])
    }
    expect(closed.filter(([name, opened]) => name !== opened)).toEqual([])
    expect(open).toEqual([])
  })
})

describe('the prose of an author', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '<p>&lt;img src=x onerror=alert(1)&gt;</p>'],
    ['[a](javascript:alert(1)) [b](https://b.example) [c](data:text/html,x) [d](mailto:d@example.com)', '<p>a <a href="https://b.example" rel="noreferrer">b</a> c <a href="mailto:d@example.com" rel="noreferrer">d</a></p>'],
    ['![a cat](https://cats.example/1.png)', '<p>a cat</p>'],
    ['# Not a heading', '<p><strong>Not a heading</strong></p>'],
    ['[x]: javascript:alert(1)\n\n[y][x]', '<p>y</p>'],
    ['<javascript:alert(1)>', '<p>javascript:alert(1)</p>'],
    ['- [x] done', '<ul>\n<li>☑ done</li>\n</ul>'],
  ])('%s', (markdown, html) => {
    expect(proseHtml(markdown).trim()).toBe(html)
  })

  it('colours its programs by class', () => {
    expect(proseHtml('```json\n{"a":1}\n```')).toContain('<span class="hljs-attr">&quot;a&quot;</span>')
  })
})

it('JSON on one line is shown on many, and stays what it is', () => {
  const html = colourWireJson(body)
  expect(textOf(html)).toBe(body)
  expect([...html.matchAll(/class="in(\d+)"/g)].map(([, depth]) => depth).join('')).toBe('1222233332110')
})

it('a page as Markdown keeps texts as texts, and fences longer than what is in them', () => {
  expect(writeMarkdown(page, linkTo)).toBe(`# A \\<title> & \\\`more\\\`

## Retry \`\` ${hostile} \`\`

\\# no heading, 1 \\* 2 \\* 3 = a_b_c \\[x\\] **\\<script>alert(1)\\</script> "x" 'y' & | \\\`z\\\`** [a page](../errors/x#retry) [outside](https://example.com/?a=1&b="2")

1. one
2. \`two\`

| Code | What \\| it is |
| --- | --- |
| \`A\\|B\` | \\<script>alert(1)\\</script> "x" 'y' & \\| \\\`z\\\` |

- **Status:** 429
- **Code:** \`X\`

first.ts:

\`\`\`\`typescript
const x = '<b>' // \`\`\`
\`\`\`\`

The answer:

\`\`\`http
HTTP/1.1 429 Too Many Requests
Retry-After: 30

${body}
\`\`\`

Mind the *gap*, \\<b onclick="x">and\\</b> the [link](#).

> **Careful:** Do \`not\`.
`)
})

it('an author’s Markdown has no HTML, no link that runs and no word for terminals in it, and keeps its code', () => {
  expect(authoredMarkdown('a <img src=x onerror=1> [x](javascript:alert(1)) [y]( <data:text/html,z> ) `<b>` <https://a.example> [d](#top) \u001B[31mred\n```html\n<i>\n```')).toBe('a \\<img src=x onerror=1> [x](#) [y](# ) `<b>` <https://a.example> [d](#top) [31mred\n```html\n<i>\n```')
  expect(writeMarkdown({ ...page, blocks: [{ kind: 'prose', markdown: '<script>1</script>' }, paragraphBlock(authoredInline('<b>x</b>'))] }, linkTo)).not.toMatch(/(?<!\\)<[a-z/]/)
})

it('texts in a line stand for themselves', () => {
  expect(inlines('a', codeInline('b'))).toEqual([{ kind: 'text', text: 'a' }, { kind: 'code', text: 'b' }])
})
