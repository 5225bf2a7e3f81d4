/**
 * Mixed paid traffic through the whole program, which dies again and again at random moments and is started again on the same file. In the end
 * all deadlines have passed, and everything that callers and service wrote down must agree with what the file says.
 *
 * The seed decides the traffic, the service's moods and the moments of the crashes; what meets when is the machine's. It takes its time, so it is a part of
 * `npm run prove` (`PROVE_ROUNDS` crashes of each seed); `npm test` simulates it.
 */
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaller, type Caller } from './caller.ts'
import { randomConduct } from './conduct.ts'
import { figuresOf } from './figures.ts'
import { isWhole, type History } from './history.ts'
import { createHttpLine } from './http-line.ts'
import { judge } from './judge.ts'
import { copyPrograms, type Program, type Programs } from './program.ts'
import { createRandom, type Random } from './random.ts'
import { kindOf } from './shop.ts'
import { machineTime, SLACK_MS } from './time.ts'
import { proveRounds as rounds, isProving, seeds } from '../runs.ts'
import { createTreasurer, giveOver } from './treasurer.ts'
import { askToTheEnd } from './to-the-end.ts'
import { createWorld } from './world.ts'

describe.runIf(isProving).each(seeds)('seed %i', (seed) => {
  let compiled: string
  beforeAll(() => void (compiled = copyPrograms()))
  afterAll(() => rmSync(compiled, { recursive: true, force: true }))

  it(`${rounds} crashes lose no money, charge no key twice, lock nothing, and leave no answer outside the contract`, async () => {
    const world = await createWorld(compiled)
    try {
      const random = createRandom(seed)
      const caller = createCaller(createHttpLine(world.url), random)
      world.service.conductBy(() => randomConduct(random))
      const treasurer = createTreasurer(giveOver(world.adminUrl), machineTime, random)

      caller.begin()
      const { errors, deaths } = await crashAgainAndAgain(world.programs, caller, random)
      const program = await world.programs.start()
      expect({ isStarted: await program.started, said: program.errors }).toMatchObject({ isStarted: true })
      caller.open()
      await Promise.race([caller.heard(40), program.ended])
      await caller.stop()
      const grants = [...world.grants, ...(await treasurer.stop())]
      const { endedAtMs, meters } = await askToTheEnd(world.service, caller)
      expect(await program.stop()).toBe(0)

      const history: History = { orders: caller.orders, probes: caller.probes, runs: world.service.runs, troubled: false, deaths, grants, errors: [...errors, ...program.errors].filter(isWrong) }
      const wrong = judge(history, await world.read(endedAtMs), SLACK_MS)
      expect(wrong.length, `${wrong.slice(0, 20).join('\n')}\nPROVE_SEED=${seed} PROVE_ROUNDS=${rounds} npm run prove -- test/chaos ${JSON.stringify(figuresOf(history))}`).toBe(0)
      process.stdout.write(`${JSON.stringify({ seed, rounds, ...figuresOf(history) })}\n`)
      expect(meters).toMatchObject({ credit: { held: '0.00' }, slots: { used: 0 } })
      expectMuch(history)
    } finally {
      await world.close()
    }
  })
})

/** Resolves to what the dead have said, and when they died. Every fifth one dies while it starts. */
async function crashAgainAndAgain(programs: Programs, caller: Caller, random: Random): Promise<{ readonly errors: readonly string[]; readonly deaths: readonly number[] }> {
  const errors: string[] = []
  const deaths: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const program: Program = await programs.start()
    const isEarly = random.chance(0.2)
    if (!isEarly) await program.started
    caller.open()
    // By what has happened rather than by the clock: a busy machine sees as much as an idle one.
    if (!isEarly) await Promise.race([caller.heard(random.whole(1, 80)), program.ended])
    await pause(random.whole(0, isEarly ? 80 : 30))
    caller.shut()
    await program.kill()
    deaths.push(Date.now())
    errors.push(...program.errors)
  }
  return { errors, deaths }
}

/** Of what the program logs as errors, what it may never have to: the service's own faults are said there too. */
function isWrong(line: string): boolean {
  return !line.startsWith('{') || line.includes('a request failed unexpectedly') || /"kind":"(?:internal|store|configuration)"/.test(line)
}

/** A test in which nothing happens would say as little as one that fails. */
function expectMuch(history: History): void {
  const { orders, whole, replayed, broken } = figuresOf(history)
  expect(orders).toBeGreaterThan(8 * rounds)
  expect(whole).toBeGreaterThan(5 * rounds)
  expect(replayed).toBeGreaterThan(rounds)
  expect(broken).toBeGreaterThan(rounds)
  const sold = new Set(history.orders.filter(({ attempts }) => attempts.some(({ reply }) => isWhole(reply))).map(({ kind }) => kind))
  expect([...sold].filter((kind) => kindOf(kind).pricing !== 'free').length).toBeGreaterThan(7)
}
