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
import { plainConduct, randomConduct } from './conduct.ts'
import { figuresOf } from './figures.ts'
import { isWhole, type Attempt, type History } from './history.ts'
import { createHttpLine } from './http-line.ts'
import { judge } from './judge.ts'
import { codeOf } from './judge-keys.ts'
import { copyPrograms, type Program, type Programs } from './program.ts'
import { createRandom, type Random } from './random.ts'
import { ANSWER_MS, HOLD_MS, kindOf, SWEPT_MS } from './shop.ts'
import { machineTime, SLACK_MS } from './time.ts'
import { proveRounds as rounds, isProving, seeds } from '../runs.ts'
import { createTreasurer, giveOver } from './treasurer.ts'
import { untilGivenBack } from './given-back.ts'
import { createWorld, type World } from './world.ts'

/** Of one order in the end. */
const TRIES_MAX = 100

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
      const { endedAtMs, meters } = await askToTheEnd(world, caller)
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

/** After all deadlines every key gets its answer from a service that is well again. Resolves to the instant by which all must be over, and to what is shown then. */
async function askToTheEnd({ service }: World, caller: Caller): Promise<{ readonly endedAtMs: number; readonly meters: unknown }> {
  service.conductBy(() => plainConduct)
  await service.settled()
  await pause(HOLD_MS)
  const left = caller.orders.filter(({ key }) => key !== undefined)
  const askAll = async (): Promise<void> => {
    for (let order = left.pop(); order !== undefined; order = left.pop()) {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        await caller.ask(order)
        const againMs = againAfterMs(lastOf(order.attempts))
        if (againMs === undefined) break
        await pause(againMs)
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, askAll))
  await service.settled()
  await pause(SWEPT_MS)
  await untilGivenBack(caller)
  const endedAtMs = Date.now()
  // One after the other: as many as there are slots, and more.
  for (let calls = 0; calls < 4; calls += 1) expect(isWhole(await caller.ask(caller.order('slot', 'rich')))).toBe(true)
  const reply = await caller.ask(caller.order('look', 'rich'))
  return { endedAtMs, meters: reply.kind === 'answer' ? (JSON.parse(reply.body) as { readonly meters: unknown }).meters : reply }
}

/** Undefined: it is answered. A busy machine may keep back what the service has answered for longer than it is waited for; what becomes of that is known after its deadline. */
function againAfterMs(attempt: Attempt): number | undefined {
  const code = codeOf(attempt)
  if (code === 'rate.limited') return 100
  return code === 'upstream.timeout' && attempt.endMs - attempt.startMs >= ANSWER_MS ? HOLD_MS : undefined
}

function lastOf<T>(list: readonly T[]): T {
  const last = list.at(-1)
  if (last === undefined) throw new Error('nothing was asked')
  return last
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
