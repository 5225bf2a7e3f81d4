/** The state machine of an admitted call, carried by a plain function: dispatched, then one ending, whatever the carrier does after it. */
import { describe, expect, it } from 'vitest'
import type { Store } from '../../stores/store.ts'
import type { Admitted, AdmittedVerdict, Verdict } from '../call.ts'
import { createWorld, nothingSent, serve, type Sent, type World, type WorldOptions } from '../fixtures/paid-world.ts'

/** A world whose store keeps rows of the log to itself until it is told to take them. */
async function withHeldRows(options: WorldOptions = {}): Promise<{ readonly world: World; readonly take: () => void }> {
  let take = (): void => undefined
  const taken = new Promise<void>((resolve) => void (take = resolve))
  const around = (store: Store): Store => ({ ...store, apply: (commands) => (commands.some(({ kind }) => kind === 'log') ? taken.then(() => store.apply(commands)) : store.apply(commands)) })
  return { world: await createWorld({ ...options, around }), take }
}

const isOver = async ({ after }: Verdict): Promise<boolean> => Promise.race([after.then(() => true), new Promise<boolean>((resolve) => void setImmediate(() => resolve(false)))])
const rowsOf = async ({ store }: World): Promise<number> => (await store.requests({ limit: 10 })).length

async function admittedBy(world: World, sent?: Sent): Promise<AdmittedVerdict> {
  const verdict = await world.send(sent)
  if (verdict.kind !== 'admitted') throw new Error(`expected an admission, got ${String(verdict.answer.body)}`)
  return verdict
}

const failure = { kind: 'reset', detail: 'it broke' } as const
const endings: { readonly [name: string]: (admitted: Admitted) => unknown } = {
  completed: (admitted) => (admitted.judge(200, []), admitted.completed(200, nothingSent)),
  answerFor: (admitted) => (admitted.judge(500, []), admitted.answerFor(500, [], undefined, nothingSent)),
  failed: (admitted) => admitted.failed(failure, nothingSent),
  brokenMidStream: (admitted) => (admitted.judge(200, []), admitted.brokenMidStream(failure, 200, [], nothingSent)),
}
const names = Object.keys(endings)

describe('an admitted call', () => {
  it.each(names.flatMap((first) => names.map((second) => [first, second])))('that ended by %s ends once: %s after it changes nothing', async (first, second) => {
    const world = await createWorld()
    const { admitted, after } = await admittedBy(world)
    expect(await admitted.dispatching()).toBe(true)
    await endings[first ?? '']?.(admitted)
    await after
    const before = [await world.money(), await world.ledger(), await rowsOf(world)]
    await endings[second ?? '']?.(admitted)
    expect([await world.money(), await world.ledger(), await rowsOf(world)]).toEqual(before)
    expect(before[2]).toBe(1)
  })

  it('is carried by a function that calls a handler: no upstream, no socket', async () => {
    const world = await createWorld()
    const { admitted } = await admittedBy(world)
    const handler = async (target: string): Promise<string> => JSON.stringify({ success: true, asked: target })
    const answer = await serve(admitted, { body: await handler(admitted.target) })
    expect([answer.status, answer.body, Object.hasOwn(answer.headers, 'x-request-id')]).toEqual([200, '{"success":true,"asked":"/v1/sessions"}', true])
    expect(await world.money()).toEqual({ available: 900, held: 0 })
  })

  it('says no word of where it goes: its route is one of those that the gate was built from', async () => {
    const world = await createWorld()
    const { admitted } = await admittedBy(world)
    expect([admitted.api, admitted.route.path, admitted.target, admitted.takenOff]).toEqual(['nexalayer', '/v1/sessions', '/v1/sessions', '/nexalayer'])
    for (const word of ['upstream', 'timeouts', 'rewrites']) expect(admitted).not.toHaveProperty(word)
  })
})

describe('what goes on after a verdict', () => {
  const answers: readonly (readonly [string, WorldOptions, Sent | undefined])[] = [
    ['a refusal', {}, { headers: ['x-api-key', 'wrong'] }],
    ['a path that is none', {}, { target: '/nexalayer/v1/nothing' }],
    ['a preflight', { api: { cors: { origins: ['*'], allowHeaders: [], maxAgeSeconds: 1 } } }, { method: 'OPTIONS', headers: ['origin', 'https://a.example', 'access-control-request-method', 'POST'] }],
    ['a handler', { api: { routes: [{ methods: ['GET'], path: '/v1/own', steps: [], handler: 'own' }] }, gate: { handlers: { own: async () => ({ kind: 'success', status: 200, data: 1 }) } } }, { method: 'GET', target: '/nexalayer/v1/own' }],
  ]
  it.each(answers)('of %s is the row of the log, and nothing else', async (_, options, sent) => {
    const { world, take } = await withHeldRows(options)
    const verdict = await world.send(sent)
    expect([verdict.kind, await isOver(verdict)]).toEqual(['answer', false])
    take()
    await verdict.after
    expect(await rowsOf(world)).toBe(1)
  })

  it('of a replay is the row of the log', async () => {
    const { world, take } = await withHeldRows()
    await world.run({ key: 'k' })
    const verdict = await world.send({ key: 'k' })
    expect(verdict).toMatchObject({ kind: 'answer', of: { api: 'nexalayer', target: '/v1/sessions', takenOff: '/nexalayer' } })
    expect(await isOver(verdict)).toBe(false)
    take()
    await verdict.after
  })

  it('of a request that reached no route is its row too', async () => {
    const { world, take } = await withHeldRows()
    const verdict = world.gate.refuseRaw('request.invalid', {}, { remoteAddress: '203.0.113.7' })
    expect(await isOver(verdict)).toBe(false)
    take()
    await verdict.after
    expect(await rowsOf(world)).toBe(1)
  })

  it.each(names)('of an admitted call is all until it has ended (%s), and its row', async (name) => {
    const { world, take } = await withHeldRows()
    const verdict = await admittedBy(world)
    await verdict.admitted.dispatching()
    expect(await isOver(verdict)).toBe(false)
    await endings[name]?.(verdict.admitted)
    expect(await isOver(verdict)).toBe(false)
    take()
    await verdict.after
    expect(await rowsOf(world)).toBe(1)
  })

  it('never fails: a row that cannot be written is an alert', async () => {
    const world = await createWorld()
    world.failOn('log')
    const { admitted, after } = await admittedBy(world)
    await serve(admitted)
    await expect(after).resolves.toBeUndefined()
    expect(world.alerts).toEqual(['store: Error: disk full'])
  })

  it('is nothing that must be durable: a carrier that ends with its answer, and waits for none of it, has lost rows of the log alone', async () => {
    const { world } = await withHeldRows()
    const { store } = world
    expect((await serve((await admittedBy(world, { key: 'k' })).admitted)).status).toBe(200)
    const read = await Promise.all([store.ledger({ limit: 10 }), store.calls({ limit: 10 }), store.requests({ limit: 10 })])
    const [movements, [call], rows] = read
    expect(movements.filter(({ kind }) => kind === 'settle').map(({ units }) => units)).toEqual([100])
    expect([call?.state, call?.answer?.body, rows]).toEqual(['done', '{"success":true}', []])
    // The runtime is gone; whoever comes next with this key finds all that was promised.
    const next = await world.answered({ key: 'k' })
    expect([next.status, next.body, next.headers['idempotent-replayed']]).toEqual([200, '{"success":true}', 'true'])
  })
})
