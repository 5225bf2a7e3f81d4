/** The commands about money, sessions, calls and keys, over the real admin API. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock, LedgerRow, SpendMeter, Take } from 'tollgate/engine'
import type { ApiOptions } from 'tollgate/gate'
import { applyOne, type Store } from 'tollgate/stores'
import { createMemoryStore } from 'tollgate/stores/memory'
import { dispatch, settle, startPaidAdmin, TOKEN, type PaidAdmin } from '../operator/fixtures/paid-admin.ts'
import { runCli } from './run-cli.ts'

let directory: string
let admin: PaidAdmin
let stdin = ''
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-money-'))
  admin = await startPaidAdmin()
})
afterEach(async () => {
  await admin.close()
  rmSync(directory, { recursive: true })
})

async function run(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  let out = ''
  let error = ''
  const code = await runCli(argv, {
    stdout: (text) => void (out += text),
    stderr: (text) => void (error += text),
    readStdin: () => Promise.resolve(stdin),
    env: { TOLLGATE_ADMIN: admin.url, TOLLGATE_ADMIN_TOKEN: TOKEN },
    cwd: directory,
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return { code, out, error }
}

const grant = (amount: string, id: string) => run('credits', 'grant', 'acme', amount, '--reason', 'invoice 117', '--id', id)

/** So that each test has its own store. */
async function restart(create: (clock: Clock) => Store): Promise<void> {
  await admin.close()
  admin = await startPaidAdmin({ create })
}

it('a key is found by its secret, which comes from stdin', async () => {
  stdin = 'ak_secret\n'
  expect((await run('keys', 'find')).out).toMatch(/^key_1 of acme \(Acme\), which is active on plan free\.\nKEY +BEGINS WITH[^\n]*\nkey_1 +ak_s… +web +active/)
  stdin = 'ak_other'
  expect(await run('keys', 'find')).toEqual({ code: 1, out: '', error: 'tollgate: no key has this secret; those of deleted accounts are gone\n' })
  stdin = ''
  expect(await run('keys', 'find')).toMatchObject({ code: 2, error: expect.stringContaining('printf %s "$KEY" | tollgate keys find') as string })
})

describe('credits', () => {
  it('are granted once for an id, and what is there is said', async () => {
    expect(await grant('50.00', 'g1')).toEqual({ code: 0, error: '', out: 'Granted 50.00 to acme as g1. credit: 50.00 available, 0.00 held.\n' })
    expect((await grant('50.00', 'g1')).out).toBe('Nothing changed: the grant g1 was made before. credit: 50.00 available, 0.00 held.\n')
    expect(await grant('0.005', 'g2')).toEqual({ code: 1, out: '', error: 'tollgate: amount: "0.005" has more decimals than "credit" keeps (its scale is 2)\n' })
    expect((await run('credits', 'grant', 'acme', '5')).error).toContain("required option '--reason <text>' not specified")
  })

  it('are shown with what is left of each grant', async () => {
    await grant('5.00', 'g1')
    await dispatch(admin, 'req_1', { units: 120 })
    expect((await run('credits', 'balance', 'acme')).out).toBe(
      [
        'BALANCE  OF            AVAILABLE  HELD  GRANTED  CHARGED  EXPIRED',
        'credit   account:acme       3.80  1.20     5.00     0.00     0.00',
        '',
        'GRANT  OF      LEFT  GRANTED  AT                        EXPIRES  REASON',
        'g1     credit  3.80     5.00  2026-11-22T10:00:00.000Z           invoice 117',
        '',
      ].join('\n'),
    )
  })

  it('have a ledger, in pages', async () => {
    await grant('5.00', 'g1')
    await dispatch(admin, 'req_1', { units: 120 })
    expect((await run('credits', 'ledger', 'acme', '--max', '1')).out).toBe(
      [
        'ROW  AT                   OF                      KIND  AMOUNT  AVAILABLE  HELD  REASON   REQUEST, GRANT, DEBIT  KEY',
        '  2  2026-11-22 10:00:00  credit of account:acme  hold    1.20       3.80  1.20  request  req_1                  key_1',
        'There are more: --after 2',
        '',
      ].join('\n'),
    )
    expect((await run('credits', 'ledger', 'acme', '--after', '2')).out).toContain('grant    5.00')
    expect((await run('credits', 'ledger', '--request', 'req_9')).out).toBe('No money has moved.\n')
    expect(JSON.parse((await run('credits', 'ledger', '--oldest-first', '--json')).out)).toMatchObject({ rows: [{ number: 1 }, { number: 2 }] })
  })

  it('are shown with the usage, beside what is alive', async () => {
    await grant('5.00', 'g1')
    await dispatch(admin, 'req_1', { units: 120, session: true })
    const { out } = await run('usage', 'acme')
    expect(out).toContain('BALANCE  OF            AVAILABLE  HELD\ncredit   account:acme       3.80  1.20\n')
    expect(out).toContain('ALIVE     OF            NOW  AT MOST\nsessions  account:acme    1        3\n')
    expect(out).toContain('METER     OF         USED  LIMIT  LEFT  STARTS ANEW\nrequests  key:key_1     0      9     9')
  })
})

