/** The error reference in a real browser, from a disk: accessible by every rule of axe for WCAG 2.2 AA, in light, dark and on a phone; and what its script does. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { catalog } from 'tollgate/catalog'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  beforeAll(() => {
    docs = writeDocs(catalog[name] ?? expect.unreachable())
  })
  afterAll(() => docs?.remove())

  test.each(screens)('no page breaks a rule of accessibility, and none is wider than the screen, %s', async (_, screen) => {
    const pages = isProving ? docs.kinds : docs.kinds.filter((address) => few.has(address) || address.startsWith('errors/'))
    expect(pages.length).toBeGreaterThan(2)
    const tab = await openTab(docs.urlOf(''), screen)
    try {
      for (const page of pages) {
        await tab.goTo(docs.urlOf(page))
        expect([page, await violationsIn(tab)]).toEqual([page, []])
        expect([page, await tab.read('document.documentElement.scrollWidth')]).toEqual([page, screen.width])
      }
    } finally {
      await tab.close()
    }
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
