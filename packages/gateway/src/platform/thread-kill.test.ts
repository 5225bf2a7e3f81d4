/** What `kill -9` leaves of a process whose database is in a thread of its own, as built: all that was told, and each group whole or not at all. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { checkLedger } from 'tollgate/engine'
import { applyOne } from 'tollgate/stores'
import { createManualClock } from 'tollgate/testing'
import { builtThread } from '../fixtures/faulty-thread.ts'
import { openStore } from '../program/open-store.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const KILLS = 2
const TOLD_PER_KILL = 200

/** Paid calls as fast as it can, each told with a line once its money and its document are on disk; the settlement of the one before goes along. */
const child = `
import { writeSync } from 'node:fs'
import { openStore } from ${JSON.stringify(join(import.meta.dirname, '../../dist/program/open-store.js'))}
const [file, first] = process.argv.slice(2)
const clock = { wallMs: () => ${NOON}, monotonicMs: () => performance.now(), after: (ms, run) => { const timer = setTimeout(run, ms); return () => clearTimeout(timer) } }
const { store } = await openStore({ kind: 'sqlite', file }, clock, () => undefined)
let next = Number(first)
let told = 0
const worker = async () => {
  let before
  for (;;) {
    const number = next++
    const call = { id: 'c' + number, accountId: 'a', holdMs: 60_000, onExpiry: 'release' }
    const take = { subject: 'account:a', name: 'credit', meter: { kind: 'balance', scale: 2 }, limit: 0, cost: 2 }
    await store.apply([
      { kind: 'admit', takes: [take], call, dispatch: true },
      ...(before === undefined ? [] : [{ kind: 'settle', callId: before, outcome: 'done', chargeUnits: 1, reason: 'price' }]),
      { kind: 'put', collection: 'told', id: String(number), value: number, expect: 0 },
    ])
    before = call.id
    writeSync(1, number + '\\n')
    // At once: what is told must be on disk by then.
    if ((told += 1) === ${TOLD_PER_KILL}) process.kill(process.pid, 'SIGKILL')
  }
}
for (let count = 0; count < 16; count += 1) worker()
`

it('kill -9 in the midst of commits of the other thread loses nothing that was told, and the books are right', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-thread-kill-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const [file, program] = [join(directory, 'tollgate.db'), join(directory, 'child.mjs')]
  writeFileSync(program, child)
  const open = async () => (await openStore({ kind: 'sqlite', file }, createManualClock(NOON), () => undefined, { thread: builtThread })).store
  const begun = await open()
  await applyOne(begun, { kind: 'grant', subject: 'account:a', name: 'credit', scale: 2, grantId: 'g', units: 1_000_000, reason: 'test' })
  await begun.close()

  const told: string[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    const running = spawn(process.execPath, [program, file, String(kill * 1_000_000)], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void running.kill('SIGKILL'))
    const closed = once(running, 'close')
    for await (const line of createInterface({ input: running.stdout })) told.push(line)
    await closed
    expect(running.signalCode).toBe('SIGKILL')

    const store = await open()
    for (const number of told) expect(await store.get('told', number)).toMatchObject({ value: Number(number) })
    const rows = await store.ledger({ subject: 'account:a', order: 'oldest', limit: 100_000 })
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, at) => at + 1))
    const calls = await store.calls({ limit: 100_000 })
    // Each call stands with its document and its hold, each settled one with its charge.
    expect(calls).toHaveLength((await store.list('told', { limit: 100_000 })).length)
    expect(rows.filter(({ kind }) => kind === 'hold')).toHaveLength(calls.length)
    expect(rows.filter(({ kind }) => kind === 'settle')).toHaveLength(calls.filter(({ state }) => state === 'done').length)
    expect(checkLedger(rows, calls)).toEqual([])
    await store.close()
  }
})
