/** The page of a mock in a real browser, as one has it on a phone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openai } from 'tollgate/catalog'
import { mayBrowse } from '../../packages/gateway/src/fixtures/browser.ts'
import { startMock, type MockServer } from '../../packages/gateway/src/mock/mock-server.ts'
import { openTab, type Tab } from './browser-tab.ts'

const PHONE = { width: 390, height: 844, touch: true }

describe.runIf(mayBrowse)('on a phone', () => {
  let server: MockServer
  let tab: Tab
  beforeAll(async () => {
    server = await startMock({ contract: openai, script: {}, address: { port: 0, host: '127.0.0.1' }, onError: (error) => expect.unreachable(String(error)) })
    tab = await openTab(`${server.url}/_mock/`, PHONE)
  })
  afterAll(async () => {
    await tab?.close()
    await server?.close()
  })

  test('nothing is wider than the screen, and each command line is seen whole', async () => {
    expect(await tab.read('document.documentElement.scrollWidth')).toBe(PHONE.width)
    expect(await tab.read(`[...document.querySelectorAll('pre')].filter((pre) => pre.scrollWidth > pre.clientWidth).length`)).toBe(0)
  })

  test('its style and its script are let in, and have run', async () => {
    expect(await tab.read(`getComputedStyle(document.querySelector('article')).borderRadius`)).toBe('12px')
    expect(await tab.read(`document.querySelectorAll('.scripted[hidden]').length`)).toBe(0)
  })

  test('Try shows the answer, and is no call of a client', async () => {
    await tab.click('[data-path="/_mock/insufficientQuota"]')
    await expect.poll(() => tab.read(`document.querySelector('#insufficientQuota .answer').textContent`)).toMatch(/^429 Too Many Requests[\s\S]*"code":"insufficient_quota"/)
    expect(server.mock.grade().requests).toBe(0)
  })

  test('the filter leaves what has the words', async () => {
    const shown = () => tab.read(`[...document.querySelectorAll('article:not([hidden])')].map(({ id }) => id)`)
    const type = (words: string) => tab.read(`(() => { const box = document.querySelector('.filter'); box.value = ${JSON.stringify(words)}; box.dispatchEvent(new Event('input', { bubbles: true })) })()`)
    await type('insufficient_quota')
    expect(await shown()).toEqual(['insufficientQuota'])
    await type('no such words')
    expect(await shown()).toEqual([])
    expect(await tab.read(`document.querySelector('.none').hidden`)).toBe(false)
    await type('')
    expect(await shown()).toHaveLength(openai.entries.size)
  })
})
