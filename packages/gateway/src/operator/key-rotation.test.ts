import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '../platform/secrets.ts'
import { NOW, startPaidAdmin, type PaidAdmin } from './fixtures/paid-admin.ts'

const HOUR_MS = 3_600_000
let admin: PaidAdmin
beforeEach(async () => void (admin = await startPaidAdmin()))
afterEach(() => admin.close())

describe('a rotated key', () => {
  it('is followed by one with the same rights and limits, and stays good for the overlap', async () => {
    const { status, body } = await admin.ask('POST', '/v1/keys/key_1/rotate', { overlap: '1h' })
    expect(status).toBe(201)
    expect(body.key).toMatchObject({ accountId: 'acme', userId: 'ann', label: 'web', scopes: ['read'], limits: { requests: 9 }, status: 'active' })
    expect(body.key.id).not.toBe('key_1')
    expect(body.previous).toMatchObject({ id: 'key_1', status: 'active', expiresAt: '2026-11-22T11:00:00.000Z' })
    expect((await admin.directory.findKey('nexa', body.secret))?.key.expiresAtMs).toBeUndefined()
    expect((await admin.directory.findKey('nexa', 'ak_secret'))?.key.expiresAtMs).toBe(NOW + HOUR_MS)
  })

  it('is audited without any secret', async () => {
    const { body } = await admin.ask('POST', '/v1/keys/key_1/rotate')
    const audit = await admin.lastAudit()
    expect(audit).toMatchObject({ action: 'key.rotate', detail: { who: 'ops', key: 'key_1', account: 'acme', before: { id: 'key_1' }, after: { expiresAt: '2026-11-23T10:00:00.000Z' }, successor: { id: body.key.id } } })
    for (const secret of [body.secret, sha256Hex(body.secret), sha256Hex('ak_secret')]) expect(JSON.stringify(audit)).not.toContain(secret)
  })

  it('never lives longer by it, and nor does its successor', async () => {
    await admin.ask('PATCH', '/v1/keys/key_1', { expiresAt: '2026-11-22T10:30:00Z' })
    const { body } = await admin.ask('POST', '/v1/keys/key_1/rotate', { overlap: '7d' })
    expect([body.key.expiresAt, body.previous.expiresAt]).toEqual(['2026-11-22T10:30:00.000Z', '2026-11-22T10:30:00.000Z'])
    admin.clock.advance(HOUR_MS)
    expect((await admin.ask('POST', '/v1/keys/key_1/rotate')).body).toMatchObject({ status: 409, issue: 'the key is expired, so that there is nothing to go on with; create another one' })
  })

  it('must be alive', async () => {
    await admin.ask('PATCH', '/v1/keys/key_1', { status: 'revoked' })
    for (const path of ['rotate', 'rotate-secret']) expect((await admin.ask('POST', `/v1/keys/key_1/${path}`)).body).toMatchObject({ status: 409, issue: expect.stringContaining('the key is revoked') as unknown })
    expect((await admin.ask('POST', '/v1/keys/key_9/rotate')).body).toMatchObject({ status: 404, issue: 'there is no key "key_9"' })
    expect(await admin.directory.keysOf('acme')).toHaveLength(1)
  })

  it('keeps its identity, over several rotations, and so the balance of its own', async () => {
    const other = await startPaidAdmin({ more: { wallet: { meter: { kind: 'balance', scale: 2 }, per: 'key' } } })
    await other.ask('POST', '/v1/accounts/acme/grants', { meter: 'wallet', amount: '3.50', reason: 'x' })
    const second = (await other.ask('POST', '/v1/keys/key_1/rotate')).body.key
    const third = (await other.ask('POST', `/v1/keys/${second.id}/rotate`)).body.key
    expect([second.identity, third.identity]).toEqual(['key_1', 'key_1'])
    await other.ask('POST', '/v1/accounts/acme/grants', { meter: 'wallet', key: third.id, amount: '1.00', reason: 'y' })
    for (const key of ['key_1', second.id, third.id]) {
      expect((await other.ask('GET', `/v1/accounts/acme/balances?key=${key}`)).body.balances).toMatchObject([{ meter: 'wallet', subject: 'key:key_1', available: '4.50' }])
      expect((await other.ask('GET', `/v1/ledger?key=${key}`)).body.rows).toHaveLength(2)
    }
    expect((await other.ask('GET', '/v1/accounts/acme/balances')).body.balances).toHaveLength(2)
    await other.close()
  })

  it('has one set of limits with the old one as long as that is good', async () => {
    const { body } = await admin.ask('POST', '/v1/keys/key_1/rotate')
    await admin.ask('PATCH', `/v1/keys/${body.key.id}`, { limits: { requests: 2 } })
    expect((await admin.directory.keyById('key_1'))?.limits).toEqual({ requests: 2 })
    await admin.ask('PATCH', '/v1/keys/key_1', { limits: null })
    expect((await admin.directory.keyById(body.key.id))?.limits).toBeUndefined()
  })

  it('has an overlap that is a duration of a year at most', async () => {
    expect((await admin.ask('POST', '/v1/keys/key_1/rotate', { overlap: '1 day' })).body).toMatchObject({ status: 422, field: 'overlap', issue: '"1 day" must be a duration with its unit: 250ms, 60s, 5m, 24h, 30d' })
    expect((await admin.ask('POST', '/v1/keys/key_1/rotate-secret', { overlap: '99999999d' })).body).toMatchObject({ status: 422, issue: '"99999999d" must be at most 366d' })
  })
})

