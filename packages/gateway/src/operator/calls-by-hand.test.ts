/** An operator and a service that settle one running call: over real sockets, each on the way of its own. */
import { expect, it } from 'vitest'
import { checkLedger } from 'tollgate/engine'
import { act, createService, promised, startPaid, type PaidProgram } from '../fixtures/paid-program.ts'

async function byHand({ gateway, service }: PaidProgram, body: object): Promise<{ readonly status: number; readonly body: unknown }> {
  const id = String(service.seen.at(-1)?.headers['tollgate-request-id'])
  const response = await fetch(`${gateway.adminUrl}/v1/calls/${id}/settle`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

/** A call whose answer has gone out and whose price has not come yet: 0.10 of 5.00 are held. Where its service settles it. */
async function openCall(program: PaidProgram): Promise<unknown> {
  program.service.answerBy((_, response) => response.setHeader('tollgate-price', 'later').end('{}'))
  expect((await program.send('POST /v1/work')).status).toBe(200)
  return program.service.seen.at(-1)?.headers['tollgate-call']
}

it('what an operator has charged, the service neither charges nor releases any more', async () => {
  const program = await startPaid(await createService())
  const url = await openCall(program)
  expect(await byHand(program, { outcome: 'charge', amount: '0.04' })).toMatchObject({ status: 200, body: { charged: '0.04' } })
  for (const amount of ['0.04', '0.10', '0.01']) expect((await act(url, 'charge', { amount })).status).toBe(410)
  expect((await act(url, 'release')).status).toBe(410)
  expect(await program.money()).toEqual({ available: 496, held: 0 })
})

it('what an operator has released, the service does not charge any more', async () => {
  const program = await startPaid(await createService())
  const url = await openCall(program)
  expect((await byHand(program, { outcome: 'release' })).status).toBe(200)
  expect((await act(url, 'charge', { amount: '0.10' })).status).toBe(410)
  expect(await program.money()).toEqual({ available: 500, held: 0 })
})

it.each([
  ['charge', 490],
  ['release', 500],
])('a call that is still running is settled by an operator who insists (%s), and what its answer says it costs is void', async (outcome, available) => {
  const program = await startPaid(await createService())
  const [arrived, answers] = [promised(), promised()]
  program.service.answerBy(async (_, response) => {
    arrived.resolve()
    await answers.promise
    response.setHeader('tollgate-price', '0.03').end('{}')
  })
  const sent = program.send('POST /v1/work')
  await arrived.promise
  expect(await byHand(program, { outcome })).toMatchObject({ status: 409 })
  expect((await byHand(program, { outcome, evenIfRunning: true })).status).toBe(200)
  expect((await act(program.service.seen.at(-1)?.headers['tollgate-call'], 'charge', { amount: '0.03' })).status).toBe(410)
  answers.resolve()
  expect((await sent).status).toBe(200)
  expect(await program.money()).toEqual({ available, held: 0 })
  const { store } = program.gateway
  expect(checkLedger(await store.ledger({ limit: 100 }), await store.calls({ limit: 100 }))).toEqual([])
})

it('of an operator and a service that ask at once, one alone settles the call', async () => {
  const program = await startPaid(await createService())
  let charged = 0
  for (let round = 0; round < 12; round += 1) {
    const url = await openCall(program)
    const outcome = round % 3 === 0 ? 'release' : 'charge'
    const asks = [() => byHand(program, { outcome }), () => act(url, 'charge', { amount: '0.07' })] as const
    const both = round % 2 === 0 ? asks.map((ask) => ask()) : asks.toReversed().map((ask) => ask()).toReversed()
    const [operator, service] = await Promise.all(both)
    expect([operator?.status === 200, service?.status === 200].filter(Boolean)).toHaveLength(1)
    expect([200, 404, 409]).toContain(operator?.status)
    expect([200, 410]).toContain(service?.status)
    charged += service?.status === 200 ? 7 : outcome === 'charge' ? 10 : 0
  }
  expect(await program.money()).toEqual({ available: 500 - charged, held: 0 })
  const { store } = program.gateway
  expect(checkLedger(await store.ledger({ limit: 1_000 }), await store.calls({ limit: 1_000 }))).toEqual([])
})
