/** Everybody in turns, so that whatever else the machine does meets all alike. */
import { median } from '../../rounds.ts'
import { forkChild, type Child } from '../children.ts'
import type { ContenderResult, Situation, SituationResult } from '../engine-run.ts'
import { watchCpu } from '../server-cpu.ts'
import { MANY } from '../situations.ts'
import type { Done, Work } from './child.ts'
import type { Contender, Urls } from './contender.ts'
import { postgresContenders } from './on-postgres.ts'
import { valkeyContenders } from './on-valkey.ts'

export interface Pace {
  readonly rounds: number
  readonly roundMs: number
}

const WARM_CALLERS = 64
const WARM_MS = 1_000

type Round = Omit<ContenderResult, 'name' | 'behind'>

export interface AdmissionBench {
  measure(situation: Situation, pace: Pace): Promise<SituationResult>
  stop(): Promise<void>
}

export async function createAdmissionBench(urls: Urls, pidOf: (engine: Situation['engine']) => number): Promise<AdmissionBench> {
  for (const { prepare } of [...postgresContenders, ...(urls.valkey === undefined ? [] : valkeyContenders)]) await prepare?.(urls, MANY)
  const warm = new Set<string>()
  const crews = new Map<number, readonly Child<Work, Done>[]>()
  const crewOf = (processes: number): readonly Child<Work, Done>[] => {
    const crew = crews.get(processes) ?? Array.from({ length: processes }, (_, process) => forkChild<Work, Done>('./admissions/child.js', { urls, process, processes }))
    crews.set(processes, crew)
    return crew
  }

  async function measureOnce({ engine, callers, accounts, processes }: Situation, { name }: Contender, forMs: number): Promise<Round> {
    const cpu = watchCpu(pidOf(engine))
    const done = await Promise.all(crewOf(processes).map((child) => child.ask({ engine, name, callers: callers / processes, accounts, forMs })))
    const serverMicros = cpu()
    const admissions = done.reduce((sum, each) => sum + each.admissions, 0)
    const at = (share: number): number => quantile(done, share)
    return {
      perSecond: done.reduce((sum, each) => sum + each.admissions / each.seconds, 0),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      clientMicros: done.reduce((sum, each) => sum + each.cpuMicros, 0) / admissions,
      serverMicros: serverMicros / admissions,
    }
  }

  return {
    async measure(situation, { rounds, roundMs }) {
      const contenders = (situation.engine === 'postgres' ? postgresContenders : valkeyContenders).filter(({ isAlone }) => isAlone !== true || situation.callers === 1)
      for (const contender of contenders) {
        const key = `${situation.engine} ${contender.name} ${situation.processes}`
        // Code that has hardly run is many times slower.
        if (!warm.has(key)) await measureOnce({ ...situation, callers: WARM_CALLERS }, contender, WARM_MS)
        warm.add(key)
        await measureOnce(situation, contender, roundMs / 2)
      }
      const measured = new Map(contenders.map(({ name }) => [name, [] as Round[]]))
      for (let round = 0; round < rounds; round += 1) {
        const first = round % contenders.length
        for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) measured.get(contender.name)?.push(await measureOnce(situation, contender, roundMs))
      }
      const own = measured.get(contenders[0]?.name ?? '') ?? []
      return { ...situation, contenders: [...measured].map(([name, each]) => summary(name, each, own)) }
    },
    async stop() {
      await Promise.all([...crews.values()].flat().map((child) => child.stop()))
    },
  }
}

function summary(name: string, rounds: readonly Round[], own: readonly Round[]): ContenderResult {
  const of = (figure: keyof Round): number => median(rounds.map((round) => round[figure]))
  return {
    name,
    perSecond: of('perSecond'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    clientMicros: of('clientMicros'),
    serverMicros: of('serverMicros'),
    behind: median(rounds.map(({ perSecond }, at) => (own[at]?.perSecond ?? Number.NaN) / perSecond)),
  }
}

/** Of all processes: each has said its own, and counts by how much it did. */
function quantile(done: readonly Done[], share: number): number {
  const weighed = done.flatMap(({ waits, admissions }) => waits.map((ms) => ({ ms, weight: admissions / waits.length }))).toSorted((a, b) => a.ms - b.ms)
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  let seen = 0
  for (const { ms, weight } of weighed) {
    seen += weight
    if (seen > total * share) return ms
  }
  return weighed.at(-1)?.ms ?? Number.NaN
}
