import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyOne } from 'tollgate/stores'
import { dispatch, NOW, settle, startPaidAdmin, type PaidAdmin } from './fixtures/paid-admin.ts'

let admin: PaidAdmin
beforeEach(async () => void (admin = await startPaidAdmin({ more: { wallet: { meter: { kind: 'balance', scale: 3 }, per: 'key' } } })))
afterEach(() => admin.close())

const grant = (body: object, account = 'acme') => admin.ask('POST', `/v1/accounts/${account}/grants`, { meter: 'credit', amount: '50.00', reason: 'invoice 117', ...body })

describe('grants', () => {
  it('put exact decimals into a balance, and say what is there then', async () => {
    const { status, body } = await grant({ grantId: 'invoice-117', expiresAt: '2027-01-01T00:00:00Z' })
    expect(status).toBe(201)
    expect(body).toEqual({
      granted: true,
      grant: { id: 'invoice-117', amount: '50.00', expiresAt: '2027-01-01T00:00:00.000Z', reason: 'invoice 117' },
      balance: {
        meter: 'credit',
        subject: 'account:acme',
        scale: 2,
        available: '50.00',
        held: '0.00',
        granted: '50.00',
        charged: '0.00',
        expired: '0.00',
        grants: [{ id: 'invoice-117', left: '50.00', granted: '50.00', grantedAt: '2026-11-22T10:00:00.000Z', expiresAt: '2027-01-01T00:00:00.000Z', reason: 'invoice 117' }],
      },
    })
    for (const [amount, available] of [[0.1, '50.10'], ['0.2', '50.30'], ['90071992547.99', '90071992598.29']]) {
      expect((await grant({ amount })).body.balance.available).toBe(available)
    }
  })

  it('are made once for an id, and another amount under it is no repetition', async () => {
    await grant({ grantId: 'invoice-117' })
    const again = await grant({ grantId: 'invoice-117' })
    expect(again).toMatchObject({ status: 200, body: { granted: false, balance: { available: '50.00' } } })
    const other = await grant({ grantId: 'invoice-117', amount: '5' })
    expect(other.body).toMatchObject({ status: 409, issue: 'the grant "invoice-117" was made before, of 50.00 and not 5.00; choose another id' })
    expect((await admin.directory.listAudit()).filter(({ action }) => action === 'credits.grant')).toHaveLength(1)
  })

  it('get ids of their own when none is given, and are audited with before and after', async () => {
    const { body } = await grant({})
    expect(body.grant.id).toMatch(/^grant_[0-9a-f]{18}$/)
    await grant({ amount: '1' })
    expect(await admin.lastAudit()).toMatchObject({
      action: 'credits.grant',
      detail: { who: 'ops', account: 'acme', meter: 'credit', subject: 'account:acme', grant: { amount: '1.00', reason: 'invoice 117' }, before: { available: '50.00', held: '0.00' }, after: { available: '51.00' } },
    })
  })

  it.each([
    [{ amount: '0.255' }, 'amount', '"0.255" has more decimals than "credit" keeps (its scale is 2)'],
    [{ amount: '-1' }, 'amount', '"-1" must be a decimal from 0 without sign and separators, such as 12.50'],
    [{ amount: '1,000.00' }, 'amount', '"1,000.00" must be a decimal from 0 without sign and separators, such as 12.50'],
    [{ amount: 1e21 }, 'amount', '1e+21 must be a decimal from 0 without sign and separators, such as 12.50'],
    [{ amount: '0.00' }, 'amount', 'must be more than 0'],
    [{ amount: true }, 'amount', 'must be a text or a number, not true'],
    [{ amount: '99999999999999999' }, 'amount', '"99999999999999999" is more than "credit" can count exactly (its scale is 2)'],
    [{ reason: undefined }, 'reason', 'is missing'],
    [{ meter: 'credits' }, 'meter', 'no balance of nexa is called "credits"; did you mean "credit"?'],
    [{ meter: 'sessions' }, 'meter', 'no balance of nexa is called "sessions"; there are credit, wallet'],
    [{ meter: undefined }, 'meter', 'there are several balances: credit, wallet; say which'],
    [{ key: 'key_1' }, 'meter', 'nothing that is asked for has a balance at nexa; see the meters of its configuration'],
    [{ expiresAt: '2026-11-22T10:00:00Z' }, 'expiresAt', '2026-11-22T10:00:00.000Z is over; choose an instant that lies ahead'],
    [{ grantId: 'a b' }, 'grantId', '"a b" must be 1 to 128 printable ASCII characters without spaces'],
    [{ grantId: 'renew:2026-11-01T00:00:00.000Z' }, 'grantId', '"renew:2026-11-01T00:00:00.000Z" must not begin with renew:, as the ids of allowances do'],
  ])('are refused with field, value and mend: %j', async (body, field, issue) => {
    expect((await grant(body)).body).toMatchObject({ status: 422, field, issue })
    expect(await admin.store.ledger({ limit: 1 })).toEqual([])
  })

  it('never take a balance beyond what can be counted exactly', async () => {
    await grant({ amount: '90071992547409.91' })
    expect((await grant({ amount: '0.01' })).body).toMatchObject({ status: 422, field: 'amount' })
  })

  it('reach the balance of one key, and ask which where there are several', async () => {
    expect((await grant({ meter: 'wallet', amount: '0.125' })).body).toMatchObject({ balance: { subject: 'key:key_1', available: '0.125' } })
    await admin.ask('POST', '/v1/accounts/acme/keys', {})
    expect((await grant({ meter: 'wallet', amount: '1' })).body).toMatchObject({ status: 422, field: 'key', issue: '"wallet" is kept for each of 2 keys or users; say for which key or user' })
    expect((await grant({ meter: undefined, amount: '1', key: 'key_1' })).body).toMatchObject({ balance: { meter: 'wallet', available: '1.125' } })
    expect((await grant({ key: 'key_9' })).body).toMatchObject({ status: 404, issue: 'the account acme has no key "key_9"' })
    expect((await grant({ user: 'bob' })).body).toMatchObject({ status: 404, issue: 'no key of the account acme belongs to a user "bob"' })
    expect((await grant({}, 'acne')).body).toMatchObject({ status: 404, issue: 'there is no account "acne"' })
  })
})