describe('the usage', () => {
  it('says what nothing limits', async () => {
    await admin.close()
    admin = await startPaidAdmin({ more: { open: { meter: { kind: 'quota', period: 'day' }, per: 'account' }, flows: { meter: { kind: 'lease', of: 'slot' }, per: 'account' } } })
    const { out } = await run('usage', 'acme')
    expect(out).toContain('open      account:acme     0  unlimited        2026-11-23T00:00:00.000Z\n')
    expect(out).toContain('flows     account:acme    0  unlimited\n')
  })
})

describe('debits', () => {
  const debit = (amount: string, id: string) => run('credits', 'debit', 'acme', amount, '--reason', 'granted twice', '--id', id)

  it('are taken once for an id, and what is there is said', async () => {
    await grant('5.00', 'g1')
    await dispatch(admin, 'req_1', { units: 120 })
    expect(await debit('1.50', 'ticket-7')).toEqual({ code: 0, error: '', out: 'Debited 1.50 from acme as ticket-7. credit: 2.30 available, 1.20 held.\n' })
    expect((await debit('1.5', 'ticket-7')).out).toBe('Nothing changed: the debit ticket-7 was made before. credit: 2.30 available, 1.20 held.\n')
    expect(await debit('2', 'ticket-7')).toMatchObject({ code: 1, error: 'tollgate: the debit "ticket-7" was made before, of 1.50 and not 2.00; choose another id\n' })
    expect(await debit('2.31', 'ticket-8')).toMatchObject({ code: 1, error: 'tollgate: Credit insufficient: only 2.30 of "credit" is available; calls hold 1.20, which no debit takes.\n' })
    expect((await run('credits', 'debit', 'acme', '5')).error).toContain("required option '--reason <text>' not specified")
  })

  it('stand in the balance, the ledger, its export and the audit, and the check knows them', async () => {
    await grant('5.00', 'g1')
    await debit('1.50', 'ticket-7')
    expect((await run('credits', 'balance', 'acme')).out).toContain('credit   account:acme       3.50  0.00     5.00     1.50     0.00')
    expect((await run('credits', 'ledger', 'acme', '--max', '1')).out).toContain('debit    1.50       3.50  0.00  granted twice  ticket-7')
    expect((await run('credits', 'export')).out).toContain('debit,1.50,3.50,0.00,granted twice,,,,ticket-7\r\n')
    expect((await run('audit', 'list')).out).toContain('credits.debit')
    expect((await run('credits', 'check')).out).toBe('The ledger adds up: 2 rows, 0 calls.\n')
  })
})

describe('an export of the ledger', () => {
  it('is CSV that no spreadsheet takes for formulas, with the progress on stderr', async () => {
    await run('credits', 'grant', 'acme', '5', '--reason', '=1+1, "free"', '--id', '-g1')
    await dispatch(admin, 'req_1', { units: 120 })
    const { code, out, error } = await run('credits', 'export')
    expect(code).toBe(0)
    expect(out.split('\r\n')).toEqual([
      'cursor,row,at,of,balance,kind,amount,available,held,reason,request,key,grant,debit',
      `1,1,2026-11-22T10:00:00.000Z,account:acme,credit,grant,5.00,5.00,0.00,"'=1+1, ""free""",,,'-g1,`,
      '2,2,2026-11-22T10:00:00.000Z,account:acme,credit,hold,1.20,3.80,1.20,request,req_1,key_1,,',
      '',
    ])
    expect(error).toBe('2 rows.\n')
  })

  it('reads every page, into a new file that is its owner’s alone', async () => {
    await grant('50.00', 'g1')
    for (let at = 0; at < 1_200; at += 1) await dispatch(admin, `req_${at}`, { units: 1 })
    const { code, error } = await run('credits', 'export', 'acme', '--format', 'jsonl', '--output', 'ledger.jsonl', '--after', '1')
    expect([code, error]).toEqual([0, '1200 rows in ledger.jsonl.\n'])
    const file = join(directory, 'ledger.jsonl')
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual(Array.from({ length: 1_200 }, (_, at) => at + 2))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await run('credits', 'export', '--output', 'ledger.jsonl')).toMatchObject({ code: 1, error: `tollgate: ${file} exists already; name a new file\n` })
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(1_201)
  })

  it('leaves no half of a file behind', async () => {
    expect((await run('credits', 'export', 'acne', '--output', 'ledger.csv')).error).toBe('tollgate: there is no account "acne"\n')
    expect(existsSync(join(directory, 'ledger.csv'))).toBe(false)
    expect((await run('credits', 'export', '--format', 'xls')).error).toContain('Write csv, jsonl, json.')
    expect((await run('credits', 'export', '--output', 'none/ledger.csv')).error).toContain('cannot be written: there is no such file')
  })
})

