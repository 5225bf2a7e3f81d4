/** Orders over a store that does what it is asked and cannot say so: done once, told as done, and audited. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreUnavailableError } from 'tollgate/engine'
import { applyOne, type Command, type Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { creditOf, dispatch, settle, startPaidAdmin, type PaidAdmin } from './fixtures/paid-admin.ts'

/** Of the next command of this kind, so many answers are lost after it was done. */
let lost: { kind: Command['kind']; answers: number } | undefined
let admin: PaidAdmin

beforeEach(async () => {
  lost = undefined
  admin = await startPaidAdmin({
    create(clock) {
      const store = createMemoryStore({ clock })
      const apply: Store['apply'] = async (commands) => {
        const results = await store.apply(commands)
        if (lost === undefined || lost.answers === 0 || commands[0]?.kind !== lost.kind) return results
        lost.answers -= 1
        throw new StoreUnavailableError('the connection broke', { applied: 'unknown' })
      }
      return { ...store, apply }
    },
  })
})
afterEach(() => admin.close())

const grant = (amount = '5.00') => admin.ask('POST', '/v1/accounts/acme/grants', { meter: 'credit', amount, reason: 'invoice 117' })
const debit = () => admin.ask('POST', '/v1/accounts/acme/debits', { meter: 'credit', amount: '2.00', reason: 'chargeback' })
const actions = async () => (await admin.directory.listAudit()).map(({ action }) => action)
const available = async () => (await admin.store.balance('account:acme', 'credit'))?.availableUnits

it('a grant whose answer is lost is made once, told as made, and audited', async () => {
  lost = { kind: 'grant', answers: 1 }
  expect(await grant()).toMatchObject({ status: 201, body: { granted: true, balance: { available: '5.00' } } })
  expect(await actions()).toEqual(['credits.grant'])
})

it('a debit whose answer is lost is made once, told as made, and audited', async () => {
  await grant()
  lost = { kind: 'debit', answers: 1 }
  expect(await debit()).toMatchObject({ status: 201, body: { debited: true, balance: { available: '3.00' } } })
  expect(await actions()).toEqual(expect.arrayContaining(['credits.grant', 'credits.debit']))
})

it.each([
  ['charge', { outcome: 'charged', charged: '1.50' }, 'call.charge', 350],
  ['release', { outcome: 'released', charged: '0.00' }, 'call.release', 500],
])('a call that is settled by hand (%s) while the answer is lost is settled once, and audited', async (outcome, body, action, left) => {
  await grant()
  await dispatch(admin, 'req_1', { units: creditOf(150).cost })
  await settle(admin, 'req_1', 'unknown')
  lost = { kind: 'settle', answers: 1 }
  expect(await admin.ask('POST', '/v1/calls/req_1/settle', { outcome })).toMatchObject({ status: 200, body })
  expect(await actions()).toContain(action)
  expect(await available()).toBe(left)
})

it('a session whose end is lost is ended, and audited', async () => {
  await dispatch(admin, 'req_1', { session: true })
  await applyOne(admin.store, { kind: 'bind-lease', callId: 'req_1', api: 'nexa', id: 'ses_1' })
  lost = { kind: 'end-lease', answers: 1 }
  expect(await admin.ask('POST', '/v1/accounts/acme/sessions/ses_1/end', {})).toMatchObject({ status: 200, body: { session: { state: 'terminated' } } })
  expect(await actions()).toContain('session.end')
})

it('an account that is deleted while answers are lost loses its money once', async () => {
  await grant()
  lost = { kind: 'debit', answers: 1 }
  expect(await admin.ask('DELETE', '/v1/accounts/acme?force=true')).toMatchObject({ status: 200, body: { deleted: { writtenOff: [{ amount: '5.00' }] } } })
  expect(await available()).toBe(0)
})

it('what nobody knows after a second time is said, and the same id then says what it was', async () => {
  lost = { kind: 'grant', answers: 2 }
  const ask = () => admin.ask('POST', '/v1/accounts/acme/grants', { meter: 'credit', amount: '5.00', reason: 'invoice 117', grantId: 'invoice-117' })
  expect(await ask()).toMatchObject({ status: 503, body: { detail: 'Upstream unavailable: the connection broke; what was asked may have been done or not: look before asking again.' } })
  expect(await ask()).toMatchObject({ status: 200, body: { granted: false, balance: { available: '5.00' } } })
})
