/** What a call that succeeds at once costs its process in CPU, with each client in turns: `overhead-child.js PORT ROUNDS CALLS NAME…`. */
import { median } from '../rounds.ts'
import { contenders } from './contenders/contenders.ts'
import type { Caller } from './contender.ts'
import type { OverheadFigures } from './overhead.ts'

const [port, rounds, calls, ...names] = process.argv.slice(2)
const baseUrl = `http://127.0.0.1:${port}`
/** No client arms a timer of its own for less; some have none by default. */
const PATIENT_MS = 600_000

const bare: Caller = async () => (await fetch(`${baseUrl}/v1/things`)).json()
const callers: (readonly [string, Caller])[] = [['bare fetch', bare]]
for (const { name, create } of contenders) if (names.includes(name)) callers.push([name, await create({ baseUrl, attemptTimeoutMs: PATIENT_MS, network: { kind: 'loopback' } })])

async function microsPerCall(caller: Caller): Promise<number> {
  const before = process.cpuUsage()
  for (let call = 0; call < Number(calls); call += 1) await caller({ kind: 'read' })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / Number(calls)
}

const found = new Map(callers.map(([name]) => [name, { micros: [] as number[], ratios: [] as number[] }]))
for (let round = -1; round < Number(rounds); round += 1) {
  const measured = new Map<string, number>()
  const turn = (round + 1) % callers.length
  for (const [name, caller] of [...callers.slice(turn), ...callers.slice(0, turn)]) measured.set(name, await microsPerCall(caller))
  // The first round warms up.
  if (round < 0) continue
  for (const [name, micros] of measured) {
    found.get(name)?.micros.push(micros)
    found.get(name)?.ratios.push(micros / (measured.get('bare fetch') ?? Number.NaN))
  }
}
const figures: OverheadFigures[] = [...found].map(([name, { micros, ratios }]) => ({ name, micros: Number(median(micros).toFixed(1)), toFetch: Number(median(ratios).toFixed(4)) }))
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