describe('a check of the ledger', () => {
  const mixed = async (): Promise<void> => {
    await grant('50.00', 'g1')
    await dispatch(admin, 'req_1', { units: 120, key: 'k1' })
    await settle(admin, 'req_1', 'done', { chargeUnits: 70 })
    await dispatch(admin, 'req_2', { units: 100, key: 'k2' })
    await settle(admin, 'req_2', 'unknown')
    await dispatch(admin, 'req_3', { units: 100 })
    await settle(admin, 'req_3', 'released')
    await dispatch(admin, 'req_4', { units: 50 })
    await run('credits', 'debit', 'acme', '0.40', '--reason', 'twice', '--id', 'd1')
  }

  it('finds nothing in what a store wrote', async () => {
    expect((await run('credits', 'check')).out).toBe('The ledger adds up: 0 rows, 0 calls.\n')
    await mixed()
    expect(await run('credits', 'check')).toEqual({ code: 0, error: '', out: 'The ledger adds up: 9 rows, 3 calls.\n' })
  })

  it.each([
    ['a row that is gone', (rows: readonly LedgerRow[]) => rows.filter(({ number }) => number !== 3), 'row 4 of account:acme: follows row 2'],
    ['an amount that was raised', (rows: readonly LedgerRow[]) => rows.map((row) => (row.number === 3 ? { ...row, units: 71 } : row)), 'row 3 of account:acme: '],
    ['a debit that is booked again', (rows: readonly LedgerRow[]) => [...rows, ...rows.flatMap((row) => (row.kind === 'debit' ? [{ ...row, number: 10, cursor: 10, availableUnits: row.availableUnits - row.units }] : []))], 'row 10 of account:acme: debit d1 was made before'],
    ['a hold that nobody answers for', (rows: readonly LedgerRow[]) => rows.map((row) => (row.callId === 'req_4' ? { ...row, callId: 'req_9' } : row)), '0.50 of credit of account:acme are held for req_9, which does not live'],
  ])('names %s, and exits with 1', async (_, tamper, message) => {
    await restart((clock) => {
      const store = createMemoryStore({ clock })
      return { ...store, ledger: async (query) => tamper(await store.ledger(query)) }
    })
    await mixed()
    const { code, out, error } = await run('credits', 'check')
    expect([code, out]).toEqual([1, ''])
    expect(error).toContain(`tollgate: the ledger does not add up: ${message}`)
    const { ok, faults } = JSON.parse((await run('credits', 'check', '--json')).out) as { ok: boolean; faults: readonly { message: string }[] }
    expect(ok).toBe(false)
    expect(faults[0]?.message).toContain(message)
  })

  it('takes no call that moved meanwhile for a fault', async () => {
    let between: (() => Promise<void>) | undefined
    await restart((clock) => {
      const store = createMemoryStore({ clock })
      return {
        ...store,
        async calls(query) {
          await between?.()
          between = undefined
          return store.calls(query)
        },
      }
    })
    await mixed()
    between = async () => {
      await settle(admin, 'req_4', 'done')
      await dispatch(admin, 'req_5', { units: 30 })
    }
    expect(await run('credits', 'check')).toMatchObject({ code: 0, out: 'The ledger adds up: 9 rows, 4 calls.\n' })
  })
})

