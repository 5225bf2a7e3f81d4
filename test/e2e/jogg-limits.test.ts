/** JoggAI's twenty POST a minute for each key, and what else holds for every answer: three keys in the body, whatever was asked. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { codeOf, createWorld, rateOf, scriptOf } from './jogg-world.ts'
import type { Received, Studio, World } from './jogg-world.ts'
import { NOON } from './playground-world.ts'

const NOON_SECONDS = NOON / 1000
const LIMIT = 20

let world: World
let studio: Studio
beforeEach(async () => {
  world = await createWorld()
  studio = await world.addStudio('100')
})
afterEach(() => world.close())

const valid = (key: string) => world.order(key, scriptOf(10))
const invalid = (key: string) => world.order(key, {})

function times(count: number, send: () => Promise<Received>): Promise<readonly Received[]> {
  return Promise.all(Array.from({ length: count }, send))
}

test('two keys share the credits of their account, but not the twenty POST a minute', async () => {
  const second = await studio.addKey()
  for (const key of [studio.key, second]) {
    const answers = await times(LIMIT + 1, () => valid(key))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: LIMIT }, () => 200), 429])
  }
  expect(await studio.money()).toEqual({ available: 60_000, held: 0 })
})

test('a POST that is invalid counts, one that cannot be paid for counts, one that is refused for the limit does not', async () => {
  const { key } = await world.addStudio('5')
  const first = [...(await times(5, () => valid(key))), ...(await times(10, () => invalid(key))), ...(await times(5, () => valid(key)))]
  expect(first.map((answer) => codeOf(answer)[1])).toEqual([...Array.from({ length: 5 }, () => 0), ...Array.from({ length: 10 }, () => 40_000), ...Array.from({ length: 5 }, () => 18_020)])
  world.clock.advance(30_000)
  for (const refused of await times(5, () => invalid(key))) {
    expect([refused.status, refused.headers.get('retry-after'), rateOf(refused)]).toEqual([429, '30', [LIMIT, 0, NOON_SECONDS + 60]])
  }
  // The twenty have left the window. If the refused had counted, only fifteen would be free.
  world.clock.advance(30_000)
  expect((await times(LIMIT + 1, () => invalid(key))).map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: LIMIT }, () => 400), 429])
})

test('both kinds of POST count together, and each says how many are left', async () => {
  const endpoint = { url: 'https://hooks.studio.example/jogg', events: ['generated_avatar_video_success'] }
  expect(rateOf(await valid(studio.key))).toEqual([LIMIT, 19, NOON_SECONDS + 60])
  expect(rateOf(await world.send(studio.key, 'POST', '/v2/endpoint', endpoint))).toEqual([LIMIT, 18, NOON_SECONDS + 60])
  expect(rateOf(await world.send(studio.key, 'POST', '/v2/endpoint', {}))).toEqual([LIMIT, 17, NOON_SECONDS + 60])
})

test('GET is never limited, nor is DELETE, not even for a key whose POST are', async () => {
  await times(LIMIT, () => invalid(studio.key))
  expect(codeOf(await valid(studio.key))).toEqual([429, 429])
  const answers = await times(100, () => world.send(studio.key, 'GET', '/v2/voices'))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ headers }) => headers.get('x-ratelimit-limit')))).toEqual(new Set([null]))
  expect(codeOf(await world.send(studio.key, 'DELETE', '/v2/endpoint/wh_1'))).toEqual([404, 10_104])
})

test('of 200 POST at once exactly those are admitted that limit and credits allow', async () => {
  const { key, addKey, money } = await world.addStudio('50')
  const keys = [key, await addKey(), await addKey(), await addKey()]
  const answers = await Promise.all(keys.flatMap((each) => Array.from({ length: 50 }, () => valid(each))))
  const counts = new Map<number, number>()
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1)
  // Four keys of twenty each may pass; fifty of these can be paid for.
  expect(Object.fromEntries(counts)).toEqual({ 200: 50, 402: 30, 429: 120 })
  expect(await money()).toEqual({ available: 0, held: 0 })
})

// The three keys are held against every answer by the world itself.
test.each<[string, string, string, readonly number[], string?]>([
  ['an unknown path', 'GET', '/v2/nothing', [404, 10_104]],
  ['the mount itself', 'GET', '', [404, 10_104]],
  ['a slash too many', 'GET', '/v2/voices/', [404, 10_104]],
  ['an encoded slash', 'GET', '/v2%2Fvoices', [400, 40_000]],
  ['an encoded dot segment', 'GET', '/v2/%2e%2e/voices', [404, 10_104]],
  ['a broken escape', 'GET', '/v2/%zz', [400, 40_000]],
  ['a wrong method', 'DELETE', '/v2/voices', [405, 40_000]],
  ['a method for nothing here', 'PATCH', '/v2/create_video_from_avatar', [405, 40_000]],
  ['a body that is no object', 'POST', '/v2/create_video_from_avatar', [400, 40_000], '[]'],
  ['a body that is too large', 'POST', '/v2/create_video_from_avatar', [400, 40_000], JSON.stringify({ script: 'x'.repeat(70_000) })],
  ['JSON that is nested without end', 'POST', '/v2/endpoint', [400, 40_000], '['.repeat(20_000)],
])('%s is answered in the same three keys', async (_, method, path, code, body) => {
  expect(codeOf(await world.send(studio.key, method, path, body))).toEqual(code)
})

test('a media type that is not JSON is a parameter error', async () => {
  const headers = { 'x-api-key': studio.key, 'content-type': 'text/plain' }
  const answer = await fetch(`${world.playground.url}/jogg/v2/endpoint`, { method: 'POST', headers, body: '{}' })
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 40_000, data: null }])
})

test('maintenance and overload are system errors', async () => {
  const { directory } = world.playground.gateway
  for (const switches of [{ maintenance: { on: true } }, { overload: { on: true } }]) {
    await directory.updateSwitches('jogg', () => switches)
    expect(codeOf(await valid(studio.key))).toEqual([500, 50_000])
  }
  await directory.updateSwitches('jogg', () => ({}))
  expect(codeOf(await valid(studio.key))).toEqual([200, 0])
})
