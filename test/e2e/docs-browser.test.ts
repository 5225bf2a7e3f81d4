/** The error reference in a real browser, from a disk: accessible by every rule of axe for WCAG 2.2 AA, in light, dark and on a phone; and what its script does. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { catalog } from 'tollgate/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from '../../packages/gateway/src/docs/model/describe-contract.ts'
import { createDocsAnswers } from '../../packages/gateway/src/docs/serve/docs-answers.ts'
import { siteOf } from '../../packages/gateway/src/docs/site/site.ts'
import { mayBrowse } from '../../packages/gateway/src/fixtures/browser.ts'
import { isProving } from '../runs.ts'
import { openTab, type Screen, type Tab } from './browser-tab.ts'
import { writeDocs, type DocsFolder } from './docs-pages.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const screens: readonly (readonly [string, Screen])[] = [
  ['in light', { width: 1440, height: 900 }],
  ['in dark', { width: 1440, height: 900, dark: true }],
  ['on a phone', { width: 390, height: 844, touch: true }],
  ...(isProving ? [['on a phone, in dark', { width: 390, height: 844, touch: true, dark: true }] as const] : []),
]
/** `openai` has streams. */
const names = isProving ? ['ai-api', 'chatads', 'jogg', 'leaperone', 'nexalayer', 'openai'] : ['nexalayer']
const few = new Set(['', 'same-status'])

async function violationsIn(tab: Tab): Promise<unknown> {
  await tab.read(axe)
  return tab.read(`axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html, any, all, none }) => html.slice(0, 160) + ' ' + [...any, ...all, ...none].map(({ message }) => message).join('; ')).join(' | ')))`)
}

describe.runIf(mayBrowse).each(names)('the reference of %s', (name) => {
  let docs: DocsFolder
  let tab: Tab
  beforeAll(async () => {
    docs = writeDocs(catalog[name] ?? expect.unreachable())
    tab = await openTab('about:blank', { width: 1440, height: 900 })
  })
  afterAll(async () => {
    await tab?.close()
    docs?.remove()
  })

  test.each(screens)('no page breaks a rule of accessibility, and none is wider than the screen, %s', async (_, screen) => {
    const pages = isProving ? docs.kinds : docs.kinds.filter((address) => few.has(address) || address.startsWith('errors/'))
    expect(pages.length).toBeGreaterThan(2)
    await tab.turnTo(screen)
    for (const page of pages) {
      await tab.goTo(docs.urlOf(page))
      expect([page, await violationsIn(tab)]).toEqual([page, []])
      expect([page, await tab.read('document.documentElement.scrollWidth')]).toEqual([page, screen.width])
    }
  })
})

