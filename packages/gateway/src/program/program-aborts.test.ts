/** Callers that leave and services that fail, at random: no slot stays taken, no money is lost. */
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { refuse } from 'tollgate/contract'
import { createDirectory } from 'tollgate/directory'
import { checkLedger } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createGate, type Completion, type IncomingCall, type UpstreamFailure } from 'tollgate/gate'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { loadConfig } from '../config/load-config.ts'
import { putAcme } from '../fixtures/acme.ts'
import { noTokens } from '../fixtures/no-tokens.ts'
import { createService, KEY, paidConfig, startPaid } from '../fixtures/paid-program.ts'
import { randomBytes, sha256Hex } from '../platform/secrets.ts'
import { isProving } from '../../../../test/runs.ts'

const endings = isProving ? 10_000 : 2_000

/** The same in each run: a linear congruential generator. */
function createDice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const sent: Completion = { bytesIn: 0, bytesOut: 0, attempts: [] }

const failures: readonly UpstreamFailure[] = [
  { kind: 'refused', detail: '' },
  { kind: 'timeout', phase: 'connect', detail: '' },
  { kind: 'timeout', phase: 'headers', detail: '' },
  { kind: 'reset', detail: '' },
  { kind: 'garbage', detail: '' },
  { kind: 'client_gone', detail: '', sent: true },
  { kind: 'client_gone', detail: '', sent: false },
  { kind: 'request_body', problem: 'broken', detail: '' },
  { kind: 'withdrawn', refusal: refuse('credential.revoked'), detail: '' },
]

it(`of ${endings} calls that end at random, none leaves a slot taken, and the ledger adds up`, async () => {
  const dice = createDice(7)
  const loaded = loadConfig(paidConfig(1), { environment: {} })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  const clock = createManualClock(Date.UTC(2026, 10, 21, 12))
  const store = createMemoryStore({ clock })
  const directory = createDirectory({ store, clock, sha256Hex })
  await putAcme(directory, { api: 'nexalayer', key: KEY })
  await applyOne(store, { kind: 'grant', subject: 'account:acme', name: 'credit', scale: 2, grantId: 'first', units: 1_000_000, reason: 'test' })
  const { apis, fallback } = loaded.value
  const gate = createGate({ apis, fallback, handlers: noTokens, store, directory, clock, randomBytes, sha256Hex })
  const incoming: IncomingCall = {
    method: 'POST',
    target: '/nexalayer/v1/slots',
    headers: ['x-api-key', KEY],
    remoteAddress: '203.0.113.7',
    hasBody: false,
    readBody: () => Promise.resolve({ kind: 'complete', bytes: new Uint8Array(0) }),
  }
  let letIn = 0

  async function call(): Promise<void> {
    const verdict = await gate.begin(incoming)
    if (verdict.kind === 'answer') return
    letIn += 1
    const { admitted } = verdict
    const failure = failures[dice(failures.length)] ?? { kind: 'refused', detail: '' }
    if (dice(10) === 0) return void (await admitted.failed(failure, sent))
    if (admitted.dispatching !== undefined) await admitted.dispatching()
    if (dice(2) === 0) return void (await admitted.failed(failure, sent))
    const status = [200, 204, 301, 404, 429, 500][dice(6)] ?? 200
    const judgement = admitted.judge(status, [])
    if (judgement.kind === 'read') await admitted.answerFor(status, [], dice(2) === 0 ? undefined : new Uint8Array(0), sent)
    else if (dice(2) === 0) await admitted.completed(status, sent)
    else await admitted.brokenMidStream(failure, status, [], sent)
    // What carries HTTP may report a broken socket after it has already answered.
    if (dice(4) === 0) await admitted.failed(failure, sent)
  }
  // Four at once, as many as there are slots.
  for (let at = 0; at < endings; at += 4) await Promise.all([call(), call(), call(), call()])

  expect(letIn).toBe(endings)
  const [slots] = await store.peek([{ subject: 'key:key_1', name: 'slots', meter: { kind: 'lease', of: 'slot' }, limit: 4, cost: 1 }])
  expect(slots?.used).toBe(0)
  clock.advance(86_400_000)
  for (let resolved = 1; resolved > 0; ) resolved = (await applyOne(store, { kind: 'sweep', limit: 1_000 })).calls
  const [credit] = await store.peek([{ subject: 'account:acme', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 0 }])
  expect(credit?.used).toBe(0)
  expect(checkLedger(await store.ledger({ limit: 100_000 }), await store.calls({ limit: 100_000 }))).toEqual([])
})

it('of five hundred callers that leave at random over sockets, none leaves a slot taken', async () => {
  const dice = createDice(11)
  const program = await startPaid(await createService())
  program.service.answerBy((_, response) => {
    const way = dice(5)
    if (way === 0) return response.socket?.resetAndDestroy()
    if (way === 1) return response.writeHead(500).end()
    if (way === 2) return response.end('{}')
    response.writeHead(200).write('{')
    return setTimeout(() => response.end('}'), dice(5))
  })
  const { port } = program.gateway
  const body = JSON.stringify({ text: 'x'.repeat(100) })
  const request = `POST /nexalayer/v1/slots HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: ${KEY}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

  /** Sends so much of a request, waits for so long or for an answer, and is gone in one way or another. */
  const leave = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      const gone = (): void => void (dice(2) === 0 ? socket.resetAndDestroy() : socket.destroy())
      socket.on('error', () => undefined).on('close', () => resolve())
      socket.write(dice(3) === 0 ? request.slice(0, dice(request.length)) : request)
      if (dice(3) === 0) socket.once('data', gone)
      setTimeout(gone, dice(15))
    })
  for (let at = 0; at < 100; at += 1) await Promise.all([leave(), leave(), leave(), leave(), leave()])
  // How many come so far before they leave is the machine's: some more leave, until enough have.
  while (program.service.seen.length <= 50) await leave()

  // Whoever left last may still be on the way out.
  await expect.poll(() => program.alive('slots')).toBe(0)
  program.service.answerBy((_, response) => response.end('{}'))
  // Whoever came last may still be on the way in.
  const four = (): Promise<readonly number[]> => Promise.all([1, 2, 3, 4].map(async () => (await program.send('POST /v1/slots')).status))
  await expect.poll(four, { timeout: 60_000 }).toEqual([200, 200, 200, 200])
})
