import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyOne } from 'tollgate/stores'
import { creditOf, DEADLINE_MS, dispatch, settle, startPaidAdmin, type PaidAdmin } from './fixtures/paid-admin.ts'

let admin: PaidAdmin
beforeEach(async () => {
  admin = await startPaidAdmin()
  await admin.ask('POST', '/v1/accounts/acme/grants', { amount: '10', reason: 'start' })
})
afterEach(() => admin.close())

const answer = { status: 504, headers: [], body: 'to Ann Example, ann@example.com', encoding: 'utf8' } as const
const available = async () => (await admin.ask('GET', '/v1/accounts/acme/balances')).body.balances[0].available as string
const settleBy = (id: string, body: object) => admin.ask('POST', `/v1/calls/${id}/settle`, body)

async function unknownCall(id = 'req_1'): Promise<void> {
  await dispatch(admin, id, { units: 250, session: true, key: `key of ${id}` })
  await settle(admin, id, 'unknown', { answer })
}

describe('calls', () => {
  it('are listed newest first in pages, by account, state and whether they are keyed', async () => {
    await dispatch(admin, 'req_1', { units: 100 })
    admin.clock.advance(1)
    await unknownCall('req_2')
    await dispatch(admin, 'req_3', { key: 'other' })
    const ids = async (query: string) => (await admin.ask('GET', `/v1/calls${query}`)).body.calls.map(({ id }: { id: string }) => id) as string[]
    expect(await ids('?account=acme')).toEqual(['req_3', 'req_2', 'req_1'])
    expect(await ids('?state=unknown')).toEqual(['req_2'])
    expect(await ids('?keyed=true')).toEqual(['req_3', 'req_2'])
    expect(await ids('?keyed=false')).toEqual(['req_1'])
    expect(await ids('?before=2026-11-22T10:00:00.001Z')).toEqual(['req_1'])
    const { body } = await admin.ask('GET', '/v1/calls?limit=1')
    expect(body.calls).toHaveLength(1)
    expect(await ids(`?limit=5&after=${encodeURIComponent(body.next)}`)).toEqual(['req_2', 'req_1'])
    expect((await admin.ask('GET', '/v1/calls?account=acne')).body).toMatchObject({ status: 404 })
    expect((await admin.ask('GET', '/v1/calls?state=lost')).body).toMatchObject({ status: 422, field: 'state' })
    expect((await admin.ask('GET', '/v1/calls?after=x')).body).toMatchObject({ status: 422, field: 'after', issue: '"x" must be what a page before gave as next' })
  })

  it('show what they hold, and the stored answer only when it is asked for', async () => {
    await unknownCall()
    const { body } = await admin.ask('GET', '/v1/calls/req_1')
    expect(body).toMatchObject({
      call: {
        id: 'req_1',
        accountId: 'acme',
        state: 'unknown',
        onExpiry: 'release',
        deadline: '2026-11-22T10:10:00.000Z',
        key: { keptUntil: '2026-11-23T10:00:00.000Z' },
        holds: [{ meter: 'credit', amount: '2.50', units: 250, scale: 2 }],
        leases: [{ meter: 'sessions', quantity: 1 }],
        answered: { status: 504, bytes: 31 },
      },
      movements: [{ kind: 'hold', amount: '2.50' }],
    })
    expect(JSON.stringify(body)).not.toContain('Ann')
    expect(JSON.stringify((await admin.ask('GET', '/v1/calls')).body)).not.toContain('Ann')
    expect((await admin.ask('GET', '/v1/calls/req_1?body=true')).body.answer).toEqual(answer)
    expect((await admin.ask('GET', '/v1/calls/req_9')).body).toMatchObject({ status: 404, issue: 'there is no call "req_9"; one that was released is only in the ledger' })
  })
})

