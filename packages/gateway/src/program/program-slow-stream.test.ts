/** Answers that take longer than a hold lasts, through the whole program: they never fall silent for as long as the upstream's deadline. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createManualClock, type ManualClock } from 'tollgate/testing'
import { createService, promised, startPaid, type PaidProgram, type Service } from '../fixtures/paid-program.ts'

const PART_SECONDS = 25

/** A service that answers each call by a stream, and the way to write on the last one. */
async function createStreaming(): Promise<{ readonly service: Service; asked(): Promise<ServerResponse> }> {
  const service = await createService()
  let asked = promised<ServerResponse>()
  service.answerBy((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'tollgate-price': '0.04' }).write('[0')
    asked.resolve(response)
  })
  return {
    service,
    async asked() {
      const response = await asked.promise
      asked = promised()
      return response
    },
  }
}

/** Time that passes a second after another, as the sweep sees it; after each part of it the service writes something. */
async function write(clock: ManualClock, response: ServerResponse, parts: number, written: () => unknown): Promise<void> {
  for (let part = 1; part <= parts; part += 1) {
    for (let second = 0; second < PART_SECONDS; second += 1) {
      clock.advance(1_000)
      await new Promise(setImmediate)
    }
    await new Promise((resolve) => response.write(`,${part}`, resolve))
    await written()
  }
}

/** A turn of the sockets, for what nobody reads: what was written has been seen. */
const seen = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
}

function temporaryFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-slow-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'tollgate.db')
}

async function start(file?: string): Promise<{ readonly clock: ManualClock; readonly program: PaidProgram; asked(): Promise<ServerResponse> }> {
  const clock = createManualClock(Date.UTC(2026, 10, 21, 12))
  const { service, asked } = await createStreaming()
  return { clock, asked, program: await startPaid(service, { clock, ...(file !== undefined && { file }) }) }
}

it.each([
  ['in memory', () => undefined],
  ['in SQLite', temporaryFile],
])('an answer that its caller reads for longer than the hold lasts is charged all the same, and keeps its slot: %s', async (_, fileOf) => {
  const { clock, program, asked } = await start(fileOf())
  const reader = (await program.send('POST /v1/slots')).body?.getReader()
  const response = await asked()
  await write(clock, response, 30, () => reader?.read())
  expect(await program.alive('slots')).toBe(1)
  expect(await program.ledger()).toEqual([{ kind: 'hold', units: 1, reason: 'request' }])
  response.end(']')
  while ((await reader?.read())?.done === false);
  await expect.poll(program.money).toEqual({ available: 499, held: 0 })
  expect(await program.ledger()).toMatchObject([{ kind: 'hold' }, { kind: 'settle', units: 1 }])
  expect(await program.alive('slots')).toBe(0)
})

it('a key stays locked while its first call still runs, though its caller has gone and the hold would be over, and then has its answer', async () => {
  const { clock, program, asked } = await start()
  const keyed = { headers: { 'idempotency-key': 'one' } }
  const leaving = new AbortController()
  const first = await program.send('POST /v1/keyed', { ...keyed, signal: leaving.signal })
  const response = await asked()
  leaving.abort()
  await expect(first.text()).rejects.toThrow('abort')
  await write(clock, response, 30, seen)
  expect((await program.send('POST /v1/keyed', keyed)).status).toBe(409)
  expect(await program.money()).toEqual({ available: 490, held: 10 })
  expect(program.service.seen).toHaveLength(1)
  response.end(']')
  await expect.poll(program.money).toEqual({ available: 496, held: 0 })
  const replayed = await program.send('POST /v1/keyed', keyed)
  expect([replayed.headers.get('idempotent-replayed'), await replayed.text()]).toEqual(['true', expect.stringMatching(/^\[0,1,.*,30\]$/)])
  expect(program.service.seen).toHaveLength(1)
})

it('a process that dies in the middle of it leaves a hold that the next one keeps, and ends at most so long after the last sign of life', async () => {
  const [file, left] = [temporaryFile(), temporaryFile()]
  const { clock, program, asked } = await start(file)
  const reader = (await program.send('POST /v1/work')).body?.getReader()
  const response = await asked()
  await write(clock, response, 30, () => reader?.read())
  // What a crash would leave: the files as they lie there.
  for (const end of ['', '-wal']) copyFileSync(file + end, left + end)
  response.end(']')
  while ((await reader?.read())?.done === false);

  const next = await startPaid(program.service, { clock, file: left })
  expect(await next.money()).toEqual({ available: 490, held: 10 })
  clock.advance(300_000 - 1_000)
  expect(await next.money()).toEqual({ available: 490, held: 10 })
  clock.advance(300_000 + 1_000)
  // The sweeper plans its next round once it has been told of the last one: time goes on until it has.
  const moneyLater = async (): Promise<unknown> => (clock.advance(10_000), await next.money())
  await expect.poll(moneyLater).toEqual({ available: 500, held: 0 })
})
