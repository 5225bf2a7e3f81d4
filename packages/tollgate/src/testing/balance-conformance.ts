/** What every engine of money must do with what is granted and debited, and how it is read: the balance, the ledger. */
import type { Take } from '../engine/meters/meter.ts'
import { checkLedger } from '../engine/money/ledger-check.ts'
import type { LedgerRow } from '../engine/money/ledger.ts'
import type { Allowance } from '../engine/money/renewal.ts'
import type { LedgerQuery, MoneyEngine } from '../engine/money-commands.ts'
import { applyOne } from '../stores/store.ts'
import { assertEqual, assertTrue } from './assert.ts'
import { balance, termsFor, creditOf, HOLD_MS, debit, grant, movements, NOON, settle, admit } from './paid-call.ts'
import type { TimedCase } from './store-case.ts'

export const balanceCases: readonly TimedCase<MoneyEngine>[] = [
  {
    name: 'a grant is made once, whoever asks again',
    async run(harness) {
      const store = await harness.create()
      const reading = { name: 'credit', subject: 'account:a', kind: 'balance', limit: 0, used: 0, remaining: 500, resetAtMs: NOON, admitted: true }
      assertEqual(await grant(store, 500), { granted: true, reading }, 'the first')
      assertEqual(await grant(store, 700), { granted: false, firstUnits: 500, reading }, 'the same again')
      assertTrue((await grant(store, 1, { grantId: 'g2' })).granted, 'another')
      assertTrue((await grant(store, 1, { subject: 'account:b' })).granted, "another subject's")
      assertEqual(await balance(store), [501, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'a debit is taken at once, out of the grant that expires first, and once for an id',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100, { grantId: 'late' })
      await grant(store, 50, { grantId: 'soon', expiresAtMs: NOON + HOLD_MS })
      const reading = { name: 'credit', subject: 'account:a', kind: 'balance', limit: 0, used: 0, remaining: 80, resetAtMs: NOON, admitted: true }
      assertEqual(await debit(store, 70), { debited: true, reading }, 'the first')
      assertEqual(await debit(store, 70), { debited: false, firstUnits: 70, reading }, 'the same again')
      assertEqual(await debit(store, 9), { debited: false, firstUnits: 70, reading }, 'another amount under its id')
      assertTrue((await grant(store, 5, { grantId: 'd1' })).granted, 'a grant under the id of a debit')
      assertEqual((await debit(store, 1, { subject: 'account:b' })).debited, false, 'of a subject that has nothing')
      const statement = await store.at(NOON).balance('account:a', 'credit')
      assertEqual([statement?.availableUnits, statement?.grantedUnits, statement?.chargedUnits, statement?.expiredUnits], [85, 155, 70, 0], 'the statement')
      assertEqual(statement?.grants.map(({ id, availableUnits }) => `${id} ${availableUnits}`), ['late 80', 'd1 5'], 'what is left of the grants')
      const [, , row] = await store.ledger({ subject: 'account:a', limit: 9 })
      assertEqual(row, { number: 3, cursor: row?.cursor, subject: 'account:a', name: 'credit', scale: 2, atMs: NOON, kind: 'debit', units: 70, availableUnits: 80, heldUnits: 0, debitId: 'd1', reason: 'correction' }, 'the row')
      await store.close()
    },
  },
  {
    name: 'a debit of more than is available takes nothing, and never what is held or has expired',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100, { grantId: 'long' })
      await grant(store, 40, { grantId: 'short', expiresAtMs: NOON + 1_000 })
      await admit(store, [creditOf(60)], termsFor('c1'), { dispatch: true })
      const short = await debit(store, 81)
      assertEqual([short.debited, short.firstUnits, short.reading.remaining, short.reading.used, short.reading.admitted], [false, undefined, 80, 60, false], 'more than is available')
      assertTrue((await debit(store, 30)).debited, 'the id of a debit that was refused is free')
      assertEqual((await debit(store, 51, { debitId: 'd2' })).debited, false, 'what is left')
      assertEqual((await settle(store, 'c1', 'released', { nowMs: NOON + 1_000 })).settled, true, 'the call ends')
      assertEqual((await debit(store, 71, { debitId: 'd3', nowMs: NOON + 1_000 })).debited, false, 'what has expired')
      assertTrue((await debit(store, 70, { debitId: 'd3', nowMs: NOON + 1_000 })).debited, 'all that is there')
      assertEqual(await balance(store, NOON + 1_000), [0, 0], 'the balance')
      await store.close()
    },
  },
  {
    name: 'of concurrent debits and holds no more is taken than is there',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 500)
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, at) => (at % 2 === 0 ? debit(store, 10, { debitId: `d${at % 120}` }).then(({ debited }) => debited) : admit(store, [creditOf(10)], termsFor(`c${at}`), { dispatch: true }).then(({ admitted }) => admitted))),
      )
      const [available, held] = await balance(store)
      assertEqual([outcomes.filter(Boolean).length, available], [50, 0], 'what was taken')
      const statement = await store.at(NOON).balance('account:a', 'credit')
      assertEqual([statement?.chargedUnits, held], [500 - held, statement?.heldUnits], 'the sums')
      await store.close()
    },
  },
  {
    name: 'what expires first is spent first, and what goes back to an expired grant expires',
    async run(harness) {
      const store = await harness.create()
      await grant(store, 100, { grantId: 'keeps' })
      await grant(store, 50, { grantId: 'late', expiresAtMs: NOON + 30_000 })
      await grant(store, 50, { grantId: 'early', expiresAtMs: NOON + 10_000 })
      await admit(store, [creditOf(80)], termsFor('c1'), { dispatch: true })
      assertEqual(await balance(store, NOON + 10_000), [120, 80], 'early is held whole, so nothing expires')
      await settle(store, 'c1', 'done', { chargeUnits: 20, nowMs: NOON + 10_000 })
      assertEqual(await balance(store, NOON + 10_000), [150, 0], '30 of early went back and expired, 30 of late are there again')
      assertEqual(await balance(store, NOON + 30_000), [100, 0], 'late expires')
      await applyOne(store.at(NOON + 30_000), { kind: 'sweep', limit: 10 })
      assertEqual((await movements(store)).slice(3), [
        'hold 80 (120+80) request',
        'settle 20 (120+60) test',
        'release 60 (180+0) test',
        'expire 30 (150+0) expiry',
        'expire 50 (100+0) expiry',
      ], 'the ledger')
      await store.close()
    },
  },
  {
    name: 'a balance says what is there, out of which grants, and what became of all that was granted',
    async run(harness) {
      const store = await harness.create()
      assertEqual(await store.at(NOON).balance('account:a', 'credit'), undefined, 'before the first grant')
      await grant(store, 100, { grantId: 'keeps', nowMs: NOON - 5 })
      await grant(store, 50, { grantId: 'early', expiresAtMs: NOON + 10_000 })
      await grant(store, 900, { subject: 'account:b' })
      for (const id of ['c1', 'c2']) await admit(store, [creditOf(20)], termsFor(id), { dispatch: true })
      await settle(store, 'c1', 'done', { chargeUnits: 15 })
      const about = { subject: 'account:a', name: 'credit', scale: 2, grantedUnits: 150, chargedUnits: 15 }
      const keeps = { id: 'keeps', availableUnits: 100, grantedUnits: 100, grantedAtMs: NOON - 5, reason: 'recharge' }
      const early = { id: 'early', availableUnits: 15, grantedUnits: 50, grantedAtMs: NOON, expiresAtMs: NOON + 10_000, reason: 'recharge' }
      assertEqual(await store.at(NOON + 9_999).balance('account:a', 'credit'), { ...about, availableUnits: 115, heldUnits: 20, expiredUnits: 0, grants: [early, keeps] }, 'a moment before one expires')
      assertEqual(await store.at(NOON + 10_000).balance('account:a', 'credit'), { ...about, availableUnits: 100, heldUnits: 20, expiredUnits: 15, grants: [keeps] }, 'then, without a sweep')
      await settle(store, 'c2', 'released', { nowMs: NOON + 10_000 })
      await admit(store, [creditOf(100)], termsFor('c3'), { nowMs: NOON + 10_000, dispatch: true })
      await settle(store, 'c3', 'done', { nowMs: NOON + 10_000 })
      const spent = { ...about, chargedUnits: 115, availableUnits: 0, heldUnits: 0, expiredUnits: 35, grants: [] }
      assertEqual(await store.at(NOON + 10_000).balance('account:a', 'credit'), spent, 'when all is spent')
      await applyOne(store.at(NOON + 20_000), { kind: 'sweep', limit: 9 })
      await grant(store, 1, { grantId: 'more', nowMs: NOON + 20_000 })
      assertEqual((await store.at(NOON + 20_000).balance('account:a', 'credit'))?.grantedUnits, 151, 'what was granted before is not forgotten')
      assertEqual(await store.at(NOON).balance('account:a', 'other'), undefined, 'another name')
      await store.close()
    },
  },
  {
    name: 'a balance that renews is given its allowance once in each period, by whoever moves it first, and read as if it were there',
    async run(harness) {
      const store = await harness.create()
      const midnight = Date.UTC(2026, 2, 11)
      const allowance: Allowance = { scale: 2, units: 100, renew: { period: 'day' } }
      const paid = (cost: number): Take => ({ ...creditOf(cost), meter: { kind: 'balance', scale: 2, renew: allowance.renew }, limit: allowance.units })
      const there = async (nowMs: number) => (await store.at(nowMs).balance('account:a', 'credit', allowance))?.availableUnits
      const looked = await store.at(NOON).balance('account:a', 'credit', allowance)
      const due = { id: 'renew:2026-03-10T00:00:00.000Z', availableUnits: 100, grantedUnits: 100, grantedAtMs: NOON, expiresAtMs: midnight, reason: 'renewal' }
      assertEqual(looked, { subject: 'account:a', name: 'credit', scale: 2, availableUnits: 100, heldUnits: 0, grantedUnits: 100, chargedUnits: 0, expiredUnits: 0, grants: [due], renewsAtMs: midnight }, 'before anything moved')
      assertEqual([await movements(store), await store.at(NOON).balance('account:a', 'credit')], [[], undefined], 'a look changes nothing')
      const takes = await Promise.all(Array.from({ length: 20 }, (_, at) => admit(store, [paid(9)], termsFor(`c${at}`), { dispatch: true })))
      assertEqual(takes.filter(({ admitted }) => admitted).length, 11, 'of twenty first calls at once')
      await settle(store, 'c0', 'done', { chargeUnits: 4 })
      await grant(store, 50, { grantId: 'bought', allowance })
      assertEqual([await there(midnight - 1), await there(midnight)], [56, 150], 'what is left, and what comes')
      await applyOne(store.at(midnight), { kind: 'sweep', limit: 100 })
      assertEqual((await debit(store, 151, { nowMs: midnight, allowance })).debited, false, 'more than there is')
      assertEqual((await debit(store, 110, { nowMs: midnight, allowance })).reading, { name: 'credit', subject: 'account:a', kind: 'balance', limit: 100, used: 0, remaining: 40, resetAtMs: midnight + 86_400_000, admitted: true }, 'all of it, and of what was bought')
      assertEqual((await movements(store)).slice(0, 2), ['grant 100 (100+0) renewal', 'hold 9 (91+9) request'], 'the first')
      assertEqual((await movements(store)).slice(-2), ['grant 100 (150+0) renewal', 'debit 110 (40+0) correction'], 'the next day')
      assertEqual(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 })), [], 'the sums')
      await store.close()
    },
  },
  {
    name: 'the ledger is read from either end, in pages, by subject, balance and call',
    async run(harness) {
      const store = await harness.create()
      for (const [at, subject] of ['account:a', 'account:b', 'account:a', 'account:a'].entries()) await grant(store, 10, { subject, grantId: `g${at}` })
      await applyOne(store.at(NOON), { kind: 'grant', subject: 'account:a', name: 'extra', scale: 0, grantId: 'x', units: 1, reason: '' })
      const cursors = (await store.ledger({ limit: 9 })).map(({ cursor }) => cursor)
      const read = async (query: Partial<LedgerQuery>) => (await store.ledger({ limit: 9, ...query })).map(({ subject, number }) => `${subject.at(-1)}${number}`).join(' ')
      assertEqual([await read({}), await read({ order: 'newest' })], ['a1 b1 a2 a3 a4', 'a4 a3 a2 b1 a1'], 'from either end')
      assertEqual(await read({ subject: 'account:a', order: 'newest', limit: 2 }), 'a4 a3', 'the newest page')
      assertEqual(await read({ subject: 'account:a', order: 'newest', before: cursors[3] ?? 0, limit: 2 }), 'a2 a1', 'the page before')
      assertEqual([await read({ subject: 'account:a', name: 'credit' }), await read({ name: 'extra' })], ['a1 a2 a3', 'a4'], 'by balance')
      assertEqual(await read({ after: cursors[0] ?? 0, before: cursors[3] ?? 0 }), 'b1 a2', 'in between')
      await store.close()
    },
  },
  {
    name: 'a reader of the ledger with the cursor of its last row misses none, whatever is committed meanwhile, and each subject counts its own',
    async run(harness) {
      const store = await harness.create()
      const subjects = ['account:a', 'account:b', 'account:c']
      const read: LedgerRow[] = []
      const readOn = async (): Promise<void> => {
        for (;;) {
          const page = await store.ledger({ after: read.at(-1)?.cursor ?? 0, limit: 7 })
          read.push(...page)
          if (page.length === 0) return
        }
      }
      for (let round = 0; round < 10; round += 1) {
        const writing = subjects.flatMap((subject) => [grant(store, 10, { subject, grantId: `g${round}` }), grant(store, 10, { subject, grantId: `h${round}` })])
        await Promise.all([...writing, readOn()])
      }
      await readOn()
      const ids = read.map(({ subject, grantId }) => `${subject} ${grantId}`)
      assertEqual([ids.length, new Set(ids).size], [60, 60], 'each row once')
      for (const subject of subjects) {
        const numbers = read.filter((row) => row.subject === subject).map(({ number }) => number)
        assertEqual(numbers, Array.from({ length: 20 }, (_, at) => at + 1), `the numbers of ${subject}`)
      }
      await store.close()
    },
  },
]
