/** Tokens through the whole program: key and secret → token → calls → a new token, a new secret. */
import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { createService, KEY, SECRET, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'

const START_MS = Date.UTC(2026, 10, 21, 12)
const HOUR_MS = 3_600_000

interface Told {
  readonly status: number
  readonly data: Record<string, unknown>
  readonly code: unknown
}

async function told(answering: Promise<Response>): Promise<Told> {
  const answer = await answering
  const { data, error } = (await answer.json()) as { readonly data?: Record<string, unknown> | null; readonly error?: { readonly code: unknown } | null }
  return { status: answer.status, data: data ?? {}, code: error?.code }
}

const issue = (program: PaidProgram, secret = SECRET): Promise<Told> =>
  told(program.send('POST /v1/auth/token', { headers: { authorization: '' }, body: { api_key: KEY, api_secret: secret } }))
const bearing = (token: unknown) => ({ headers: { authorization: `Bearer ${String(token)}` } })

describe('a token', () => {
  it('is issued for key and secret, used in their place, refreshed while it is good, and expired after', async () => {
    const clock = createManualClock(START_MS)
    const program = await startPaid(await createService(), { clock })
    const { status, data } = await issue(program)
    expect({ status, data }).toEqual({ status: 200, data: { token: expect.any(String), expires_in: 3_600 } })
    const old = bearing(data['token'])
    expect((await program.send('POST /v1/work', old)).status).toBe(200)
    expect(program.service.seen[0]?.headers).toMatchObject({ 'tollgate-account': 'acme', 'tollgate-key': 'key_1', 'tollgate-scopes': 'read' })
    expect(program.service.seen[0]?.headers).not.toHaveProperty('authorization')

    clock.advance(HOUR_MS - 1)
    const refreshed = await told(program.send('POST /v1/auth/refresh', old))
    expect(refreshed.status).toBe(200)
    clock.advance(1)
    expect(await told(program.send('POST /v1/work', old))).toMatchObject({ status: 401, code: 'AUTH_EXPIRED_TOKEN' })
    expect((await told(program.send('POST /v1/auth/refresh', old))).status).toBe(401)
    expect((await program.send('POST /v1/work', bearing(refreshed.data['token']))).status).toBe(200)
  })

  it('is not issued for a wrong key or secret, and a forged one is not believed', async () => {
    const program = await startPaid(await createService())
    expect((await issue(program, 'as_another')).status).toBe(401)
    const { data } = await issue(program)
    const [head, claims] = String(data['token']).split('.')
    for (const forged of ['x', `${head}.${claims}.`, `${head}.${claims}.AAAA`, `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`]) {
      expect((await told(program.send('POST /v1/work', bearing(forged)))).status).toBe(401)
    }
    expect(program.service.seen).toHaveLength(0)
  })

  it('ends with its key', async () => {
    const program = await startPaid(await createService())
    const { data } = await issue(program)
    await program.gateway.directory.updateKey('key_1', (key) => ({ ...key, status: 'revoked', revokedAtMs: 0 }))
    expect((await program.send('POST /v1/work', bearing(data['token']))).status).toBe(401)
  })
})

it('a secret is rotated without a gap: the old one is good until the overlap ends', async () => {
  const clock = createManualClock(START_MS)
  const program = await startPaid(await createService(), { clock })
  const { data } = await issue(program)
  const rotated = await told(program.send('POST /v1/account/rotate-secret', bearing(data['token'])))
  expect(rotated).toMatchObject({ status: 200, data: { api_secret: expect.stringMatching(/^ps_/), previous_valid_until: '2026-11-21T18:00:00Z' } })
  const next = String(rotated.data['api_secret'])
  for (const secret of [SECRET, next]) expect((await issue(program, secret)).status).toBe(200)
  clock.advance(6 * HOUR_MS)
  expect((await issue(program, SECRET)).status).toBe(401)
  expect((await issue(program, next)).status).toBe(200)
})

it('a secret begins, and those before it end, as the configuration says, whoever makes it', async () => {
  const { gateway } = await startPaid(await createService(), { clock: createManualClock(START_MS) })
  const ask = async (path: string, body: unknown) => {
    const headers = { authorization: `Bearer ${gateway.adminToken}`, 'content-type': 'application/json' }
    return (await fetch(`${gateway.adminUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<{ readonly key: { readonly id: string } }>
  }
  const made = await ask('/v1/accounts/acme/keys', { withSecret: true })
  expect(made).toMatchObject({ apiSecret: expect.stringMatching(/^ps_/) })
  const rotated = await ask(`/v1/keys/${made.key.id}/rotate-secret`, {})
  expect(rotated).toMatchObject({ apiSecret: expect.stringMatching(/^ps_/), previousValidUntil: expect.stringMatching(/^2026-11-21T18:00:00/) })
})
