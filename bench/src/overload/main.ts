/**
 * Clients that retry, and a server in trouble: `npm run bench:overload`.
 *
 * Each client runs in a process of its own whose timers, Date and randomness are simulated, with a network in memory and a model of a server behind it. It is the client as
 * npm has it, not a model of it; what has no place for a `fetch` gets its way to the network where it has one (a dispatcher, a request handler). One part of the benchmark runs over
 * real HTTP and in real time, to show that the simulation says the truth.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeMachine } from '../machine.ts'
import { runBudgets } from './budgets.ts'
import { runChild } from './children.ts'
import { contenders } from './contenders/contenders.ts'
import type { ContenderFigures } from './figures.ts'
import { loopbackNames, runLoopback } from './loopback.ts'
import { runOverhead } from './overhead.ts'
import { overloadUsage, parseOverload, type OverloadOrder } from './overload-order.ts'
import { readOverload, saveOverload } from './save-overload.ts'
import { formatOverload, type OverloadRun } from './tables.ts'
import { targets } from './targets.ts'

const home = fileURLToPath(new URL('../../overload', import.meta.url))
const known = contenders.map(({ name }) => name)
const progress = (line: string): void => void process.stderr.write(`${line}\n`)

function installPeers(): void {
  if (existsSync(`${home}/node_modules/.package-lock.json`)) return
  progress(`installing the other clients into ${home}`)
  const { status } = spawnSync('npm', ['ci', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (status !== 0) throw new Error(`npm ci --prefix ${home} has failed`)
}

async function simulateAll(names: readonly string[], seeds: readonly number[]): Promise<readonly ContenderFigures[]> {
  const figures: ContenderFigures[] = []
  for (const name of names) {
    process.stderr.write(`simulation: ${name} `)
    figures.push(await runChild<ContenderFigures>('child', [name, ...seeds.map(String)]))
    progress('')
  }
  return figures
}

async function run({ names, seed, seeds: count, parts, save }: OverloadOrder): Promise<number> {
  if (names.some((name) => name !== 'tollgate') || parts.includes('loopback')) installPeers()
  const seeds = Array.from({ length: count }, (_, at) => seed + at)
  const before = save ? readOverload() : undefined
  const has = (part: (typeof parts)[number]): boolean => parts.includes(part)
  const fresh = has('simulation') ? await simulateAll(names, seeds) : []
  const found: OverloadRun = {
    atMs: Date.now(),
    machine: describeMachine(),
    seeds: has('simulation') ? seeds : (before?.seeds ?? seeds),
    contenders: known.flatMap((name) => fresh.find((one) => one.name === name) ?? before?.contenders.find((one) => one.name === name) ?? []),
    budgets: has('budgets') ? await runBudgets(seeds, progress) : (before?.budgets ?? []),
    overhead: has('overhead') ? await runOverhead(names, progress) : (before?.overhead ?? []),
    loopback: has('loopback') ? await runLoopback(loopbackNames.filter((name) => names.includes(name)), progress) : (before?.loopback ?? []),
  }
  process.stdout.write(formatOverload(found))
  if (save) progress(`written: ${saveOverload(found).join(', ')}`)
  const ours = found.contenders.find(({ name }) => name === 'tollgate')
  return ours !== undefined && targets.some(({ value, isReached }) => !isReached(value(ours))) ? 1 : 0
}

const parsed = parseOverload(process.argv.slice(2), known)
if (parsed.kind === 'help') process.stdout.write(overloadUsage(known))
else if (parsed.kind === 'wrong') {
  progress(parsed.problem)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await run(parsed.order)
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
  }
}
