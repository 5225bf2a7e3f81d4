/** What JoggAI's videos cost, to the thousandth of a credit, however the call ends. At the end of each test the whole ledger is added up once more. */
import { createReceiver } from '@tollgate/example-parts/testing/receiver'
import { joggKeys } from '@tollgate/example-playground'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { wavHead } from '../../examples/jogg/test/wav.ts'
import { codeOf, createWorld, dataOf, scriptOf } from './jogg-world.ts'
import type { Studio, World } from './jogg-world.ts'

let world: World
let studio: Studio
beforeEach(async () => {
  world = await createWorld()
  studio = await world.addStudio('20')
})
afterEach(() => world.close())

test.each([
  [1, 1],
  [1_440, 1],
  [1_441, 2],
  [2_160, 2],
  [6_000, 5],
])('a script of %i characters costs %i credits', async (characters, credits) => {
  expect(codeOf(await world.order(studio.key, scriptOf(characters)))).toEqual([200, 0])
  expect(await studio.movements()).toEqual([`hold ${credits}000 request`, `settle ${credits}000 price`])
  expect(await studio.money()).toEqual({ available: 20_000 - credits * 1_000, held: 0 })
})

test('what a faster voice saves is given back', async () => {
  // 1441 characters are more than two minutes of the slowest voice, but one and a half of this one.
  await world.order(studio.key, { voice: { voice_id: 'en-US-JennyNeural', script: 'x'.repeat(1_441) } })
  expect(await studio.movements()).toEqual(['hold 2000 request', 'settle 1000 price', 'release 1000 price'])
})

test('the short form costs the same', async () => {
  const { key, movements } = await world.addStudio('1')
  const order = { avatar_id: 81, voice_id: 'en-GB-SoniaNeural', script: 'x'.repeat(1_440), aspect_ratio: 'portrait', screen_style: 1 }
  expect(codeOf(await world.send(key, 'POST', '/v2/create_video_from_avatar', order))).toEqual([200, 0])
  expect(await movements()).toEqual(['hold 1000 request', 'settle 1000 price'])
})

test('a recording holds what ten minutes cost, and three minutes of it cost 2.000', async () => {
  const receiver = await createReceiver()
  receiver.file = wavHead(180)
  const { video_id: id } = dataOf(await world.order(studio.key, { voice: { audio_url: receiver.url } }))
  expect(await studio.movements()).toEqual(['hold 5000 request', 'settle 2000 price', 'release 3000 price'])
  expect(dataOf(await world.send(studio.key, 'GET', `/v2/avatar_video/${String(id)}`))).toMatchObject({ duration_seconds: 180 })

  receiver.file = wavHead(601)
  const tooLong = await world.order(studio.key, { voice: { audio_url: receiver.url } })
  expect([tooLong.status, JSON.parse(tooLong.text)]).toEqual([400, { code: 40_000, msg: 'Parameter error: voice.audio_url must not last longer than 10 minutes', data: null }])
  expect(await studio.money()).toEqual({ available: 18_000, held: 0 })
  await receiver.close()
})

test.each<[string, object, readonly number[], string]>([
  ['an unknown avatar', { ...scriptOf(10), avatar: { avatar_id: 4_711 } }, [404, 10_104], 'resource.not_found'],
  ['an unknown voice', { voice: { voice_id: 'nobody', script: 'Hello' } }, [404, 10_104], 'resource.not_found'],
  ['a webhook on the inside', { ...scriptOf(10), webhook_url: 'https://10.0.0.1/' }, [400, 40_000], 'request.invalid'],
])('%s costs nothing: what was held is given back', async (_, fields, code, reason) => {
  expect(codeOf(await world.order(studio.key, fields))).toEqual(code)
  expect(await studio.movements()).toEqual(['hold 1000 request', `release 1000 refused: ${reason}`])
  expect(await studio.money()).toEqual({ available: 20_000, held: 0 })
})

test('50000 rolls the deduction back', async () => {
  const { money, movements } = world.purseOf('studio_corrupt')
  const broken = await world.order(joggKeys.corruptShelf, { voice: { voice_id: 'custom_first_take', script: 'Hello' } })
  expect(codeOf(broken)).toEqual([500, 50_000])
  expect(await movements()).toEqual(['hold 1000 request', 'release 1000 refused: upstream.failed'])
  expect(await money()).toEqual({ available: 5_000, held: 0 })
  // What broke is in the log, and nothing of it in the answer.
  expect(world.logged.join('')).toContain('SyntaxError')
  expect(broken.text).toBe('{"code":50000,"msg":"System error","data":null}')
})

test('a service that cannot be reached is 50000, and costs nothing', async () => {
  await world.playground.services.jogg.close()
  expect(codeOf(await world.order(studio.key, scriptOf(10)))).toEqual([500, 50_000])
  expect(await studio.money()).toEqual({ available: 20_000, held: 0 })
})

test('an invalid order holds nothing', async () => {
  expect(codeOf(await world.order(studio.key, scriptOf(6_001)))).toEqual([400, 40_000])
  expect(await studio.movements()).toEqual([])
})

test('a video that fails stays paid for: its credits were due with the order', async () => {
  const { video_id: id } = dataOf(await world.order(studio.key, { ...scriptOf(10), avatar: { avatar_id: 140 } }))
  await world.untilTrue(async () => expect(dataOf(await world.send(studio.key, 'GET', `/v2/avatar_video/${String(id)}`))).toMatchObject({ status: 'failed' }))
  expect(await studio.money()).toEqual({ available: 19_000, held: 0 })
})

test('the quota that remains is the balance of the account, whichever key asks', async () => {
  const { key, addKey } = await world.addStudio('2.5')
  const remaining = async (which: string) => dataOf(await world.send(which, 'GET', '/v2/user/remaining_quota'))
  const second = await addKey()
  await world.order(key, scriptOf(10))
  expect([await remaining(key), await remaining(second)]).toEqual([{ remaining_quota: 1.5 }, { remaining_quota: 1.5 }])
})

test('exactly the price is enough, a thousandth less is not', async () => {
  const [enough, less] = [await world.addStudio('2'), await world.addStudio('1.999')]
  expect(codeOf(await world.order(enough.key, scriptOf(1_441)))).toEqual([200, 0])
  expect(await enough.money()).toEqual({ available: 0, held: 0 })
  expect(codeOf(await world.order(less.key, scriptOf(1_441)))).toEqual([402, 18_020])
  expect([await less.money(), await less.movements()]).toEqual([{ available: 1_999, held: 0 }, []])
})