describe('the check of what is spent', () => {
  const spending: SpendMeter = { kind: 'spend', scale: 2, over: { kind: 'quota', period: 'day' } }
  const spends = (cost: number): Take => ({ subject: 'key:key_1', name: 'spending', meter: spending, limit: 1_000, cost })
  const more: ApiOptions['meters'] = { spending: { meter: spending, per: 'key', limit: 1_000 } }
  const begin = (id: string, cost: number) => applyOne(admin.store, { kind: 'admit', takes: [spends(cost)], call: { id, accountId: 'acme', keyId: 'key_1', holdMs: 600_000, onExpiry: 'release' }, dispatch: true })

  /** 0.30 are charged, 0.25 may still be. */
  async function start(tampered: (store: Store) => Store): Promise<void> {
    await admin.close()
    admin = await startPaidAdmin({ more, create: (clock) => tampered(createMemoryStore({ clock })) })
    await begin('req_1', 50)
    await settle(admin, 'req_1', 'done', { chargeUnits: 30 })
    await begin('req_2', 25)
  }

  it('finds nothing in what a store wrote, and the ledger shows what was spent', async () => {
    await start((store) => store)
    expect(await run('credits', 'check')).toEqual({ code: 0, error: '', out: 'The ledger adds up: 1 row, 2 calls.\n' })
    const { rows } = JSON.parse((await run('credits', 'ledger', '--request', 'req_1', '--json')).out) as { rows: readonly unknown[] }
    expect(rows).toMatchObject([{ subject: 'key:key_1', meter: 'spending', kind: 'spend', amount: '0.30', countsUntil: '2026-11-23T00:00:00.000Z', callId: 'req_1', keyId: 'key_1' }])
    expect((await run('calls', 'list')).out).toMatch(/^req_2 +acme +dispatched +no +0\.25 of spending/m)
    expect((await run('calls', 'show', 'req_1')).out).toContain('spend 0.30 of spending at')
    expect((await run('usage', 'acme')).out).toContain('spending  key:key_1  0.55  10.00  9.45  2026-11-23T00:00:00.000Z')
  })

  it.each<[string, (store: Store) => Store, string]>([
    ['a meter that has lost a charge', (store) => ({ ...store, peek: async (takes) => (await store.peek(takes)).map((reading) => ({ ...reading, used: 25 })) }), 'spending of key:key_1 says 0.25 spent, the ledger and the open calls say 0.55'],
    ['an open call that nobody remembers', (store) => ({ ...store, calls: async (query) => (await store.calls(query)).filter(({ id }) => id !== 'req_2') }), 'spending of key:key_1 says 0.55 spent, the ledger and the open calls say 0.30'],
    ['a charge that was not written down', (store) => ({ ...store, ledger: async (query) => (await store.ledger(query)).filter(({ kind }) => kind !== 'spend') }), 'req_1 says it was charged 0.30, and nothing of it is written down as spent'],
  ])('names %s, and exits with 1', async (_, tampered, message) => {
    await start(tampered)
    const { code, out, error } = await run('credits', 'check')
    expect([code, out]).toEqual([1, ''])
    expect(error).toContain(`tollgate: the ledger does not add up: ${message}`)
  })

  it('takes no call that begins or ends meanwhile for a fault', async () => {
    let between: (() => Promise<unknown>) | undefined
    await start((store) => ({
      ...store,
      async peek(takes) {
        const now = between
        between = undefined
        await now?.()
        return store.peek(takes)
      },
    }))
    between = () => begin('req_3', 40)
    expect(await run('credits', 'check')).toMatchObject({ code: 0, out: 'The ledger adds up: 1 row, 2 calls.\n' })
    between = () => settle(admin, 'req_3', 'released')
    expect(await run('credits', 'check')).toMatchObject({ code: 0 })
    between = () => settle(admin, 'req_2', 'done', { chargeUnits: 10 })
    expect(await run('credits', 'check')).toMatchObject({ code: 0 })
  })
})

describe('sessions', () => {
  beforeEach(async () => {
    await dispatch(admin, 'req_1', { session: true })
    await applyOne(admin.store, { kind: 'bind-lease', callId: 'req_1', api: 'nexa', id: 'ses_1', expiresAtMs: admin.clock.wallMs() + 60_000 })
  })

  it('are listed and shown', async () => {
    expect((await run('sessions', 'list', 'acme', '--state', 'active')).out).toBe(
      'SESSION  STATE   CREATED                   EXPIRES                   ENDED  OCCUPIES\nses_1    active  2026-11-22T10:00:00.000Z  2026-11-22T10:01:00.000Z         1 of sessions (account:acme)\n',
    )
    expect((await run('sessions', 'list', 'acme', '--state', 'expired')).out).toBe('There are no sessions.\n')
    expect((await run('sessions', 'show', 'acme', 'ses_1')).out).toContain('state         active until 2026-11-22T10:01:00.000Z\noccupies      1 of sessions (account:acme)\n')
  })

  it('are ended only when they are named once more', async () => {
    const asked = await run('sessions', 'end', 'acme', 'ses_1')
    expect(asked).toEqual({
      code: 2,
      out: '',
      error: 'tollgate: this would end ses_1 of acme, active until 2026-11-22T10:01:00.000Z, and give back 1 of sessions (account:acme); to do it, add --confirm ses_1\n',
    })
    expect((await run('sessions', 'end', 'acme', 'ses_1', '--confirm', 'ses_2')).error).toBe('tollgate: --confirm names "ses_2" and not "ses_1"; nothing was ended\n')
    expect((await admin.store.lease('nexa', 'ses_1'))?.state).toBe('active')
    expect((await run('sessions', 'end', 'acme', 'ses_1', '--as', 'released', '--confirm', 'ses_1')).out).toBe('Ended ses_1: it is released.\n')
    expect((await run('audit', 'list')).out).toContain('session.end  ses_1')
  })
})

