/**
 * What `tollgate check` is worth: faults are planted into the answers of the five services by a proxy before them, one at a time, and it has to find them. By
 * `npm test` every sixth fault is looked for by the probes around it, by `npm run prove` each of them by the whole plan, over a playground of its own.
 */
import { createPlayground, type Playground } from '@tollgate/example-playground'
import { beforeAll, expect, it } from 'vitest'
import { isProving } from '../runs.ts'
import { check, checkedNames, planOf } from './checked-services.ts'
import { startFaultyProxy } from './faulty-proxy.ts'
import { createPart } from './part-of-playground.ts'
import { plantedFaults, type PlantedFault } from './planted-faults.ts'

const faults = plantedFaults()
const tried = faults.filter((_, at) => isProving || at % 6 === 0)
/** Those that are known to be missed, and why. Each is one less than all. */
const missed = new Set<string>([])
const CAUGHT_LEAST = 0.95
/** They take seconds of real time, and no fault is planted in them alone. */
const slow = ['refusal/backendSilent', 'refusal/stillRunning', 'refusal/concurrent', 'refusal/overloaded']

let playground: Playground
beforeAll(async () => {
  playground = await createPlayground({ port: 0 })
  return () => playground.close()
})

interface Outcome {
  readonly name: string
  readonly planted: number
  readonly rules: readonly string[]
}

const nameOf = ({ api, fault }: PlantedFault): string => `${api}: ${fault}`

async function outcomeOf(fault: PlantedFault): Promise<Outcome> {
  const own = isProving ? await createPart(fault.api, {}) : undefined
  const { url } = own ?? playground
  const proxy = await startFaultyProxy(url, fault)
  try {
    const { violations } = await check(fault.api, planOf(fault.api, own ?? playground), { url: proxy.url, only: isProving ? [] : fault.only, skip: slow, shrinks: false })
    return { name: nameOf(fault), planted: proxy.planted(), rules: [...new Set(violations.map(({ rule }) => rule))] }
  } finally {
    await proxy.close()
    await own?.close()
  }
}

it('no two of them are the same, and there are enough of each service', () => {
  expect(new Set(faults.map(nameOf)).size).toBe(faults.length)
  expect(faults.length).toBeGreaterThanOrEqual(60)
  for (const name of checkedNames) expect(faults.filter(({ api }) => api === name).length).toBeGreaterThanOrEqual(10)
})

/** Over the same playgrounds that the faults have: before them, or after them, when their requests have been counted. Of all five without a proxy: `check-services.test.ts`. */
async function expectNothing(): Promise<void> {
  for (const name of checkedNames.filter((_, at) => isProving || at % 2 === 0)) {
    const own = isProving ? await createPart(name, {}) : undefined
    const proxy = await startFaultyProxy((own ?? playground).url, {})
    const { violations, probes } = await check(name, planOf(name, own ?? playground), { url: proxy.url, skip: slow }).finally(() => proxy.close())
    await own?.close()
    expect(probes.length).toBeGreaterThan(20)
    expect(violations.map(({ rule, message, probes: of }) => `${rule}: ${message} (${of.join(', ')})`)).toEqual([])
  }
}

it.runIf(isProving)('through a proxy that plants nothing, nothing is found', expectNothing)

it(`of ${tried.length} planted faults at least 95 % are caught`, async () => {
  const outcomes: Outcome[] = []
  for (const fault of tried) outcomes.push(await outcomeOf(fault))
  // A fault that was never on the wire says nothing.
  expect(outcomes.filter(({ planted }) => planted === 0).map(({ name }) => name)).toEqual([])
  const uncaught = outcomes.filter(({ rules }) => rules.length === 0).map(({ name }) => name)
  expect(uncaught.filter((name) => !missed.has(name))).toEqual([])
  expect(1 - uncaught.length / outcomes.length).toBeGreaterThanOrEqual(CAUGHT_LEAST)
})

// Where each fault has a playground of its own, none can have used up what another one needs. Otherwise this says it of before, too.
it.skipIf(isProving)('through a proxy that plants nothing, nothing is found, and so it is after all of them', expectNothing)