describe.runIf(mayBrowse)('a reference that the gateway serves', () => {
  let server: Server
  let tab: Tab
  let url = ''
  beforeAll(async () => {
    const contract = catalog['nexalayer'] ?? expect.unreachable()
    const files = siteOf(describeContract(contract, { nowMs: EXAMPLE_NOW_MS })).map(({ path, text }) => ({ path, body: text, etag: `"${path}"` }))
    const { answerTo } = createDocsAnswers([{ at: '/shop/errors', files }])
    server = createServer(({ method = '', url: target = '', rawHeaders }, response) => {
      const { status, headers, body } = answerTo(method, target, rawHeaders) ?? { status: 404, headers: [], body: '' }
      response.writeHead(status, [...headers]).end(body)
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop/errors`
    tab = await openTab(`${url}/errors/invalidKey`, { width: 1280, height: 900 })
  })
  afterAll(async () => {
    await tab?.close()
    server?.closeAllConnections()
    server?.close()
  })

  test('is found at the address that answers name, and its search leads on, under the policy that the gateway sends', async () => {
    expect(await tab.read('location.href')).toBe(`${url}/errors/invalidKey/`)
    await tab.read(`(() => { const box = document.getElementById('search'); box.focus(); box.value = 'session_exp'; box.dispatchEvent(new Event('input', { bubbles: true })) })()`)
    await expect.poll(() => tab.read(`document.querySelector('#results a')?.href`)).toBe(`${url}/errors/sessionExpired/`)
    const links = (await tab.read(`[...new Set([...document.querySelectorAll('a[href]')].map(({ href }) => href.split('#')[0]))]`)) as readonly string[]
    const lost = await Promise.all(links.filter((link) => link.startsWith('http://127')).map(async (link) => ((await fetch(link)).status === 200 ? [] : [link])))
    expect([links.length > 30, lost.flat()]).toEqual([true, []])
  })
})

describe.runIf(mayBrowse)('the script of a reference', () => {
  let docs: DocsFolder
  let tab: Tab
  beforeAll(async () => {
    docs = writeDocs(catalog['nexalayer'] ?? expect.unreachable())
    tab = await openTab(docs.urlOf('errors/invalidKey'), { width: 1280, height: 900 })
  })
  afterAll(async () => {
    await tab?.close()
    docs?.remove()
  })

  const search = async (words: string): Promise<unknown> => {
    await tab.read(`(() => { const box = document.getElementById('search'); box.focus(); box.value = ${JSON.stringify(words)}; box.dispatchEvent(new Event('input', { bubbles: true })) })()`)
    await expect.poll(() => tab.read(`document.getElementById('found').textContent`)).not.toBe('')
    return tab.read(`[...document.querySelectorAll('#results a strong')].map(({ textContent }) => textContent)`)
  }
  const clear = (): Promise<unknown> => tab.read(`(() => { const box = document.getElementById('search'); box.value = ''; box.dispatchEvent(new Event('input', { bubbles: true })) })()`)

  test('search finds a code by its beginning, by words that it is said with, and by its status; without a server', async () => {
    expect(await search('insufficient_b')).toEqual(['INSUFFICIENT_BALANCE'])
    await clear()
    expect(((await search('recharge')) as readonly string[])[0]).toBe('INSUFFICIENT_BALANCE')
    await clear()
    expect(await search('429')).toEqual(expect.arrayContaining(['RATE_LIMIT_EXCEEDED', 'SESSION_LIMIT_REACHED', '429 Too Many Requests']))
    await clear()
    expect(await search('zebra')).toEqual([])
    expect(await tab.read(`document.getElementById('results').textContent`)).toBe('Nothing has all these words.')
    await clear()
  })

  test('what is found is open to axe, too, and leads to its page', async () => {
    await search('session_expired')
    expect(await violationsIn(tab)).toEqual([])
    const [href] = (await tab.read(`[...document.querySelectorAll('#results a')].map(({ href }) => href)`)) as readonly string[]
    expect(href).toBe(docs.urlOf('errors/sessionExpired'))
    await clear()
  })

  test('what was chosen of light and dark stays on the next page', async () => {
    const ground = (): Promise<unknown> => tab.read('getComputedStyle(document.body).backgroundColor')
    const light = await ground()
    await tab.click('.theme')
    const dark = await ground()
    expect(dark).not.toBe(light)
    await tab.goTo(docs.urlOf('retries'))
    expect(await ground()).toBe(dark)
    await tab.click('.theme')
    expect(await ground()).toBe(light)
  })

  test('its policy lets in what it needs, and nothing that stands in a page', async () => {
    await tab.goTo(docs.urlOf(''))
    expect(await tab.read(`document.querySelectorAll('.scripted[hidden]').length`)).toBe(0)
    const blocked = tab.read(`new Promise((resolve) => { document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective)); const inline = document.createElement('script'); inline.textContent = 'globalThis.ran = true'; document.body.append(inline) })`)
    expect(await blocked).toBe('script-src-elem')
    expect(await tab.read('globalThis.ran')).toBeUndefined()
  })

  test('the answer that is copied is the one that goes over the wire', async () => {
    await tab.goTo(docs.urlOf('errors/insufficientBalance'))
    const body = await tab.read(`document.querySelector('pre.http .body').textContent`)
    expect(body).toBe('{"success":false,"data":null,"error":{"code":"INSUFFICIENT_BALANCE","message":"Insufficient balance. Current balance: 50.00; required: 100.00","details":{"current_balance":50,"required_amount":100}},"meta":{"request_id":"req_00112233445566778899aabbccddeeff"}}')
  })
})
