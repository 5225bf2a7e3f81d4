/** One contender in the dip over real HTTP, in real time: `loopback-child.js NAME PORT CLIENTS`. */
import { contenders } from './contenders/contenders.ts'
import { summarise } from './figures.ts'
import { createCallers, startCalls } from './run-load.ts'
import { ATTEMPT_TIMEOUT_MS, loads } from './set-ups.ts'

const [name, port, clients] = process.argv.slice(2)
const contender = contenders.find((one) => one.name === name)
const load = loads.find((one) => one.name === (clients === '1' ? 'dip' : 'dip, fleet'))
if (contender === undefined || load === undefined) throw new Error(`no contender "${name}" or no load of ${clients} clients`)

const time = {
  nowMs: () => performance.now(),
  after(delayMs: number, run: () => void) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
const world = { baseUrl: `http://127.0.0.1:${port}`, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS, network: { kind: 'loopback' } } as const
const callers = await createCallers(contender, load, world)
// Each has made a call before: in the first seconds of a process its own code is what is slow.
for (const caller of callers) await caller({ kind: 'read' })
await fetch(`${world.baseUrl}/begin`)
process.stdout.write('"ready"\n')
await new Promise((resolve) => process.stdin.once('data', resolve))

const calls = startCalls(callers, load, time)
await new Promise((resolve) => setTimeout(resolve, load.seconds * 1_000 + ATTEMPT_TIMEOUT_MS))
const served = (await (await fetch(`${world.baseUrl}/figures`)).json()) as { readonly arrived: readonly number[]; readonly attemptsPerCall: number; readonly failedShare: number }
process.stdout.write(`${JSON.stringify(summarise(load, [{ ...calls.figures(), ...served }]))}\n`, () => process.exit(0))
