/** `tollgate check` is green on the five services, and provokes every code that they have. */
import { apis, codesOf, createPlayground, type Playground } from '@tollgate/example-playground'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CheckReport } from '../../packages/gateway/src/check/check-report.ts'
import { check, checkedNames, planOf } from './checked-services.ts'

let playground: Playground
const reports = new Map<string, CheckReport>()

beforeAll(async () => {
  playground = await createPlayground({ port: 0 })
  await Promise.all(checkedNames.map(async (name) => reports.set(name, await check(name, planOf(name, playground), { url: playground.url }))))
  return () => playground.close()
})

describe.each(checkedNames)('%s', (name) => {
  it('answers by its contract, whatever is wrong with a request', () => {
    const { violations, notes, stopped } = reports.get(name) ?? ({} as Partial<CheckReport>)
    expect({ violations: violations?.map(({ rule, message, probes }) => `${rule}: ${message} (${probes.join(', ')})`), notes, stopped }).toEqual({ violations: [], notes: [], stopped: undefined })
  })

  it('gives each entry of its contract to somebody', () => {
    const { entries, unprovoked } = reports.get(name) ?? ({} as Partial<CheckReport>)
    expect(entries?.filter(({ why }) => why !== undefined)).toEqual([])
    expect(unprovoked).toEqual([])
  })
})

it('of the 69 codes of the five pages all are provoked: 68 refusals, and the success that JoggAI numbers', () => {
  const met = checkedNames.flatMap((name) => {
    const { entries = [], probes = [] } = reports.get(name) ?? {}
    const api = apis[name]
    const entriesMet = entries.filter(({ why }) => why === undefined).map((entry) => (api.counts === 'status' ? entry.status : entry.code))
    // The code of a success, which one page has.
    const success = probes.some(({ id, outcome }) => id.startsWith('call/') && outcome === 'passed') ? [0] : []
    return codesOf(api).filter((code) => [...entriesMet, ...success].includes(code)).map((code) => `${name} ${code}`)
  })
  expect(checkedNames.reduce((sum, name) => sum + codesOf(apis[name]).length, 0)).toBe(69)
  expect(met).toHaveLength(69)
})
