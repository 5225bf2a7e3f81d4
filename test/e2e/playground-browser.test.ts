/** The page in a real browser, as one who has it on a phone presses its buttons. */
import { apis, codesOf, createPlayground } from '@tollgate/example-playground'
import type { Playground } from '@tollgate/example-playground'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { mayBrowse } from '../../packages/gateway/src/fixtures/browser.ts'
import { openTab } from './browser-tab.ts'
import type { Tab } from './browser-tab.ts'
import { isProving } from '../runs.ts'

const PHONE = { width: 390, height: 844, touch: true }
const list = Object.values(apis)
const total = list.flatMap(codesOf).length
const tallies = list.map((api) => `${codesOf(api).length} of ${codesOf(api).length}`)

describe.runIf(mayBrowse)('on a phone', () => {
  let playground: Playground
  let tab: Tab
  beforeAll(async () => {
    playground = await createPlayground({ port: 0 })
    tab = await openTab(playground.url, PHONE)
    await vi.waitUntil(() => tab.read(`document.documentElement.className === 'scripted'`), { timeout: 60_000 })
  })
  afterAll(async () => {
    await tab?.close()
    await playground?.close()
  })

  const textOf = (selector: string) => tab.read(`document.querySelector('${selector}').innerText`)
  const inView = () => tab.read(`document.querySelector('.api:not([hidden])').id`)
  const lookAt = async (api: string) => {
    await tab.click(`[data-tab="${api}"]`)
    await expect.poll(inView).toBe(api)
  }
  const answersOpen = () => tab.read(`document.querySelectorAll('#chatads .answer[open]').length`)
  const marksOf = (api: string) => tab.read(`document.querySelectorAll('#${api} .mark.yes:not([hidden])').length`)

  test('nothing is wider than the screen, and each command line is seen whole', async () => {
    expect(await tab.read('document.documentElement.scrollWidth')).toBe(PHONE.width)
    expect(await tab.read(`[...document.querySelectorAll('#chatads pre')].filter((pre) => pre.scrollWidth > pre.clientWidth).length`)).toBe(0)
  })

  test('what Copy takes is the command, to the letter', async () => {
    const shown = (await tab.read(`[...document.querySelectorAll('.curl code')].map((code) => code.textContent)`)) as string[]
    const commands = playground.description.apis.flatMap((api) => api.recipes.map(({ curl }) => curl))
    expect(shown.toSorted()).toEqual(commands.toSorted())
  })

  test('of a command line stands out what a call that succeeds does not have', async () => {
    const telling = (recipe: string) => tab.read(`[...document.getElementById('${recipe}').querySelectorAll('.telling')].map((part) => part.textContent)`)
    expect(await telling('chatads/malformed-json')).toEqual([expect.stringMatching(/^-d '\{"message":/)])
    expect(await telling('chatads/daily-limit')).toEqual([expect.stringMatching(/^-H 'x-api-key: cak_PlaygroundDaily/)])
    expect(await telling('chatads/success')).toEqual([])
  })

  test('an answer that Run has opened folds, and opens again', async () => {
    await tab.click('#chatads .run')
    await expect.poll(answersOpen).toBe(1)
    // However far one has read, the line that folds it stands below the tabs.
    const gap = await tab.read(`(() => {
      document.querySelector('#chatads .answer[open] .reply').scrollIntoView({ block: 'start' })
      scrollBy(0, 60)
      return document.querySelector('#chatads .answer[open] > summary').getBoundingClientRect().top - document.querySelector('.side').getBoundingClientRect().bottom
    })()`)
    expect(Math.abs(Number(gap))).toBeLessThan(15)
    await tab.click('#chatads .answer[open] > summary')
    expect(await answersOpen()).toBe(0)
    await tab.click('#chatads .answer:not([hidden]) > summary')
    expect(await answersOpen()).toBe(1)
  })

  test('all that can be pressed has room for a finger', async () => {
    await tab.click('#chatads .accounts > summary')
    await expect.poll(() => tab.read(`document.querySelectorAll('#chatads .key .copy').length`)).toBeGreaterThan(0)
    const small = await tab.read(`[...document.querySelectorAll('a, button, summary, input')]
      .filter((each) => each.checkVisibility())
      .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
      .filter(([, { width, height }]) => width < 44 || height < 44)
      .map(([html, { width, height }]) => [html, width, height])`)
    expect(small).toEqual([])
  })

  test('one press runs all codes of an API, whatever is looked at meanwhile, and every result stays', async () => {
    await lookAt('chatads')
    await tab.click('[data-run-all="chatads"]')
    await lookAt('jogg')
    await expect.poll(() => textOf('[data-tab="chatads"] .count')).toBe(tallies[list.indexOf(apis.chatads)])
    expect(await inView()).toBe('jogg')
    expect(await marksOf('chatads')).toBe(apis.chatads.recipes.length)
  })

  // In real time, a minute long.
  test.runIf(isProving)('one press runs the codes of all APIs: one total says so, whatever is looked at meanwhile, and every result stays', async () => {
    await tab.click('[data-run-all=""]')
    await expect.poll(() => textOf('.total .run-all')).toBe('Stop')
    await lookAt('jogg')
    await expect.poll(() => textOf('.total .run-all'), { timeout: 600_000, interval: 500 }).toBe(`Run all ${total} codes`)
    expect(await textOf('.total p')).toBe(`${total} of ${total}\nas documented`)
    expect(await tab.read(`[...document.querySelectorAll('.side .count')].map((count) => count.innerText)`)).toEqual(tallies)
    expect(await inView()).toBe('jogg')
    await lookAt('chatads')
    for (const { contract, recipes } of list) expect(await marksOf(contract.name)).toBe(recipes.length)
  })

  test('an API that is run while another is looked at goes on, and stops where it was started', async () => {
    await lookAt('nexalayer')
    await tab.click('[data-run-all="nexalayer"]')
    await lookAt('jogg')
    expect(await textOf('[data-run-all="jogg"]')).toBe('Run all')
    await lookAt('nexalayer')
    await tab.click('[data-run-all="nexalayer"]')
    await expect.poll(() => textOf('[data-run-all="nexalayer"]')).toBe('Run all')
    expect(await marksOf('chatads')).toBe(apis.chatads.recipes.length)
  })

  test('one press begins with all APIs, the next one stops them, and what has been run is in the total', async () => {
    await tab.click('[data-run-all=""]')
    await expect.poll(() => textOf('.total .run-all')).toBe('Stop')
    await expect.poll(() => textOf('.total p')).toMatch(/^[1-9]\d* of \d+/)
    await tab.click('[data-run-all=""]')
    await expect.poll(() => textOf('.total .run-all')).toBe(`Run all ${total} codes`)
  })
})
