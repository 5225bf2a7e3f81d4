import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startPaidAdmin, type PaidAdmin } from './fixtures/paid-admin.ts'

let admin: PaidAdmin
beforeEach(async () => {
  admin = await startPaidAdmin({
    more: {
      spending: { meter: { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }, per: 'key', limit: 100_000 },
      credits: { meter: { kind: 'balance', scale: 2, renew: { period: 'month' } }, per: 'account', limit: 500 },
      together: { meter: { kind: 'spend', scale: 6, over: { kind: 'window', windowMs: 3_600_000 } }, per: 'account', limit: 9_000_000 },
    },
  })
})
afterEach(() => admin.close())

async function readings(): Promise<{ readonly [meter: string]: unknown }> {
  const { body } = await admin.ask('GET', '/v1/accounts/acme/usage')
  return Object.fromEntries((body.meters as readonly { readonly meter: string; readonly limit: unknown }[]).map(({ meter, limit }) => [meter, limit]))
}

describe('a limit of money', () => {
  it('is given to a key as a decimal, and shown as one wherever it is shown', async () => {
    const { status, body } = await admin.ask('PATCH', '/v1/keys/key_1', { limits: { spending: '20.00', requests: 9 } })
    expect([status, body.key.limits]).toEqual([200, { requests: 9, spending: '20.00' }])
    expect((await admin.ask('GET', '/v1/keys/key_1')).body.key.limits).toEqual({ requests: 9, spending: '20.00' })
    expect(await admin.lastAudit()).toMatchObject({ action: 'key.update', detail: { before: { limits: { requests: 9 } }, after: { limits: { requests: 9, spending: '20.00' } } } })
    expect(await readings()).toMatchObject({ spending: '20.00' })
    await admin.ask('PATCH', '/v1/keys/key_1', { limits: { spending: null } })
    expect((await admin.directory.keyById('key_1'))?.limits).toEqual({ requests: 9 })
    expect(await readings()).toMatchObject({ spending: '1000.00' })
  })

  it('is given to an account, and to what is created with it, also as a whole number of the money', async () => {
    expect((await admin.ask('PATCH', '/v1/accounts/acme', { limits: { together: 2.5 } })).body.account.limits).toEqual({ together: '2.500000' })
    expect(await readings()).toMatchObject({ together: '2.500000' })
    const made = await admin.ask('POST', '/v1/accounts', { id: 'other', api: 'nexa', plan: 'free', name: 'Other', limits: { together: 7, sessions: 2 } })
    expect([made.status, made.body.account.limits]).toEqual([201, { together: '7.000000', sessions: 2 }])
    const key = await admin.ask('POST', '/v1/accounts/other/keys', { limits: { spending: '0.05' } })
    expect([key.status, key.body.key.limits]).toEqual([201, { spending: '0.05' }])
    expect((await admin.ask('GET', '/v1/accounts?limit=2')).body.accounts).toMatchObject([{ limits: { together: '2.500000' } }, { limits: { together: '7.000000' } }])
  })

  it('is the same for the key that follows in a rotation, and for both as long as both are good', async () => {
    await admin.ask('PATCH', '/v1/keys/key_1', { limits: { spending: '20.00' } })
    const { body } = await admin.ask('POST', '/v1/keys/key_1/rotate', {})
    expect(body.key.limits).toMatchObject({ spending: '20.00' })
    await admin.ask('PATCH', `/v1/keys/${body.key.id}`, { limits: { spending: '5.00' } })
    expect((await admin.ask('GET', '/v1/keys/key_1')).body.key.limits).toMatchObject({ spending: '5.00' })
  })

  it.each<[unknown, string]>([
    [{ spending: '20.001' }, '"20.001" has more decimals than "spending" keeps (its scale is 2)'],
    [{ spending: 0.005 }, '0.005 has more decimals than "spending" keeps (its scale is 2)'],
    [{ spending: '99999999999999' }, '"99999999999999" is more than "spending" can count exactly (its scale is 2)'],
    [{ spending: '-1' }, '"-1" must be an amount from 0 without sign and separators, such as "20.00": "spending" counts money'],
    [{ spending: '1,000.00' }, '"1,000.00" must be an amount from 0 without sign and separators, such as "20.00": "spending" counts money'],
    [{ spending: true }, 'must be a number or a text, not true'],
    [{ sessions: '20.00' }, '"20.00" must be a whole number from 0'],
    [{ sessions: 1.5 }, '1.5 must be a whole number from 0'],
    [{ sessions: -1 }, '-1 must be a whole number from 0'],
    [{ credit: '20.00' }, '"credit" is a balance: only what is in it limits it; grant credits instead'],
    [{ spendings: '20.00' }, 'no meter of nexa is called "spendings"; did you mean "spending"?'],
  ])('is refused where it is none, and nothing is changed: %j', async (limits, issue) => {
    const [field] = Object.keys(limits as object)
    for (const place of ['/v1/accounts/acme', '/v1/keys/key_1']) {
      expect((await admin.ask('PATCH', place, { limits })).body).toMatchObject({ status: 422, code: 'field.invalid', field: `limits.${field}`, issue })
    }
    expect((await admin.directory.account('acme'))?.limits).toBeUndefined()
    expect((await admin.directory.keyById('key_1'))?.limits).toEqual({ requests: 9 })
  })
})

describe('an allowance of its own', () => {
  it('is given to an account in place of the plan’s, as an amount: more of it at once, less of it in the next month', async () => {
    const balance = async () => (await admin.ask('GET', '/v1/accounts/acme/balances?meter=credits')).body.balances[0]
    expect(await balance()).toMatchObject({ available: '5.00', allowance: '5.00', renewsAt: '2026-12-01T00:00:00.000Z' })
    await admin.ask('POST', '/v1/accounts/acme/debits', { meter: 'credits', amount: '1.00', reason: 'a first use' })
    expect((await admin.ask('PATCH', '/v1/accounts/acme', { limits: { credits: '80.00' } })).body.account.limits).toEqual({ credits: '80.00' })
    expect(await balance()).toMatchObject({ available: '79.00', allowance: '80.00' })
    await admin.ask('POST', '/v1/accounts/acme/debits', { meter: 'credits', amount: '1.00', reason: 'a second use' })
    await admin.ask('PATCH', '/v1/accounts/acme', { limits: null })
    expect(await balance()).toMatchObject({ available: '78.00', allowance: '5.00' })
    admin.clock.advance(10 * 86_400_000)
    expect(await balance()).toMatchObject({ available: '5.00', expired: '78.00' })
  })

  it.each<[string, unknown, string]>([
    ['/v1/accounts/acme', '0.005', '"0.005" has more decimals than "credits" keeps (its scale is 2)'],
    ['/v1/accounts/acme', '900000000000', '"900000000000" in each month is more than "credits" can count exactly for a hundred years (its scale is 2); use a smaller scale'],
    ['/v1/keys/key_1', '80.00', '"credits" is kept per account, and a key does not say what each period brings to it; give the account its own limit'],
  ])('is refused at %s: %s', async (place, credits, issue) => {
    expect((await admin.ask('PATCH', place, { limits: { credits } })).body).toMatchObject({ status: 422, field: 'limits.credits', issue })
  })
})
