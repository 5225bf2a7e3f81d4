/** Postgres is killed while several gateways work on it: what was told is there afterwards, what was not told is asked again, and the ledger adds up. */
import { createSystemClock } from '@tollgate/gateway'
import { checkLedger, StoreUnavailableError, type CallTerms, type StateCommand, type Take } from 'tollgate/engine'
import { applyOne, type ResultOf, type Store } from 'tollgate/stores'
import { expect, test } from 'vitest'
import { isProving } from '../runs.ts'
import { startPostgres } from '../servers/postgres.ts'
import { createPostgresDatabase } from './stores.ts'

const CALLS = isProving ? 20_000 : 240
const CRASHES = isProving ? 20 : 1
const AT_ONCE = 40
const ACCOUNTS = 5
const COST = 10

test('kill -9 of the server loses nothing that was told, and charges nothing twice', async () => {
  const server = await startPostgres()
  const database = await createPostgresDatabase(await server.freshDatabase())
  const clock = createSystemClock()
  const stores: readonly Store[] = await Promise.all([1, 2, 3].map(() => database.open({ clock, answerWithinMs: 30_000 })))
  let turn = 0
  let failures = 0

  /** All of them have names. */
  async function untilTold<C extends StateCommand>(command: C): Promise<ResultOf[C['kind']]> {
    for (;;) {
      turn += 1
      try {
        return await applyOne(stores[turn % stores.length] as Store, command)
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error
        failures += 1
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  const takesOf = (subject: string): readonly Take[] => [
    { subject, name: 'daily', meter: { kind: 'quota', period: 'day' }, limit: 1_000_000, cost: 1 },
    { subject, name: 'parallel', meter: { kind: 'lease', of: 'slot' }, limit: 1_000, cost: 1 },
    { subject, name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: COST },
  ]
  const subjects = Array.from({ length: ACCOUNTS }, (_, at) => `account:a${at}`)
  for (const subject of subjects) await untilTold({ kind: 'grant', subject, name: 'credit', scale: 2, grantId: 'g', units: COST * CALLS, reason: 'test' })

  const charged = new Map<string, number>()
  let begun = 0
  let done = 0
  const caller = async (): Promise<void> => {
    while (begun < CALLS) {
      const at = begun
      begun += 1
      const call: CallTerms = { id: `c${at}`, accountId: `a${at % ACCOUNTS}`, holdMs: 600_000, onExpiry: 'release' }
      const { admitted } = await untilTold({ kind: 'admit', takes: takesOf(`account:${call.accountId}`), call, admission: 'stage 0', dispatch: true })
      expect(admitted).toBe(true)
      const { chargedUnits, settled } = await untilTold({ kind: 'settle', callId: call.id, outcome: at % 4 > 0 ? 'done' : 'released', reason: 'test' })
      // Of a release nothing is left, so that the same again is void.
      expect(settled || at % 4 === 0).toBe(true)
      charged.set(call.id, chargedUnits)
      done += 1
    }
  }
  const crashes = (async () => {
    for (let crash = 1; crash <= CRASHES; crash += 1) {
      await expect.poll(() => done, { timeout: 600_000, interval: 5 }).toBeGreaterThan((crash * CALLS) / (CRASHES + 1))
      await server.kill('SIGKILL')
      await server.restart()
    }
  })()
  await Promise.all([crashes, ...Array.from({ length: AT_ONCE }, caller)])

  expect(failures).toBeGreaterThan(0)
  const [store] = stores as readonly [Store]
  const rows = await store.ledger({ limit: 10 * CALLS })
  expect(checkLedger(rows, await store.calls({ limit: 2 * CALLS }))).toEqual([])
  expect([...charged.values()].filter((units) => units > 0)).toHaveLength(Math.floor((CALLS * 3) / 4))
  const settled = rows.flatMap(({ kind, callId }) => (kind === 'settle' ? [callId] : []))
  expect(settled.toSorted()).toEqual([...charged].flatMap(([id, units]) => (units > 0 ? [id] : [])).toSorted())
  for (const subject of subjects) {
    const [, parallel, credit] = await store.peek(takesOf(subject))
    expect([parallel?.used, credit?.used]).toEqual([0, 0])
  }
  await Promise.all(stores.map((each) => each.close()))
  await server.stop()
})