describe('debits', () => {
  const debit = (body: object, account = 'acme') => admin.ask('POST', `/v1/accounts/${account}/debits`, { meter: 'credit', amount: '1.50', reason: 'granted twice', ...body })

  it('are taken at once out of the grant that expires first, and say what is there then', async () => {
    await grant({ grantId: 'long', amount: '5.00' })
    await grant({ grantId: 'short', amount: '1.00', expiresAt: '2027-01-01T00:00:00Z' })
    const { status, body } = await debit({ debitId: 'ticket-7' })
    expect([status, body.debited, body.debit]).toEqual([201, true, { id: 'ticket-7', amount: '1.50', reason: 'granted twice' }])
    expect(body.balance).toMatchObject({ meter: 'credit', available: '4.50', held: '0.00', granted: '6.00', charged: '1.50', expired: '0.00', grants: [{ id: 'long', left: '4.50' }] })
    expect((await admin.ask('GET', '/v1/ledger?account=acme&limit=1')).body.rows).toMatchObject([{ kind: 'debit', amount: '1.50', available: '4.50', held: '0.00', debitId: 'ticket-7', reason: 'granted twice' }])
    expect(await admin.lastAudit()).toMatchObject({
      action: 'credits.debit',
      detail: { who: 'ops', account: 'acme', meter: 'credit', subject: 'account:acme', debit: { id: 'ticket-7', amount: '1.50', reason: 'granted twice' }, before: { available: '6.00' }, after: { available: '4.50' } },
    })
  })

  it('are made once for an id, and another amount under it is no repetition', async () => {
    await grant({ grantId: 'ticket-7' })
    await debit({ debitId: 'ticket-7' })
    expect(await debit({ debitId: 'ticket-7', amount: 1.5 })).toMatchObject({ status: 200, body: { debited: false, balance: { available: '48.50' } } })
    expect((await debit({ debitId: 'ticket-7', amount: '2' })).body).toMatchObject({ status: 409, issue: 'the debit "ticket-7" was made before, of 1.50 and not 2.00; choose another id' })
    expect((await debit({})).body.debit.id).toMatch(/^debit_[0-9a-f]{18}$/)
    expect((await admin.directory.listAudit()).filter(({ action }) => action === 'credits.debit')).toHaveLength(2)
  })

  it('take no more than is available, and say how much that is', async () => {
    await grant({ amount: '5.00' })
    await dispatch(admin, 'req_1', { units: 120 })
    const { status, body } = await debit({ amount: '3.81', debitId: 'd1' })
    expect([status, body]).toMatchObject([402, { code: 'credit.insufficient', balance: 3.8, required: 3.81, detail: 'Credit insufficient: only 3.80 of "credit" is available; calls hold 1.20, which no debit takes.' }])
    expect((await admin.lastAudit())?.action).toBe('credits.grant')
    expect((await debit({ amount: '3.80', debitId: 'd1' })).body.balance).toMatchObject({ available: '0.00', held: '1.20' })
  })

  it.each([
    [{ amount: '0' }, 'amount', 'must be more than 0'],
    [{ amount: '-1' }, 'amount', '"-1" must be a decimal from 0 without sign and separators, such as 12.50'],
    [{ reason: ' ' }, 'reason', 'must not be empty'],
    [{ debitId: '' }, 'debitId', '"" must be 1 to 128 printable ASCII characters without spaces'],
    [{ meter: undefined }, 'meter', 'there are several balances: credit, wallet; say which'],
    [{ expiresAt: '2027-01-01T00:00:00Z' }, 'expiresAt', 'is no setting'],
  ])('are refused with field, value and mend: %j', async (body, field, issue) => {
    const { body: refusal } = await debit(body)
    expect(refusal).toMatchObject({ status: 422, field })
    expect(refusal.issue).toContain(issue)
    expect(await admin.store.ledger({ limit: 1 })).toEqual([])
  })
})

