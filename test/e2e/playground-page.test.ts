/** What the playground shows: the page, the JSON, the lines in the terminal. */
import { apis, chatadsKeys, createPlayground } from '@tollgate/example-playground'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld } from './playground-world.ts'
import type { World } from './playground-world.ts'

const list = Object.values(apis)

let world: World
beforeAll(async () => {
  world = await createWorld({ whole: true })
})
afterAll(() => world.close())

test('the JSON has every recipe with its request, its curl line and what to expect', async () => {
  const answer = await fetch(`${world.playground.url}/playground`)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const shown = (await answer.json()) as { apis: { name: string; codes: unknown[]; recipes: { id: string; curl: string }[] }[] }
  expect(shown.apis.map(({ recipes }) => recipes.map(({ id }) => id))).toEqual(list.map(({ recipes }) => recipes.map(({ id }) => id)))
  const chatads = shown.apis.find(({ name }) => name === 'chatads')
  expect(chatads?.codes).toHaveLength(9)
  expect(chatads?.recipes.find(({ id }) => id === 'daily-limit')).toMatchObject({
    curl: expect.stringContaining(`curl -i ${world.playground.url}/chatads/v1/chatads/messages -H 'x-api-key: cak_PlaygroundDaily`),
    expect: { status: 429, code: 'DAILY_QUOTA_EXCEEDED', message: "Daily request limit exceeded. You've used 120 of 100 requests for today.", retry: 'never', action: 'wait_for_reset' },
    account: { id: 'team_daily', name: 'Busy Today' },
  })
})

test('the page shows every recipe, allows only its own style and script, and does not tell the admin token', async () => {
  const answer = await fetch(world.playground.url)
  const page = await answer.text()
  for (const { contract, recipes } of list) for (const { id } of recipes) expect(page).toContain(`data-run="${contract.name}/${id}"`)
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self';/)
  const elsewhere = [...page.matchAll(/(?:src|href)="((?:https?:)?\/\/[^"]*)"/g)].map(([, address]) => address)
  expect(elsewhere).toEqual(list.flatMap(({ contract }) => contract.declaration.docs ?? []))
  expect(page).not.toContain(world.playground.adminToken)
})

test('the sample accounts of an API are shown as they stand now, after the calls that were made', async () => {
  await world.say(chatadsKeys.spare, { message: 'I need running shoes' })
  const answer = await fetch(`${world.playground.url}/playground/accounts/chatads`)
  const { accounts } = (await answer.json()) as { accounts: { id: string }[] }
  expect(accounts.find(({ id }) => id === 'team_everyday')).toEqual({
    id: 'team_everyday',
    name: 'Everyday Ltd',
    status: 'active',
    plan: 'pro',
    keys: expect.arrayContaining([
      { id: 'key_spare', secret: chatadsKeys.spare, status: 'active' },
      { id: 'key_revoked', secret: chatadsKeys.revoked, status: 'revoked' },
      { id: 'key_expired', secret: chatadsKeys.expired, status: 'expired' },
    ]),
    meters: [
      { name: 'burst', kind: 'window', used: 1, limit: 600, resetAt: '2026-03-10T12:01:00.000Z' },
      { name: 'daily', kind: 'quota', used: 1, limit: 5000, resetAt: '2026-03-11T00:00:00.000Z' },
      { name: 'monthly', kind: 'quota', used: 1, limit: 50_000, resetAt: '2026-04-01T00:00:00.000Z' },
    ],
  })
})

test('the accounts of an API that is not there are not found', async () => {
  expect((await fetch(`${world.playground.url}/playground/accounts/nobody`)).status).toBe(404)
})

test('paths that are nobody’s are answered as a problem', async () => {
  const answer = await fetch(`${world.playground.url}/nothing`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})

test('samples that are at their daily limit are so again after midnight', async () => {
  const other = await createWorld()
  other.clock.advance(12 * 3_600_000)
  const daily = apis.chatads.recipes.find(({ id }) => id === 'daily-limit')?.request
  await expect.poll(async () => daily && (await other.call(daily)).status).toBe(429)
  await other.close()
})

test('a port that is taken is a clear sentence', async () => {
  const taken = world.playground.gateway.port
  await expect(createPlayground({ port: taken })).rejects.toThrow(new RegExp(`\\b${taken}\\b`))
})
