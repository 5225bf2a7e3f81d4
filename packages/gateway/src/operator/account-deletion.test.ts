import { checkLedger } from 'tollgate/engine'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { dispatch, startPaidAdmin, type PaidAdmin } from './fixtures/paid-admin.ts'

let admin: PaidAdmin

beforeEach(async () => {
  admin = await startPaidAdmin()
})
afterEach(() => admin.close())

const remove = (query = '') => admin.ask('DELETE', `/v1/accounts/acme${query}`)

it('an account without belongings is deleted with its keys, and its id is not free again', async () => {
  const made = await admin.ask('POST', '/v1/accounts/acme/keys', { label: 'shop' })
  expect(made.status).toBe(201)
  const { status, body } = await remove()
  expect([status, body.deleted.account, body.deleted.writtenOff]).toEqual([200, 'acme', []])
  expect(body.deleted.keys).toBeGreaterThan(0)
  expect((await admin.ask('GET', '/v1/accounts/acme')).status).toBe(404)
  expect((await admin.ask('GET', `/v1/keys/${made.body.key.id}`)).status).toBe(404)
  expect(await admin.directory.findKey(made.body.key.api, made.body.secret)).toBeUndefined()
  expect((await remove()).status).toBe(404)
  const again = await admin.ask('POST', '/v1/accounts', { id: 'acme', api: made.body.key.api, plan: 'free', name: 'Acme' })
  expect([again.status, again.body.issue]).toEqual([409, expect.stringContaining('was deleted at')])
})

it('one that has money, calls or sessions is not, says what it has, and goes on as before', async () => {
  await admin.ask('POST', '/v1/accounts/acme/grants', { amount: '5.00', grantId: 'g1', reason: 'invoice' })
  await dispatch(admin, 'req_1', { units: 120, session: true })
  const { status, body } = await remove()
  expect([status, body.issue]).toEqual([409, expect.stringContaining('the account acme has 3.80 of credit, 1.20 of credit held, 1 open calls')])
  expect(await admin.directory.account('acme')).toMatchObject({ status: 'active' })
})

it('by force its calls are released, its money is written off, and the ledger is kept and adds up', async () => {
  await admin.ask('POST', '/v1/accounts/acme/grants', { amount: '5.00', grantId: 'g1', reason: 'invoice' })
  await dispatch(admin, 'req_1', { units: 120 })
  const { status, body } = await remove('?force=true')
  expect([status, body.deleted]).toMatchObject([200, { callsReleased: 1, writtenOff: [{ meter: 'credit', amount: '5.00' }] }])
  const { rows } = (await admin.ask('GET', '/v1/ledger?account=acme&order=oldest')).body
  expect(rows.map(({ kind, amount, available, held }: { readonly [name: string]: string }) => [kind, amount, available, held])).toEqual([
    ['grant', '5.00', '5.00', '0.00'],
    ['hold', '1.20', '3.80', '1.20'],
    ['release', '1.20', '5.00', '0.00'],
    ['debit', '5.00', '0.00', '0.00'],
  ])
  expect(checkLedger(await admin.store.ledger({ limit: 100 }), await admin.store.calls({ limit: 100 }))).toEqual([])
  expect((await admin.ask('GET', '/v1/audit')).body.audit[0]).toMatchObject({ action: 'account.delete', detail: { account: 'acme' } })
})