describe('a call whose outcome is unknown', () => {
  it('is charged by an operator, in whole or in part, and keeps the answer of its key', async () => {
    await unknownCall()
    expect(await settleBy('req_1', { outcome: 'charge', amount: '1.50' })).toMatchObject({ status: 200, body: { outcome: 'charged', charged: '1.50', call: { state: 'done', answered: { status: 504 }, holds: [] } } })
    expect(await available()).toBe('8.50')
    expect((await admin.store.ledger({ callId: 'req_1', limit: 9 })).map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['hold request', 'settle operator', 'release operator'])
    const audit = await admin.lastAudit()
    expect(audit).toMatchObject({ action: 'call.charge', detail: { who: 'ops', call: 'req_1', account: 'acme', before: { state: 'unknown' }, after: { state: 'done' } } })
    expect(JSON.stringify(audit)).not.toContain('Ann')
    await unknownCall('req_2')
    expect((await settleBy('req_2', { outcome: 'charge' })).body.charged).toBe('2.50')
  })

  it('is released by an operator: its money is there again and its key is free', async () => {
    await unknownCall()
    expect((await settleBy('req_1', { outcome: 'release' })).body).toEqual({ outcome: 'released', charged: '0.00' })
    expect(await available()).toBe('10.00')
    expect((await admin.ask('GET', '/v1/accounts/acme/usage')).body.meters).toContainEqual(expect.objectContaining({ meter: 'sessions', alive: 0 }))
    expect(await admin.lastAudit()).toMatchObject({ action: 'call.release', detail: { who: 'ops', call: 'req_1' } })
    await dispatch(admin, 'req_2', { key: 'key of req_1' })
    expect((await admin.store.call('req_2'))?.state).toBe('dispatched')
  })

  it('is charged without an amount if it holds no money', async () => {
    await dispatch(admin, 'req_1', { key: 'k' })
    await settle(admin, 'req_1', 'unknown')
    expect((await settleBy('req_1', { outcome: 'charge', amount: '1' })).body).toMatchObject({ status: 422, issue: 'the call holds no money; leave the amount out' })
    expect((await settleBy('req_1', { outcome: 'charge' })).body).toMatchObject({ outcome: 'charged', call: { state: 'done' } })
  })

  it.each([
    [{ outcome: 'charge', amount: '2.51' }, 'amount', '"2.51" is more than the 2.50 that the call holds'],
    [{ outcome: 'charge', amount: '0.001' }, 'amount', '"0.001" has more decimals than "credit" keeps (its scale is 2)'],
    [{ outcome: 'release', amount: '1' }, 'amount', 'there is no setting "amount" here; there are outcome, evenIfRunning'],
    [{ outcome: 'refund' }, 'outcome', expect.stringContaining('"refund"')],
  ])('stays as it is when it is asked wrongly: %j', async (body, field, issue) => {
    await unknownCall()
    expect((await settleBy('req_1', body)).body).toMatchObject({ status: 422, field, issue: issue as unknown })
    expect(await available()).toBe('7.50')
  })

  it('is the only kind that is settled by hand without insisting', async () => {
    await dispatch(admin, 'req_1', { units: 100 })
    expect((await settleBy('req_1', { outcome: 'release' })).body).toMatchObject({
      status: 409,
      issue: 'the call is still running; at 2026-11-22T10:10:00.000Z it is released by itself. To settle it now, and make void whatever its service says later, ask with evenIfRunning (--even-if-running)',
    })
    await settle(admin, 'req_1', 'done')
    expect((await settleBy('req_1', { outcome: 'charge' })).body).toMatchObject({ status: 409, issue: 'the call is done already' })
    await unknownCall('req_2')
    admin.clock.advance(DEADLINE_MS)
    expect((await settleBy('req_2', { outcome: 'charge' })).body).toMatchObject({ status: 409, issue: 'the call was settled or taken over meanwhile; look at it again' })
    expect((await settleBy('req_9', { outcome: 'charge' })).status).toBe(404)
    expect((await admin.directory.listAudit()).map(({ action }) => action)).toEqual(['credits.grant'])
  })
})

describe('a call that is still running', () => {
  it('is settled by an operator who insists', async () => {
    await dispatch(admin, 'req_1', { units: 250, session: true, key: 'k' })
    expect(await settleBy('req_1', { outcome: 'charge', amount: '1.50', evenIfRunning: true })).toMatchObject({ status: 200, body: { charged: '1.50', call: { state: 'done', ended: { by: 'operator' } } } })
    expect(await admin.lastAudit()).toMatchObject({ action: 'call.charge', detail: { before: { state: 'dispatched' }, after: { state: 'done' } } })
    await dispatch(admin, 'req_2', { units: 250 })
    // Its answer may still come, and finds who has given it back.
    expect((await settleBy('req_2', { outcome: 'release', evenIfRunning: true })).body).toMatchObject({ outcome: 'released', call: { state: 'done', ended: { by: 'release' } } })
    expect(await available()).toBe('8.50')
    expect((await settleBy('req_1', { outcome: 'charge', evenIfRunning: true })).body).toMatchObject({ status: 409, issue: 'the call is done already' })
  })

  it('is not settled by an operator before whom its service came', async () => {
    await dispatch(admin, 'req_1', { units: 250 })
    const before = await admin.store.call('req_1')
    await settle(admin, 'req_1', 'done', { chargeUnits: 10 })
    const late = { kind: 'settle', callId: 'req_1', fence: before?.fence ?? 0, outcome: 'done', chargeUnits: 250, by: 'operator', reason: 'operator' } as const
    expect(await applyOne(admin.store, late)).toMatchObject({ settled: false, chargedUnits: 10 })
    expect(await available()).toBe('9.90')
  })

  it('stays alone while it is being decided', async () => {
    const call = { id: 'req_1', accountId: 'acme', holdMs: DEADLINE_MS, onExpiry: 'release' as const }
    await applyOne(admin.store, { kind: 'admit', takes: [creditOf(100)], call })
    expect((await settleBy('req_1', { outcome: 'release', evenIfRunning: true })).body).toMatchObject({ status: 409, issue: 'the call is still being decided; at 2026-11-22T10:10:00.000Z it is released by itself' })
  })
})

