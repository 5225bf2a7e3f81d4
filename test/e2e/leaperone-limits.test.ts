/** How often LEAPERone may be called, by whom, and what its headers say about it. */
import { leaperoneKeys } from '@tollgate/example-playground'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './leaperone-world.ts'
import type { Caller, Received, World } from './leaperone-world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const statuses = (answers: readonly Received[]) => answers.map(({ status }) => status)
const chat = (key: string) => world.chat(key, 'Hello')
const balance = (key: string) => world.send(key, 'GET', '/v1/cli/credits/balance')

/** `remaining of limit`. */
function rateOf({ headers }: Received): string {
  return `${headers.get('x-ratelimit-remaining')} of ${headers.get('x-ratelimit-limit')}`
}

async function times(count: number, call: () => Promise<Received>): Promise<readonly Received[]> {
  const answers: Received[] = []
  for (let at = 0; at < count; at += 1) answers.push(await call())
  return answers
}

test('two keys of one user share a window; another user of the account has their own', async () => {
  const caller = await world.addCaller('1', { plan: 'free' })
  const [second, colleague] = [await caller.addKey(), await caller.addKey({ userId: 'colleague' })]
  expect(statuses(await times(3, () => chat(caller.key)))).toEqual([200, 200, 200])
  expect(statuses(await times(3, () => chat(second)))).toEqual([200, 200, 429])
  expect(statuses(await times(1, () => chat(caller.key)))).toEqual([429])
  expect(rateOf(await chat(colleague))).toBe('4 of 5')
})

test('users of different accounts do not share, though they may have the same name', async () => {
  const [one, other] = [await world.addCaller('1', { plan: 'free' }), await world.addCaller('1', { plan: 'free' })]
  expect(statuses(await times(6, () => chat(one.key))).at(-1)).toBe(429)
  expect(rateOf(await chat(other.key))).toBe('4 of 5')
})

test('chats, images, recordings and the rest are counted apart', async () => {
  const { key } = await world.addCaller('10', { plan: 'free' })
  const form = () => {
    const data = new FormData()
    data.append('model', 'whisper-1')
    return data
  }
  const transcribe = () => world.send(key, 'POST', '/v1/audio/transcriptions', form())
  expect(statuses(await times(6, () => chat(key)))).toEqual([200, 200, 200, 200, 200, 429])
  expect(statuses(await times(3, () => world.order(key, 'A harbour')))).toEqual([200, 200, 429])
  expect(statuses(await times(3, transcribe))).toEqual([400, 400, 429])
  expect(rateOf(await balance(key))).toBe('59 of 60')
})

test.each([
  ['free', 5, 2, 2],
  ['starter', 20, 5, 5],
  ['standard', 40, 10, 10],
  ['pro', 60, 20, 10],
  ['business', 100, 30, 20],
  ['enterprise', 200, 60, 30],
])('the plan %s has %d chats, %d images and %d recordings a minute', async (plan, chats, images, recordings) => {
  const { key } = await world.addCaller('10', { plan })
  const limitOf = ({ headers }: Received) => Number(headers.get('x-ratelimit-limit'))
  expect([await chat(key), await world.order(key, 'A harbour'), await world.send(key, 'POST', '/v1/audio/transcriptions')].map(limitOf)).toEqual([chats, images, recordings])
})

test('a new plan holds from the next call on', async () => {
  const { id, key } = await world.addCaller('1', { plan: 'free' })
  expect(statuses(await times(6, () => chat(key))).at(-1)).toBe(429)
  await world.playground.gateway.directory.updateAccount(id, (account) => ({ ...account, plan: 'starter' }))
  expect(rateOf(await chat(key))).toBe('14 of 20')
})

test('a key with a lower limit is refused alone, and what it was refused counts for nobody', async () => {
  const caller = await world.addCaller('1')
  const slow = await caller.addKey({ limits: { key: 2 } })
  const answers = await times(4, () => chat(slow))
  expect(answers.map((answer) => `${answer.status} ${rateOf(answer)}`)).toEqual(['200 1 of 2', '200 0 of 2', '429 0 of 2', '429 0 of 2'])
  // It counts all kinds of calls together.
  expect((await balance(slow)).status).toBe(429)
  expect(rateOf(await chat(caller.key))).toBe('197 of 200')
})

test('a window slides: the earliest call leaves it after sixty seconds, to the millisecond, and Retry-After says when', async () => {
  const { key } = await world.addCaller('1', { limits: { chat: 2 } })
  expect((await chat(key)).status).toBe(200)
  world.clock.advance(10_000)
  expect((await chat(key)).status).toBe(200)
  world.clock.advance(20_500)
  const refused = await chat(key)
  expect([refused.status, refused.headers.get('retry-after'), rateOf(refused)]).toEqual([429, '30', '0 of 2'])
  world.clock.advance(29_499)
  expect([(await chat(key)).headers.get('retry-after')]).toEqual(['1'])
  world.clock.advance(1)
  expect(statuses(await times(2, () => chat(key)))).toEqual([200, 429])
})