describe('a balance', () => {
  it('tells what is available, held, granted, charged and expired, and what is left of each grant', async () => {
    await grant({ grantId: 'short', amount: '1.00', expiresAt: '2026-11-22T11:00:00Z', reason: 'welcome' })
    await grant({ grantId: 'long', amount: '5.00' })
    await dispatch(admin, 'req_1', { units: 80 })
    await settle(admin, 'req_1', 'done', { chargeUnits: 70 })
    await dispatch(admin, 'req_2', { units: 100 })
    const { body } = await admin.ask('GET', '/v1/accounts/acme/balances?meter=credit')
    const grants = [{ id: 'long', left: '4.30', granted: '5.00', grantedAt: '2026-11-22T10:00:00.000Z', reason: 'invoice 117' }]
    expect(body).toEqual({ account: 'acme', balances: [{ meter: 'credit', subject: 'account:acme', scale: 2, available: '4.30', held: '1.00', granted: '6.00', charged: '0.70', expired: '0.00', grants }] })
    admin.clock.advance(3_600_000)
    await applyOne(admin.store, { kind: 'sweep', limit: 100 })
    expect((await admin.ask('GET', '/v1/accounts/acme/balances')).body.balances).toMatchObject([
      { meter: 'credit', available: '5.00', held: '0.00', charged: '0.70', expired: '0.30', grants: [{ id: 'long', left: '5.00' }] },
      { meter: 'wallet', available: '0.000', grants: [] },
    ])
  })

  it('takes no limit of an account or a key, while sessions and slots do', async () => {
    const issue = '"credit" is a balance: only what is in it limits it; grant credits instead'
    expect((await admin.ask('PATCH', '/v1/accounts/acme', { limits: { credit: 5 } })).body).toMatchObject({ status: 422, field: 'limits.credit', issue })
    expect((await admin.ask('PATCH', '/v1/keys/key_1', { limits: { credit: 5 } })).body).toMatchObject({ status: 422, field: 'limits.credit', issue })
    expect((await admin.ask('PATCH', '/v1/accounts/acme', { limits: { sessions: 7 } })).status).toBe(200)
    expect((await admin.ask('PATCH', '/v1/keys/key_1', { limits: { slots: 1 } })).status).toBe(200)
  })

  it('is shown with the usage, each meter in its own words', async () => {
    await grant({})
    await dispatch(admin, 'req_1', { units: 250, session: true })
    const { body } = await admin.ask('GET', '/v1/accounts/acme/usage')
    expect(body.meters).toMatchObject([
      { meter: 'sessions', subject: 'account:acme', kind: 'lease', of: 'session', alive: 1, max: 3, remaining: 2 },
      { meter: 'credit', subject: 'account:acme', kind: 'balance', available: '47.50', held: '2.50', scale: 2 },
      { meter: 'requests', subject: 'key:key_1', kind: 'window', limit: 9, used: 0, remaining: 9 },
      { meter: 'slots', alive: 0, max: 4 },
      { meter: 'wallet', subject: 'key:key_1', available: '0.000' },
    ])
  })
})

