import { createManualClock, flush } from '@tollgate/example-parts/testing/manual-clock'
import type { CallActions } from 'tollgate/service'
import { expect, test } from 'vitest'
import { createBackendClient } from './backend-client.ts'
import type { Backend, BackendCommand } from './backend.ts'
import { createProvisioning } from './provisioning.ts'
import type { Session } from './session.ts'
import { createSimulatedBackend } from './simulated-backend.ts'
import { createTurns } from './turns.ts'

const DAY_MS = 86_400_000

type Action = keyof CallActions

/** One session of two addresses for 30 days at 9.00, ordered at a backend that takes two seconds. */
async function createWorld(options: { readonly country?: string; readonly send?: (command: BackendCommand, backend: Backend) => ReturnType<Backend['send']> } = {}) {
  const clock = createManualClock(0)
  const simulated = createSimulatedBackend({ clock, randomHex: () => 'ab', allocateMs: 2_000 })
  const commands: string[] = []
  const send: Backend['send'] = (command) => {
    commands.push(command.do)
    return options.send === undefined ? simulated.send(command) : options.send(command, simulated)
  }
  const backend = createBackendClient({ send }, clock, 10_000)
  const told: string[] = []
  /** What the gateway says to an action; true by default. */
  const says = new Map<Action, boolean | Error>()
  const tell = async (action: Action, ...facts: readonly (string | number)[]) => {
    const answer = says.get(action) ?? true
    if (answer instanceof Error) throw answer
    told.push([action, ...facts].join(' '))
    return answer ? ({ outcome: 'done', charged: '9.00' } as const) : ({ outcome: 'ended', detail: 'the call is over' } as const)
  }
  const session: Session = {
    id: 'ses_00000001',
    account: 'acc_1',
    idempotencyKey: undefined,
    request: { type: 'static', productNo: 'STA-ISP-01', quantity: 2, durationDays: 30, location: { country: 'DE', city: null } },
    createdAtMs: 0,
    unitCents: 15,
    priceCents: 900,
    state: { status: 'creating', bound: false },
    call: {
      charge: (amount) => tell('charge', amount),
      release: () => tell('release'),
      bindLease: (id) => tell('bindLease', id),
      renewLease: (id, expiresAt) => tell('renewLease', id, expiresAt?.getTime() ?? 'for good'),
      endLease: (id) => tell('endLease', id),
    },
    renewedAtMs: new Map(),
    usedMb: 0,
    failuresInARow: 0,
  }
  const errors: string[] = []
  const provisioning = createProvisioning({ clock, backend, inTurn: createTurns(), onError: (error, where) => errors.push(`${where} ${String(error)}`) })
  const order = () => backend.order(session.id, { country: options.country ?? 'DE', addresses: 2, rotating: false })
  return {
    session,
    told,
    says,
    errors,
    commands,
    clock,
    order,
    start: () => provisioning.start(session),
    /** Steps of half a second, each with all that follows from it. */
    async pass(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.advance(500)
        await flush()
      }
    },
  }
}

test('a session becomes active once its addresses are there and its price is charged, and is left alone then', async () => {
  const { session, told, clock, order, start, pass } = await createWorld()
  await order()
  await start()
  expect([session.state, told]).toEqual([{ status: 'creating', bound: true }, ['bindLease ses_00000001']])
  await pass(1_500)
  expect(session.state.status).toBe('creating')
  await pass(500)
  expect(session.state).toMatchObject({ status: 'active', expiresAtMs: 2_000 + 30 * DAY_MS, endpoints: [{ host: '203.0.113.1' }, { host: '203.0.113.2' }] })
  expect(told).toEqual(['bindLease ses_00000001', `renewLease ses_00000001 ${2_000 + 30 * DAY_MS}`, 'charge 9.00'])
  expect([session.call, clock.pending()]).toEqual([undefined, 0])
})

test('a site that has no address left fails the session, which gives everything back', async () => {
  const { session, told, errors, commands, clock, order, start, pass } = await createWorld({ country: 'zz-late' })
  await order()
  await start()
  await pass(2_000)
  expect(session.state).toEqual({ status: 'failed', endedAtMs: 2_000, failure: 'not_allocated' })
  expect(told).toEqual(['bindLease ses_00000001', 'endLease ses_00000001', 'release'])
  expect([errors, commands.at(-1), clock.pending()]).toEqual([['ses_00000001 no address left at this site'], 'release', 0])
})

test('an order that never reached the backend fails at the first look', async () => {
  const { session, told, start, pass } = await createWorld()
  await start()
  await pass(500)
  expect(session.state).toMatchObject({ status: 'failed', failure: 'not_allocated' })
  expect(told.at(-1)).toBe('release')
})

test('a backend that goes on failing is asked again for a minute, and then the session has failed', async () => {
  const down = (command: BackendCommand, backend: Backend) => (command.do === 'look' ? Promise.resolve({ status: 500, body: '' }) : backend.send(command))
  const { session, told, order, start, pass } = await createWorld({ send: down })
  await order()
  await start()
  await pass(59_500)
  expect(session.state.status).toBe('creating')
  await pass(500)
  expect(session.state).toMatchObject({ status: 'failed', failure: 'not_allocated' })
  expect(told.at(-1)).toBe('release')
})

test('a gateway that cannot be reached for the charge is asked again, more and more rarely, and no address is given away before', async () => {
  const { session, told, says, errors, order, start, pass } = await createWorld()
  says.set('charge', new Error('fetch failed'))
  await order()
  await start()
  await pass(120_000)
  expect(session.state.status).toBe('settling')
  expect(errors.length).toBeLessThan(12)
  says.delete('charge')
  await pass(30_000)
  expect(session.state.status).toBe('active')
  expect(told.filter((line) => line.startsWith('renewLease')).length).toBe(1)
  expect(told.at(-1)).toBe('charge 9.00')
})

test('a lease that could not be bound at once is bound before anything else happens', async () => {
  const { session, told, says, commands, order, start, pass } = await createWorld()
  says.set('bindLease', new Error('fetch failed'))
  await order()
  await start()
  await pass(500)
  expect([session.state, commands]).toEqual([{ status: 'creating', bound: false }, ['order']])
  says.delete('bindLease')
  await pass(3_000)
  expect([session.state.status, told[0]]).toEqual(['active', 'bindLease ses_00000001'])
})

test.each<Action>(['bindLease', 'renewLease', 'charge'])('a session whose call is over at %s is not given away, and its addresses go back', async (action) => {
  const { session, says, commands, clock, order, start, pass } = await createWorld()
  says.set(action, false)
  await order()
  await start()
  await pass(3_000)
  expect(session.state).toMatchObject({ status: 'failed', failure: 'not_paid' })
  expect([commands.at(-1), clock.pending()]).toEqual(['release', 0])
})

test('what a failed session holds is given back even if the gateway is away at first', async () => {
  const { session, told, says, order, start, pass } = await createWorld({ country: 'zz-late' })
  says.set('release', new Error('fetch failed'))
  await order()
  await start()
  await pass(3_000)
  expect(session.state.status).toBe('failed')
  says.delete('release')
  await pass(30_000)
  expect([told.at(-1), session.call]).toEqual(['release', undefined])
})

test('without a gateway nobody is told, and the session becomes active all the same', async () => {
  const { session, told, order, start, pass } = await createWorld()
  session.call = undefined
  await order()
  await start()
  await pass(2_000)
  expect([session.state.status, told]).toEqual(['active', []])
})