test('of many calls at once exactly the limit is let through', async () => {
  const caller = await world.addCaller('1', { plan: 'free' })
  const other = await caller.addKey()
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => chat(at % 2 === 0 ? caller.key : other)))
  expect(statuses(answers).toSorted()).toEqual([...Array.from({ length: 5 }, () => 200), ...Array.from({ length: 25 }, () => 429)])
})

test('every response tells the limit, what remains of it and when it is whole again', async () => {
  const { key } = await world.addCaller('1')
  const poor = await world.addCaller('0.000001')
  const answers: readonly (readonly [number, Received])[] = [
    [200, await chat(key)],
    [200, await balance(key)],
    [200, await world.send(undefined, 'GET', '/v1/models')],
    [200, await world.send(key, 'GET', '/v1/models/gpt-5')],
    [404, await world.send(undefined, 'GET', '/v1/models/gpt-2')],
    [400, await world.send(key, 'POST', '/v1/chat/completions', '{')],
    [401, await world.chat(undefined, 'Hello')],
    [401, await chat('sk-unknown-key-of-nobody')],
    [402, await chat(poor.key)],
    [404, await world.send(key, 'GET', '/v1/nothing')],
    [404, await world.send(undefined, 'GET', '/v1/nothing')],
    [404, await world.send(key, 'DELETE', '/v1/chat/completions')],
    [400, await world.send(key, 'GET', '/v1//models')],
    [404, await world.send(undefined, 'GET', '/media/img_0-0/image.svg')],
    [500, await world.chat(key, 'What is in the attic?')],
  ]
  expect(answers.map(([, { status }]) => status)).toEqual(answers.map(([status]) => status))
  for (const [, { headers }] of answers) {
    const figures = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'].map((name) => headers.get(name))
    expect(figures).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/), expect.stringMatching(/^17731440[06]0$/)])
  }
})

test('strangers have a window by their address, also where no key is asked for', async () => {
  const answers = await times(121, () => world.send(undefined, 'GET', '/v1/models'))
  expect(statuses(answers)).toEqual([...Array.from({ length: 120 }, () => 200), 429])
  expect((await world.chat(undefined, 'Hello')).status).toBe(429)
  const { key } = await world.addCaller('1')
  expect((await chat(key)).status).toBe(200)
})

test('checks come in this order: path, key, account, window, request, credit, work', async () => {
  const bad = { temperature: 3, model: 'gpt-5' }
  const all = { status: 'disabled', limits: { chat: 0 } } as const
  const callers: Readonly<Record<string, Caller>> = {
    account: await world.addCaller('0.001', all),
    window: await world.addCaller('0.001', { limits: { chat: 0 } }),
    credit: await world.addCaller('0.001'),
    work: await world.addCaller('1'),
  }
  const ask = (who: string, fields: object) => world.chat(callers[who]?.key, 'What is in the attic?', fields)
  expect((await world.send(undefined, 'POST', '/v1/chats', bad)).status).toBe(404)
  expect((await world.chat(undefined, 'Hello', bad)).status).toBe(401)
  expect((await ask('account', bad)).status).toBe(401)
  expect((await ask('window', bad)).status).toBe(429)
  expect((await ask('credit', bad)).status).toBe(400)
  expect((await ask('credit', { model: 'gpt-5' })).status).toBe(402)
  expect((await ask('work', { model: 'gpt-5' })).status).toBe(500)
})

test('the page shows the limits of the sample accounts, and none where nothing limits', async () => {
  await world.chat(leaperoneKeys.valid, 'Hello')
  const answer = await fetch(`${world.playground.url}/playground/accounts/leaperone`)
  const { accounts } = (await answer.json()) as { accounts: { id: string; meters: { name: string; used?: number; limit?: number }[] }[] }
  const { meters = [] } = accounts.find(({ id }) => id === 'leaper_studio') ?? {}
  const shown = (meter: string) => meters.filter(({ name }) => name === meter).map(({ used, limit }) => `${used} of ${limit}`).toSorted()
  expect([shown('chat'), shown('key')]).toEqual([['0 of 200', '1 of 200'], ['0 of 1']])
})

test('the key may come in either header, and Authorization has the first word', async () => {
  const { key } = await world.addCaller('1')
  const send = async (headers: Record<string, string>) => (await fetch(`${world.playground.url}/leaperone/v1/cli/credits/balance`, { headers })).status
  expect(await send({ 'X-API-Key': key })).toBe(200)
  expect(await send({ authorization: `bearer ${key}` })).toBe(200)
  expect(await send({ authorization: '', 'x-api-key': key })).toBe(200)
  expect(await send({ authorization: 'Bearer ' })).toBe(401)
})

test('a suspension ends at its time', async () => {
  const { key } = await world.addCaller('1', { status: 'suspended', suspendedUntilMs: world.clock.wallMs() + 60_000 })
  expect((await chat(key)).status).toBe(401)
  world.clock.advance(60_000)
  expect((await chat(key)).status).toBe(200)
})