describe('a meter that nothing limits', () => {
  it('says so, with the usage and with a request', async () => {
    await admin.close()
    admin = await startPaidAdmin({ more: { open: { meter: { kind: 'quota', period: 'day' }, per: 'account' }, flows: { meter: { kind: 'lease', of: 'slot' }, per: 'account' } } })
    const { meters } = (await admin.ask('GET', '/v1/accounts/acme/usage')).body
    const unlimited = meters.filter(({ meter }: { meter: string }) => meter === 'open' || meter === 'flows')
    expect(unlimited).toEqual([
      { meter: 'open', subject: 'account:acme', kind: 'quota', limit: 'unlimited', used: 0, resetAt: '2026-11-23T00:00:00.000Z' },
      { meter: 'flows', subject: 'account:acme', kind: 'lease', of: 'slot', alive: 0, max: 'unlimited' },
    ])
    const reading = { name: 'open', subject: 'account:acme', kind: 'quota', limit: Number.MAX_SAFE_INTEGER, unlimited: true, used: 5, remaining: Number.MAX_SAFE_INTEGER - 5, resetAtMs: NOW, admitted: true } as const
    const row = { requestId: 'req_1', atMs: NOW, durationMs: 1, method: 'GET', path: '/', remoteAddress: '::1', status: 200, meters: [reading], upstream: [], timings: {}, bytesIn: 0, bytesOut: 0 }
    await admin.store.apply([{ kind: 'log', row }])
    const { request, explanation } = (await admin.ask('GET', '/v1/requests/req_1')).body
    expect(request.meters).toEqual([{ name: 'open', subject: 'account:acme', kind: 'quota', limit: 'unlimited', used: 5, resetAtMs: NOW, admitted: true }])
    expect(explanation).toContainEqual({ about: 'meters', sentences: ['open: 5 used, unlimited; starts anew at 2026-11-22 10:00:00 UTC.'] })
  })
})

describe('the ledger', () => {
  it('is read in pages in either order, by account, balance and request', async () => {
    await grant({ grantId: 'g1' })
    await dispatch(admin, 'req_1', { units: 120 })
    await settle(admin, 'req_1', 'done', { chargeUnits: 70 })
    const first = await admin.ask('GET', '/v1/ledger?account=acme&limit=2')
    expect(first.body.rows.map(({ number }: { number: number }) => number)).toEqual([4, 3])
    const next = await admin.ask('GET', `/v1/ledger?account=acme&limit=2&after=${first.body.next}`)
    expect(next.body.rows.map(({ number }: { number: number }) => number)).toEqual([2, 1])
    const oldest = await admin.ask('GET', '/v1/ledger?order=oldest&limit=3&after=1')
    expect(oldest.body.rows).toMatchObject([{ kind: 'hold', amount: '1.20', available: '48.80', held: '1.20', callId: 'req_1', keyId: 'key_1' }, { kind: 'settle', amount: '0.70' }, { kind: 'release', amount: '0.50', held: '0.00' }])
    expect((await admin.ask('GET', '/v1/ledger?request=req_1')).body.rows).toHaveLength(3)
    expect((await admin.ask('GET', '/v1/ledger?meter=wallet')).body).toEqual({ rows: [] })
    expect((await admin.ask('GET', '/v1/ledger?key=key_1')).body).toEqual({ rows: [] })
    expect(first.body.rows[1]).toEqual({ number: 3, cursor: 3, subject: 'account:acme', meter: 'credit', scale: 2, at: new Date(NOW).toISOString(), kind: 'settle', units: 70, amount: '0.70', availableUnits: 4880, available: '48.80', heldUnits: 50, held: '0.50', callId: 'req_1', keyId: 'key_1', reason: 'price' })
  })

  it('does not pass a misspelt name for one to whom nothing has happened', async () => {
    expect((await admin.ask('GET', '/v1/ledger?account=acne')).body).toMatchObject({ status: 404, issue: 'there is no account "acne"' })
    expect((await admin.ask('GET', '/v1/ledger?key=key_9')).body).toMatchObject({ status: 404 })
    expect((await admin.ask('GET', '/v1/ledger?user=ann')).body).toMatchObject({ status: 422, field: 'account' })
    expect((await admin.ask('GET', '/v1/ledger?order=new')).body).toMatchObject({ status: 422, field: 'order' })
  })
})