describe('the secret of a key', () => {
  it('is made with the key, shown once, and kept as a hash', async () => {
    const { body } = await admin.ask('POST', '/v1/accounts/acme/keys', { withSecret: true })
    expect(body.apiSecret).toMatch(/^as_[0-9A-Za-z]{38}$/)
    expect(body.key.secrets).toEqual([{ createdAt: '2026-11-22T10:00:00.000Z' }])
    expect((await admin.directory.keyById(body.key.id))?.secretHashes).toEqual([{ hash: sha256Hex(body.apiSecret), createdAtMs: NOW }])
    const shown = JSON.stringify([(await admin.ask('GET', `/v1/keys/${body.key.id}`)).body, (await admin.ask('GET', '/v1/audit')).body])
    for (const secret of [body.apiSecret, sha256Hex(body.apiSecret)]) expect(shown).not.toContain(secret)
  })

  it('is rotated with an overlap, in which both are good', async () => {
    const first = await admin.ask('POST', '/v1/keys/key_1/rotate-secret')
    expect(first.body.previousValidUntil).toBeUndefined()
    const second = await admin.ask('POST', '/v1/keys/key_1/rotate-secret', { overlap: '1h' })
    expect(second.body).toMatchObject({ previousValidUntil: '2026-11-22T11:00:00.000Z', key: { secrets: [{}, { expiresAt: '2026-11-22T11:00:00.000Z' }] } })
    expect((await admin.directory.keyById('key_1'))?.secretHashes).toEqual([
      { hash: sha256Hex(second.body.apiSecret), createdAtMs: NOW },
      { hash: sha256Hex(first.body.apiSecret), createdAtMs: NOW, expiresAtMs: NOW + HOUR_MS },
    ])
    expect(await admin.lastAudit()).toMatchObject({ action: 'key.rotate-secret', detail: { who: 'ops', key: 'key_1' } })
    const rotated = await admin.ask('POST', '/v1/keys/key_1/rotate')
    expect((await admin.directory.keyById(rotated.body.key.id))?.secretHashes).toHaveLength(2)
  })

  it('is made only where there are tokens to exchange it for', async () => {
    const other = await startPaidAdmin({ takesTokens: false })
    expect((await other.ask('POST', '/v1/accounts/acme/keys', { withSecret: true })).body).toMatchObject({ status: 422, field: 'withSecret', issue: 'nexa takes no tokens, so that a secret would open nothing; leave it out' })
    expect((await other.ask('POST', '/v1/keys/key_1/rotate-secret')).body).toMatchObject({ status: 409, issue: 'nexa takes no tokens, so that its keys have no secrets; rotate the key itself' })
    await other.close()
  })
})
