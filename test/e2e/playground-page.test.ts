/** What the playground shows: the page, the JSON, the lines in the terminal. */
import { createPlayground, recipeBooks } from '@tollgate/example-playground'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorld, NOON } from './playground-world.ts'
import type { World } from './playground-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test('the JSON has every recipe with its request, its curl line and what to expect', async () => {
  const answer = await fetch(`${world.playground.url}/playground`)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const { apis } = (await answer.json()) as { apis: { recipes: { id: string; curl: string }[] }[] }
  expect(apis.map(({ recipes }) => recipes.map(({ id }) => id))).toEqual(recipeBooks.map(({ recipes }) => recipes.map(({ id }) => id)))
  expect(apis[0]?.recipes.find(({ id }) => id === 'daily-limit')).toMatchObject({
    curl: expect.stringContaining(`curl -i ${world.playground.url}/chatads/v1/chatads/messages -H 'x-api-key: cak_PlaygroundDaily`),
    expect: { status: 429, code: 'DAILY_QUOTA_EXCEEDED', message: "Daily request limit exceeded. You've used 120 of 100 requests for today.", retry: 'never', action: 'wait_for_reset' },
  })
})

test('the page shows every recipe, allows only its own style and script, and does not tell the admin token', async () => {
  const answer = await fetch(world.playground.url)
  const page = await answer.text()
  for (const { recipes } of recipeBooks) for (const { id } of recipes) expect(page).toContain(`data-run="${id}"`)
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; connect-src 'self';/)
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!docs\.)/)
  expect(page).not.toContain(world.playground.adminToken)
})

test('paths that are nobody’s are answered as a problem', async () => {
  const answer = await fetch(`${world.playground.url}/nothing`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
})

test('samples that are at their daily limit are so again after midnight', async () => {
  const other = await createWorld(NOON)
  other.clock.advance(12 * 3_600_000)
  const key = recipeBooks[0]?.recipes.find(({ id }) => id === 'daily-limit')?.request
  await expect.poll(async () => key && (await other.call(key)).status).toBe(429)
  await other.close()
})

test('a port that is taken is a clear sentence', async () => {
  const taken = world.playground.gateway.port
  await expect(createPlayground({ port: taken })).rejects.toThrow(new RegExp(`\\b${taken}\\b`))
})
