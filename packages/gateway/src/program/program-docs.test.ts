/** The error reference of an API, served where the API is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadConfig } from '../config/load-config.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import type { FileInput } from '../config/shape/file-shape.ts'
import { startGateway } from './program.ts'

const config = (docs: object | undefined, more: object = {}) => ({
  listen: { port: 0 },
  admin: { port: 0 },
  calls: { port: 0 },
  store: 'memory',
  upstreams: { ads: 'http://127.0.0.1:9' },
  apis: { ads: { mount: '/ads', contract: 'chatads', credentials: { from: [{ header: 'x-api-key' }], prefix: 'cak_' }, docs, routes: [{ on: 'GET /v1/things' }, { on: '* /{path...}' }], ...more } },
})
const asInput = (value: object): FileInput => JSON.parse(JSON.stringify(value)) as FileInput

async function start(docs: object | undefined, more: object = {}) {
  const gateway = await startGateway({ config: asInput(config(docs, more)) })
  onTestFinished(() => gateway.close())
  return gateway
}

describe('docs of an API', () => {
  it('are read without a key, by people and by programs, while everything else asks for one', async () => {
    const { url } = await start({})
    const page = await fetch(`${url}/ads/docs/errors/dailyQuotaExceeded`)
    expect([page.status, page.url, page.headers.get('content-type')]).toEqual([200, `${url}/ads/docs/errors/dailyQuotaExceeded/`, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('<h1>Daily quota exceeded</h1>')
    const twin = await fetch(`${url}/ads/docs/errors/dailyQuotaExceeded`, { headers: { Accept: 'text/markdown' } })
    expect([twin.headers.get('content-type'), twin.headers.get('vary')]).toEqual(['text/markdown; charset=utf-8', 'Accept'])
    expect(await twin.text()).toContain("You've used 120 of 100 requests for today.")
    const known = await fetch(`${url}/ads/docs/errors.json`)
    await known.arrayBuffer()
    expect((await fetch(`${url}/ads/docs/errors.json`, { headers: { 'If-None-Match': known.headers.get('etag') ?? '' } })).status).toBe(304)
    for (const path of ['/ads/docs/errors/nothing', '/ads/v1/things']) expect((await fetch(`${url}${path}`)).status).toBe(401)
    expect((await fetch(`${url}/ads/docs/`, { method: 'POST' })).status).toBe(401)
  })

  it('show the bytes of a refusal as the gateway itself sends them, but for its id', async () => {
    const { url } = await start({})
    const refused = await fetch(`${url}/ads/v1/things`)
    const [body, page] = [await refused.text(), await (await fetch(`${url}/ads/docs/errors/missingKey.md`)).text()]
    const [, shownId = ''] = /^x-request-id: (.*)$/m.exec(page) ?? []
    const sentId = refused.headers.get('x-request-id') ?? ''
    expect(page).toContain(`\n\n${body.replaceAll(sentId, shownId)}\n\`\`\``)
    for (const [, name = '', value = ''] of (/```http\n[^\n]*\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '').matchAll(/^([^:\n]+): (.*)$/gm)) expect([name, refused.headers.get(name)?.replace(sentId, shownId)]).toEqual([name, value])
  })

  it('are nowhere where nobody asked for them', async () => {
    const { url } = await start(undefined)
    expect((await fetch(`${url}/ads/docs/`)).status).toBe(401)
  })

  it('lead from a refusal to its page, where the contract links to it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'program-docs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { url } = await start({ path: '/help/errors' })
    const declaration = (await (await fetch(`${url}/ads/help/errors/contract.json`)).json()) as { readonly envelope: { readonly error: { readonly error: object } } }
    const { envelope } = declaration
    const error = { ...envelope.error, error: { ...envelope.error.error, doc_url: '$docsUrl' } }
    writeFileSync(join(folder, 'ads.json'), JSON.stringify({ ...declaration, envelope: { ...envelope, error }, docs: 'https://ads.example.com/ads/docs' }))
    const linked = await start({ url: 'https://ads.example.com/ads/docs' }, { contract: join(folder, 'ads.json') })
    const refusal = (await (await fetch(`${linked.url}/ads/v1/things`)).json()) as { readonly error: { readonly doc_url: string } }
    expect(refusal.error.doc_url).toBe('https://ads.example.com/ads/docs/errors/missingKey')
    const page = await fetch(`${linked.url}${new URL(refusal.error.doc_url).pathname}`)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<h1>Missing key</h1>') as unknown])
  })

  it('change with the contract, at a reload', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'program-docs-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'tollgate.json')
    writeFileSync(file, JSON.stringify(config({ title: 'First' })))
    const gateway = await startGateway({ config: file })
    onTestFinished(() => gateway.close())
    const titleNow = async (): Promise<string> => /<title>(.*)<\/title>/.exec(await (await fetch(`${gateway.url}/ads/docs/`)).text())?.[1] ?? ''
    const before = await titleNow()
    writeFileSync(file, JSON.stringify(config({ title: 'Second' })))
    expect(await gateway.reload()).toEqual({ ok: true })
    const after = await titleNow()
    writeFileSync(file, JSON.stringify(config(undefined)))
    expect(await gateway.reload()).toEqual({ ok: true })
    expect([before, after, (await fetch(`${gateway.url}/ads/docs/`)).status]).toEqual(['First', 'Second', 401])
  })
})

describe('docs in a configuration', () => {
  const check = (docs: object, more: object = {}, apis: object = {}) => {
    const whole = config(docs, more)
    return loadConfig(asInput({ ...whole, apis: { ...whole.apis, ...apis } }), { environment: {} })
  }
  const problems = (loaded: ReturnType<typeof check>): readonly string[] => (loaded.ok ? loaded.warnings : loaded.problems).map(formatProblem)

  it.each([
    [{ path: '/' }, 'apis.ads.docs.path: "/" must be a path below the mount, such as /docs, without a slash at its end'],
    [{ path: 'docs' }, 'apis.ads.docs.path: "docs" must be a path below the mount, such as /docs, without a slash at its end'],
    [{ path: '/docs/' }, 'apis.ads.docs.path: "/docs/" must be a path below the mount, such as /docs, without a slash at its end'],
    [{ path: '/a/../b' }, 'apis.ads.docs.path: "/a/../b" must be a path below the mount, such as /docs, without a slash at its end'],
    [{ url: 'docs.example.com' }, 'apis.ads.docs.url: "docs.example.com" must be a whole address, such as https://api.example.com'],
    [{ apiUrl: 'https://a/?b' }, 'apis.ads.docs.apiUrl: "https://a/?b" must be a whole address, such as https://api.example.com'],
    [{ at: '/docs' }, 'apis.ads.docs.at: there is no setting "at" here; there are path, title, url, apiUrl'],
  ])('%j is refused, with its mend', (docs, message) => {
    expect(problems(check(docs))).toEqual([message])
  })

  it('may not lie where another API is mounted', () => {
    const other = { mount: '/ads/docs/v2', routes: [{ on: 'GET /x', public: true }] }
    expect(problems(check({}, {}, { other }))).toEqual(['apis.ads.docs.path: "/docs" is where other is mounted; choose another path'])
  })

  it('warn of a route that nobody would reach', () => {
    expect(problems(check({}, { routes: [{ on: 'GET /docs/intro', public: true }, { on: 'POST /docs/notes', public: true }] }))).toEqual(['apis.ads.routes[0].on: /ads/docs/intro is answered by docs, before any route; give one of the two another path'])
  })
})
