import { expect, test } from 'vitest'
import { apis } from '../apis.ts'
import { describePlayground } from '../description.ts'
import { callCount, createMix } from './mix.ts'
import { sendTraffic } from './send-traffic.ts'
import { createTally } from './tally.ts'
import { parseTrafficOptions } from './traffic-options.ts'

const described = describePlayground('http://127.0.0.1:8080', 'http://127.0.0.1:9090', Object.values(apis))

test('the same seed gives the same calls, another seed others', () => {
  const firstOf = (seed: number) => {
    const next = createMix(described.apis, seed)
    return Array.from({ length: 50 }, () => next().item)
  }
  expect(firstOf(7)).toEqual(firstOf(7))
  expect(firstOf(7)).not.toEqual(firstOf(8))
})

test('calls come about as often as their weights say', () => {
  const item = (weight: number, recipe: string) => ({ weight, recipe, before: [], request: { method: 'GET', path: '/', headers: {} }, repeat: 1, parallel: 1 })
  const next = createMix([{ name: 'one', traffic: [item(3, 'often'), item(1, 'seldom'), item(0, 'never')] }], 1)
  const drawn = Array.from({ length: 4_000 }, () => next().item.recipe)
  const share = (name: string) => drawn.filter((recipe) => recipe === name).length / drawn.length
  expect(share('often')).toBeCloseTo(0.75, 1)
  expect(share('never')).toBe(0)
})

test('an item counts as all the calls that it makes', () => {
  const burst = described.apis[0]?.traffic.find(({ recipe }) => recipe === 'burst')
  expect(burst && callCount(burst)).toBe(2)
})

test('only this machine gets traffic, unless it is allowed to go elsewhere', () => {
  for (const url of ['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1']) expect(parseTrafficOptions(['--url', url], 1)).toMatchObject({ kind: 'send', options: { url } })
  for (const url of ['http://example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1']) expect(parseTrafficOptions(['--url', url], 1)).toMatchObject({ kind: 'wrong' })
  expect(parseTrafficOptions(['--url', 'http://example.com', '--allow-remote'], 1)).toMatchObject({ kind: 'send' })
})

test.each([['--rate', '0'], ['--rate', 'fast'], ['--seconds', '-1'], ['--seed', 'x'], ['--url', 'here'], ['--nope', '1']])('%s %s is an error that names it', (option, value) => {
  expect(parseTrafficOptions([`${option}=${value}`], 1)).toMatchObject({ kind: 'wrong', message: expect.stringContaining(option) })
})

test('calls that get no answer are counted as such, and a stop ends the sending', async () => {
  const tally = createTally()
  const stop = new AbortController()
  const failed = { ...tally, fail: (api: string) => (tally.fail(api), stop.abort()) }
  // Nobody listens on port 1.
  await sendTraffic({ description: described, options: { url: 'http://127.0.0.1:1', seconds: 60, rate: 1_000, seed: 1 }, tally: failed, stop: stop.signal })
  expect(tally.failures).toBeGreaterThan(0)
  expect(tally.summary()).toContain('no answer')
})

test('the summary groups by API, status and code', () => {
  const tally = createTally()
  for (const code of ['B', 'A', 'B']) tally.count('two', 429, code)
  tally.count('one', 200, undefined)
  expect(tally.summary()).toBe('  one\n      1  200\n\n  two\n      2  429  B\n      1  429  A')
  expect(tally.statusLine()).toBe('1 × 200, 3 × 429')
})