describe('sessions', () => {
  const bind = (callId: string, id: string, expiresAtMs?: number) =>
    applyOne(admin.store, { kind: 'bind-lease', callId, api: 'nexa', id, ...(expiresAtMs !== undefined && { expiresAtMs }) })

  async function session(id: string, aliveMs?: number): Promise<void> {
    await dispatch(admin, `req_${id}`, { session: true })
    await bind(`req_${id}`, id, aliveMs === undefined ? undefined : admin.clock.wallMs() + aliveMs)
    admin.clock.advance(1)
  }

  it('are listed newest first in pages, by state, and shown with what they occupy', async () => {
    await session('ses_1', 60_000)
    await session('ses/2')
    const list = await admin.ask('GET', '/v1/accounts/acme/sessions?limit=1')
    expect(list.body.sessions).toMatchObject([{ id: 'ses/2', state: 'active', taken: [{ meter: 'sessions', subject: 'account:acme', quantity: 1 }] }])
    const next = await admin.ask('GET', `/v1/accounts/acme/sessions?after=${encodeURIComponent(list.body.next)}`)
    expect(next.body).toMatchObject({ sessions: [{ id: 'ses_1', expiresAt: '2026-11-22T10:01:00.000Z' }] })
    expect((await admin.ask('GET', '/v1/accounts/acme/sessions/ses%2F2')).body.session).toMatchObject({ id: 'ses/2', callId: 'req_ses/2' })
    admin.clock.advance(60_000)
    expect((await admin.ask('GET', '/v1/accounts/acme/sessions/ses_1')).body.session).toMatchObject({ state: 'expired', endedAt: '2026-11-22T10:01:00.000Z' })
    expect((await admin.ask('GET', '/v1/accounts/acme/sessions?state=active')).body.sessions).toMatchObject([{ id: 'ses/2' }])
  })

  it('are ended as terminated or released, once, with what they occupied given back', async () => {
    await session('ses_1')
    await session('ses_2')
    expect((await admin.ask('POST', '/v1/accounts/acme/sessions/ses_1/end')).body.session).toMatchObject({ id: 'ses_1', state: 'terminated', endedAt: '2026-11-22T10:00:00.002Z' })
    expect(await admin.lastAudit()).toMatchObject({ action: 'session.end', detail: { who: 'ops', session: 'ses_1', account: 'acme', before: { state: 'active' }, after: { state: 'terminated' } } })
    expect((await admin.ask('POST', '/v1/accounts/acme/sessions/ses_2/end', { as: 'released' })).body.session.state).toBe('released')
    expect((await admin.ask('POST', '/v1/accounts/acme/sessions/ses_2/end', { as: 'terminated' })).body).toMatchObject({ status: 409, issue: 'the session is released already' })
    expect((await admin.ask('POST', '/v1/accounts/acme/sessions/ses_2/end', { as: 'released' })).status).toBe(200)
    expect((await admin.directory.listAudit()).filter(({ action }) => action === 'session.end')).toHaveLength(2)
    expect((await admin.ask('GET', '/v1/accounts/acme/usage')).body.meters[0]).toMatchObject({ meter: 'sessions', alive: 0 })
  })

  it('of another account are none of this one', async () => {
    await session('ses_1')
    await admin.ask('POST', '/v1/accounts', { id: 'beta', api: 'nexa', plan: 'free', name: 'Beta' })
    for (const [method, path] of [['GET', ''], ['POST', '/end']] as const) {
      expect((await admin.ask(method, `/v1/accounts/beta/sessions/ses_1${path}`)).body).toMatchObject({ status: 404, issue: 'the account beta has no session "ses_1"' })
    }
    expect((await admin.ask('GET', '/v1/accounts/nobody/sessions')).body).toMatchObject({ status: 404, issue: 'there is no account "nobody"' })
    expect((await admin.store.lease('nexa', 'ses_1'))?.state).toBe('active')
  })
})
