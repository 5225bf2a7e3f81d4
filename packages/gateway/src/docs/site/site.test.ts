import { catalog } from 'tollgate/catalog'
import { parseContract, type Contract } from 'tollgate/contract'
import { describe, expect, it } from 'vitest'
import { parseXml } from '../../platform/parse-xml.ts'
import { isProving } from '../../../../../test/runs.ts'
import { describeContract, EXAMPLE_NOW_MS } from '../model/describe-contract.ts'
import { siteOf, type SiteFile } from './site.ts'

const written = Object.values(catalog).filter(({ declaration }) => declaration.decodeOnly !== true)
const site = (contract: Contract): readonly SiteFile[] => siteOf(describeContract(contract, { nowMs: EXAMPLE_NOW_MS }))

/** Where a link of a file leads, as a server of files would find it. */
function targetOf(from: string, href: string, docsUrl: string | undefined): { readonly file: string; readonly anchor: string | undefined } | undefined {
  const base = `https://site.invalid/${from.replace(/index\.html$/, '')}`
  const inside = docsUrl !== undefined && href.startsWith(`${docsUrl}/`) ? `https://site.invalid/${href.slice(docsUrl.length + 1)}` : href
  const { host, protocol, pathname, hash } = new URL(inside, base)
  if (protocol === 'data:' || protocol === 'mailto:' || host !== 'site.invalid') return undefined
  const path = decodeURIComponent(pathname.slice(1))
  return { file: path === '' || path.endsWith('/') ? `${path}index.html` : path, anchor: hash === '' ? undefined : hash.slice(1) }
}