describe('calls', () => {
  const answer = { status: 504, headers: [], body: 'to ann@example.com', encoding: 'utf8' } as const
  beforeEach(async () => {
    await grant('5.00', 'g1')
    await dispatch(admin, 'req_1', { units: 120, key: 'k1' })
    await settle(admin, 'req_1', 'unknown', { answer })
  })

  it('are listed and shown, the stored answer only when it is asked for', async () => {
    expect((await run('idempotency', 'list', '--state', 'unknown', '--keyed')).out).toBe(
      'REQUEST  ACCOUNT  STATE    KEYED  HOLDS           ANSWER  BEGAN                     DEADLINE OR END\nreq_1    acme     unknown  yes    1.20 of credit     504  2026-11-22T10:00:00.000Z  2026-11-22T10:10:00.000Z\n',
    )
    expect((await run('calls', 'list', '--no-keyed')).out).toBe('No call fits.\n')
    const { out } = await run('calls', 'show', 'req_1')
    expect(out).toContain('deadline      2026-11-22T10:10:00.000Z, then released\n')
    expect(out).toContain('money         hold 1.20 of credit at 2026-11-22T10:00:00.000Z (request)\n')
    expect(out).not.toContain('ann')
    expect((await run('calls', 'show', 'req_1', '--body')).out).toContain('\nto ann@example.com\n')
  })

  it('whose outcome is unknown are charged or released by hand, running ones on demand', async () => {
    expect((await run('calls', 'charge', 'req_1', '--amount', '9')).error).toBe('tollgate: --amount: "9" is more than the 1.20 that the call holds\n')
    expect((await run('calls', 'charge', 'req_1', '--amount', '0.20')).out).toBe('Charged 0.20; what else was held is available again. Its idempotency key stays taken until 2026-11-23T10:00:00.000Z.\n')
    expect((await run('calls', 'release', 'req_1')).error).toBe('tollgate: the call is done already\n')
    await dispatch(admin, 'req_2', { units: 100, key: 'k2' })
    await settle(admin, 'req_2', 'unknown')
    expect((await run('calls', 'release', 'req_2')).out).toBe('Released: what was held is available again, and its idempotency key is free.\n')
    await dispatch(admin, 'req_3', { units: 100, key: 'k3' })
    expect((await run('calls', 'release', 'req_3')).error).toContain('the call is still running; at 2026-11-22T10:10:00.000Z it is released by itself. To settle it now')
    expect((await run('calls', 'release', 'req_3', '--even-if-running')).out).toContain('Released')
    expect((await run('credits', 'balance', 'acme')).out).toContain('4.80  0.00     5.00     0.20')
  })
})

describe('keys', () => {
  it('are rotated with an overlap, and the new one is shown once', async () => {
    const { out } = await run('keys', 'rotate', 'key_1', '--overlap', '1h')
    expect(out).toMatch(/^Rotated: key_[0-9a-f]{18} follows key_1, which is good until 2026-11-22T11:00:00\.000Z\. Its secret, which is shown only now:\n\n {2}ak_[0-9A-Za-z]{38}\n\nKeep it safe/)
    expect((await run('keys', 'rotate', 'key_1', '--overlap', 'soon')).error).toContain('overlap: "soon" must be a duration with its unit')
  })

  it('get a secret for tokens, which is rotated too', async () => {
    expect((await run('keys', 'create', 'acme', '--with-secret')).out).toMatch(/Key and secret, which are shown only now:\n\n {2}ak_\w{38}\n {2}as_\w{38}\n\n/)
    expect((await run('keys', 'rotate-secret', 'key_1')).out).toMatch(/^Rotated the secret of key_1\. It had none before\. The new secret, which is shown only now:\n\n {2}as_\w{38}\n/)
    expect((await run('keys', 'rotate-secret', 'key_1', '--overlap', '0s')).out).toContain('The one before is good until 2026-11-22T10:00:00.000Z.')
  })
})
