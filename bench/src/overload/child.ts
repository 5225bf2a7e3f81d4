/** One contender in simulated time, in a process of its own, since its timers and its Date are replaced: figures as JSON on stdout. */
import { createRandom } from '../soak/random.ts'
import { contenders } from './contenders/contenders.ts'
import { versionOf } from './contender.ts'
import { summarise, type ContenderFigures, type LoadSummary } from './figures.ts'
import { runProbes } from './probes.ts'
import { runLoad, type LoadFigures, type Simulation } from './run-load.ts'
import { loads } from './set-ups.ts'
import { simulateGlobals } from './simulated-globals.ts'
import { createTimeline } from './timeline.ts'

const [name = '', ...seeds] = process.argv.slice(2)
const contender = contenders.find((one) => one.name === name)
if (contender === undefined) throw new Error(`there is no contender "${name}"`)

const simulation = (seed: number): Simulation => ({ timeline: createTimeline(), random: createRandom(seed) })

let current = simulation(1)
simulateGlobals(() => current.timeline, () => current.random())
const begin = (seed: number): Simulation => (current = simulation(seed))

const summaries: { [load: string]: LoadSummary } = {}
for (const load of loads) {
  const runs: LoadFigures[] = []
  for (const seed of seeds) runs.push(await runLoad(contender, load, begin(Number(seed))))
  summaries[load.name] = summarise(load, runs)
  process.stderr.write('.')
}
const probes = await runProbes(contender, () => begin(Number(seeds[0])))
const figures: ContenderFigures = { name, version: contender.from === undefined ? null : versionOf(contender.from), note: contender.note ?? null, loads: summaries, probes }
// What a library still has going on would keep the process.
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0))