describe.each(written.map((contract) => [contract.name, contract] as const))('the reference of %s', (_, contract) => {
  const files = site(contract)
  const byPath = new Map(files.map(({ path, text }) => [path, text]))

  it('has each page twice: for people and for programs', () => {
    const pages = files.filter(({ path }) => path.endsWith('.html')).map(({ path }) => (path === 'index.html' ? 'index.md' : path.replace(/\/index\.html$/, '.md')))
    expect(pages.filter((path) => !byPath.has(path))).toEqual([])
    for (const id of contract.entries.keys()) expect([...byPath.keys()]).toContain(`errors/${id.replaceAll(/[^\w.-]/g, '')}/index.html`)
    expect(new Set(files.map(({ path }) => path.toLowerCase())).size).toBe(files.length)
  })

  it('leads nowhere that is not there, down to the headings', () => {
    const lost = files
      .filter(({ path }) => /\.(?:html|md)$/.test(path))
      .flatMap(({ path, text }) => {
        const links = path.endsWith('.html') ? [...text.matchAll(/(?:href|src)="([^"]*)"/g)] : [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]*)\)/g)]
        return links.flatMap(([, href = '']) => {
          const target = targetOf(path, href.replaceAll('&amp;', '&'), contract.declaration.docs?.replace(/\/+$/, ''))
          if (target === undefined) return []
          const found = byPath.get(target.file)
          const isThere = found !== undefined && (target.anchor === undefined || !target.file.endsWith('.html') || found.includes(` id="${target.anchor}"`))
          return isThere ? [] : [`${path}: ${href}`]
        })
      })
    expect(lost).toEqual([])
  })

  it('holds under a strict policy: nothing inline, nothing of another origin is loaded', () => {
    for (const { path, text } of files.filter((file) => file.path.endsWith('.html'))) {
      expect([path, /<style|<script(?![^>]*\ssrc=)|<[^>]*\s(?:style|on\w+)\s*=|<(?:img|iframe|object|embed)\b/i.exec(text)?.[0]]).toEqual([path, undefined])
      expect([...text.matchAll(/<(?:link|script)[^>]*?(?:href|src)="(https?:[^"]*)"/g)].filter(([tag]) => !tag.includes('canonical'))).toEqual([])
    }
  })

  it('has the contract beside it, whole', () => {
    const parsed = parseContract(JSON.parse(byPath.get('contract.json') ?? ''), { reader: contract.reader, parseXml })
    expect(parsed).toMatchObject({ ok: true, contract: { name: contract.name } })
  })

  it('shows each answer byte for byte, in both forms', () => {
    for (const { address, example } of describeContract(contract, { nowMs: EXAMPLE_NOW_MS }).entries) {
      const { headers, body } = example.answer
      const html = byPath.get(`${address}/index.html`) ?? ''
      const shown = /<pre class="http"[^>]*>(.*?)<\/pre>/s.exec(html)?.[1]?.replaceAll(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
      const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1] ?? ''}`] : []))
      expect(shown?.split('\n').slice(1).join('\n')).toBe(`${lines.join('\n')}\n${body === '' ? '' : `\n${body}`}`)
      expect(byPath.get(`${address}.md`)).toContain(body)
    }
  })

  it('says what a caller asks in the order in which it is asked', () => {
    const asked = ['answer', 'action', 'retry', 'facts', 'causes', 'provoke', 'handle']
    for (const { address } of describeContract(contract, { nowMs: EXAMPLE_NOW_MS }).entries) {
      const ids = [...(byPath.get(`${address}/index.html`) ?? '').matchAll(/<h2 id="([^"]*)"/g)].map(([, id]) => id)
      expect(ids.filter((id) => asked.includes(id ?? ''))).toEqual(asked)
    }
  })

  it.runIf(isProving || contract.entries.size < 20)('is the same each time', () => {
    expect(site(contract)).toEqual(files)
  })
})

it('where an author writes HTML, it is text', () => {
  const declaration = { ...catalog['chatads']?.declaration, title: '<b>Ads</b>', docs: undefined }
  const entries = Object.fromEntries(Object.entries(declaration.entries ?? {}).map(([id, entry]) => [id, { ...entry, description: 'It is <script>alert("x")</script> [bad](javascript:alert(1)).', since: '<i>1.4</i>', changed: { '1.5': '<u>More</u>' } }]))
  const parsed = parseContract(JSON.parse(JSON.stringify({ ...declaration, entries })))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const files = site(parsed.contract)
  for (const { path, text } of files.filter((file) => file.path.endsWith('.html'))) expect([path, /<script>|<b>|<i>|<u>|href="javascript/i.exec(text)?.[0]]).toEqual([path, undefined])
  expect(files.find(({ path }) => path === 'errors/missingKey/index.html')?.text).toContain('<li><strong>&lt;i&gt;1.4&lt;/i&gt;</strong>: there since then.</li><li><strong>1.5</strong>: &lt;u&gt;More&lt;/u&gt;</li>')
})

it('each link that an answer carries leads to a page of the reference', () => {
  for (const contract of written) {
    const { error, families, contentType } = contract.declaration.envelope
    const isObject = typeof error === 'object' && !Array.isArray(error) && families === undefined && !/xml|form|text/.test(contentType ?? '')
    if (!isObject || contract.declaration.envelope.batch === true) continue
    const parsed = parseContract({ ...JSON.parse(JSON.stringify(contract.declaration)), docs: 'https://errors.example.com/', headers: { ...contract.declaration.headers, Link: '<{docsUrl}>; rel="help"' } }, { reader: contract.reader, parseXml })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const described = describeContract(parsed.contract, { nowMs: EXAMPLE_NOW_MS })
    const paths = new Set(siteOf(described).map(({ path }) => path))
    const links = described.entries.map(({ headers }) => /^<https:\/\/errors\.example\.com\/(.*)>/.exec(headers.find(({ name }) => name === 'Link')?.value ?? '')?.[1])
    expect(links.filter((link) => link === undefined || !paths.has(`${link}/index.html`) || !paths.has(`${link}.md`))).toEqual([])
    expect(new Set(links).size).toBe(contract.entries.size)
  }
})
