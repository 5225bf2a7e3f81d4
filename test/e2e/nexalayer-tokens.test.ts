/** Tokens of NexaLayer: given for key and secret, good for an hour, refreshed before that; and secrets that change without a gap. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createWorld } from './nexalayer-world.ts'
import type { Caller, Received, World } from './nexalayer-world.ts'

const HOUR_MS = 3_600_000
const SECRET = 'as_secret_of_the_key_with_tokens'

let world: World
let caller: Caller
let key: string
beforeEach(async () => {
  world = await createWorld()
  caller = await world.addCaller('100.00')
  key = await caller.addKey({ tokenSecret: SECRET })
})
afterEach(() => world.close())

const codeOf = ({ status, body }: Received) => `${status} ${body.error?.code ?? 'OK'}`
const ask = (api_secret: unknown, api_key: unknown = key) => world.send('POST', '/auth/token', { body: { api_key, api_secret } })
const tokenIn = ({ body }: Received) => String(body.data?.['token'])
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const account = (token: string) => world.send('GET', '/account', bearer(token))
const refresh = (token: string) => world.send('POST', '/auth/refresh', bearer(token))

test('a token is as good as its key: account, key, scopes, and one window for both', async () => {
  const token = tokenIn(await ask(SECRET))
  const answer = await account(token)
  expect(answer.body.data).toMatchObject({ account_id: caller.id, key_id: `key_2_of_${caller.id}`, scopes: ['admin'] })
  expect(answer.headers.get('x-ratelimit-remaining')).toBe('1199')
  expect((await world.send('GET', '/account', { key })).headers.get('x-ratelimit-remaining')).toBe('1198')
  const bought = await world.send('POST', '/sessions', { ...bearer(token), body: { type: 'dynamic', config: { product_no: 'DYN-DC-01', traffic_gb: 1 } } })
  expect(codeOf(bought)).toBe('201 OK')
})

test('a token of a key that may only read may only read', async () => {
  const reader = await caller.addKey({ scopes: ['read'], tokenSecret: SECRET })
  const token = tokenIn(await ask(SECRET, reader))
  expect(codeOf(await account(token))).toBe('200 OK')
  const refused = await world.send('POST', '/sessions', { ...bearer(token), body: {} })
  expect([codeOf(refused), refused.body.error?.details]).toEqual(['403 AUTH_INSUFFICIENT_PERMISSION', { required_scope: 'write' }])
})

test('a token expires after its hour, to the second, and says so', async () => {
  const token = tokenIn(await ask(SECRET))
  world.clock.advance(HOUR_MS - 1)
  expect(codeOf(await account(token))).toBe('200 OK')
  world.clock.advance(1)
  const expired = await account(token)
  expect([codeOf(expired), expired.body.error]).toEqual(['401 AUTH_EXPIRED_TOKEN', { code: 'AUTH_EXPIRED_TOKEN', message: 'JWT expired', details: { expired_at: '2026-03-10T13:00:00Z' } }])
  expect(expired.headers.get('www-authenticate')).toBe('Bearer realm="nexalayer", error="invalid_token"')
  expect(codeOf(await refresh(token))).toBe('401 AUTH_EXPIRED_TOKEN')
  // The way out that the page names.
  expect(codeOf(await account(tokenIn(await ask(SECRET))))).toBe('200 OK')
})

test('a refreshed token lives on after the first has expired', async () => {
  const first = tokenIn(await ask(SECRET))
  world.clock.advance(HOUR_MS / 2)
  const refreshed = await refresh(first)
  expect(refreshed.body.data).toEqual({ token: expect.any(String), expires_in: 3_600 })
  world.clock.advance(HOUR_MS / 2)
  expect([codeOf(await account(first)), codeOf(await account(tokenIn(refreshed)))]).toEqual(['401 AUTH_EXPIRED_TOKEN', '200 OK'])
})

test('a key is not refreshed', async () => {
  expect(codeOf(await world.send('POST', '/auth/refresh', { key }))).toBe('401 AUTH_INVALID_KEY')
})

test('a rotated secret is good at once, the one before for a day, and the key is not touched', async () => {
  const before = tokenIn(await ask(SECRET))
  const rotated = await world.send('POST', '/account/rotate-secret', { key })
  expect(rotated.body.data).toEqual({ api_secret: expect.stringMatching(/^as_[\dA-Za-z]{38}$/), previous_valid_until: '2026-03-11T12:00:00Z' })
  const secret = String(rotated.body.data?.['api_secret'])
  expect([codeOf(await ask(secret)), codeOf(await ask(SECRET)), codeOf(await account(before))]).toEqual(['200 OK', '200 OK', '200 OK'])
  world.clock.advance(24 * HOUR_MS - 1)
  expect(codeOf(await ask(SECRET))).toBe('200 OK')
  world.clock.advance(1)
  expect([codeOf(await ask(SECRET)), codeOf(await ask(secret))]).toEqual(['401 AUTH_INVALID_KEY', '200 OK'])
  expect(codeOf(await world.send('GET', '/account', { key }))).toBe('200 OK')
})

test('a secret is rotated with a token too, if its key may', async () => {
  expect(codeOf(await world.send('POST', '/account/rotate-secret', bearer(tokenIn(await ask(SECRET)))))).toBe('200 OK')
  const writer = await caller.addKey({ scopes: ['read', 'write'] })
  expect(codeOf(await world.send('POST', '/account/rotate-secret', { key: writer }))).toBe('403 AUTH_INSUFFICIENT_PERMISSION')
})

test('wrong key, wrong secret and a key without one get the same answer', async () => {
  const without = await caller.addKey()
  const answers = [await ask('as_wrong_secret_of_nobody'), await ask(SECRET, 'ak_key_of_nobody_at_all'), await ask(SECRET, without), await ask(SECRET, caller.key)]
  for (const answer of answers) expect([codeOf(answer), answer.body.error]).toEqual(['401 AUTH_INVALID_KEY', { code: 'AUTH_INVALID_KEY', message: 'Invalid API Key', details: {} }])
})

test.each([
  [{ api_key: 'ak_x' }, 'api_secret', 'is required'],
  [{ api_secret: 'as_x' }, 'api_key', 'is required'],
  [{ api_key: 7, api_secret: 'as_x' }, 'api_key', 'must be a text'],
])('%j is a bad request', async (body, field, issue) => {
  const answer = await world.send('POST', '/auth/token', { body })
  expect([codeOf(answer), answer.body.error?.details]).toEqual(['400 INVALID_REQUEST', { field, issue }])
})

test('what becomes of the key becomes of its tokens', async () => {
  const token = tokenIn(await ask(SECRET))
  const { directory } = world.playground.gateway
  await directory.updateAccount(caller.id, (row) => ({ ...row, status: 'disabled' }))
  expect([codeOf(await account(token)), codeOf(await ask(SECRET))]).toEqual(['403 ACCOUNT_DISABLED', '403 ACCOUNT_DISABLED'])
  await directory.updateAccount(caller.id, (row) => ({ ...row, status: 'active' }))
  expect(codeOf(await account(token))).toBe('200 OK')
  await directory.updateKey(`key_2_of_${caller.id}`, (row) => ({ ...row, status: 'revoked', revokedAtMs: world.clock.wallMs() }))
  expect([codeOf(await account(token)), codeOf(await ask(SECRET))]).toEqual(['401 AUTH_INVALID_KEY', '401 AUTH_INVALID_KEY'])
  // Not "expired": that would send its holder for a new one, which there is none.
  world.clock.advance(HOUR_MS)
  expect(codeOf(await account(token))).toBe('401 AUTH_INVALID_KEY')
})

test('a token that was changed, or stands in the wrong place, is invalid', async () => {
  const token = tokenIn(await ask(SECRET))
  const [head = '', claims = '', signature = ''] = token.split('.')
  const written = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forged = [
    `${head}.${encoded({ ...written, scope: '*' })}.${signature}`,
    `${encoded({ alg: 'none', typ: 'JWT' })}.${claims}.`,
    `${head}.${claims}.${'A'.repeat(signature.length)}`,
    `${head}.${claims}`,
    key,
  ]
  for (const each of forged) expect(codeOf(await account(each))).toBe('401 AUTH_INVALID_KEY')
  expect(codeOf(await world.send('GET', '/account', { key: token }))).toBe('401 AUTH_INVALID_KEY')
})
