/** The five services of the playground as `tollgate check` sees them, by the plans in examples/playground/checks. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apis, type Playground } from '@tollgate/example-playground'
import type { Contract } from 'tollgate/contract'
import type { CheckReport } from '../../packages/gateway/src/check/check-report.ts'
import { createHttpTransport } from '../../packages/gateway/src/check/http-transport.ts'
import { loadCheck } from '../../packages/gateway/src/check/load-check.ts'
import type { CheckPlan } from '../../packages/gateway/src/check/plan/check-plan.ts'
import { risks } from '../../packages/gateway/src/check/probe.ts'
import { chooseProbes, probesOf } from '../../packages/gateway/src/check/probes/plan-probes.ts'
import { runCheck } from '../../packages/gateway/src/check/run-check.ts'
import { readingsFor } from '../../packages/gateway/src/check/usage-watch.ts'

export const checkedNames = Object.keys(apis) as (keyof typeof apis)[]
export const plans = join(import.meta.dirname, '../../examples/playground/checks')

export function contractOf(name: keyof typeof apis): Contract {
  return apis[name].contract
}

/** The plan of a service. A token that has expired is as old as the playground. */
export function planOf(name: keyof typeof apis, { description }: Pick<Playground, 'description'>): CheckPlan {
  const recipe = description.apis.find((api) => api.name === 'nexalayer')?.recipes.find(({ id }) => id === 'expired-token')
  const token = recipe?.request.headers['authorization']?.replace(/^Bearer /, '')
  const loaded = loadCheck({ contract: contractOf(name), env: { NEXALAYER_EXPIRED_TOKEN: token }, cwd: plans, plan: `${name}.yaml`, openapi: undefined, keys: {}, place: undefined })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.value
}

export interface CheckOptions {
  readonly url: string
  readonly only?: readonly string[]
  readonly skip?: readonly string[]
  readonly requestsMax?: number
  /** Whether violations are made small: many requests, which limits count. */
  readonly shrinks?: boolean
}

let fresh = 0

/** A whole run over sockets, without pauses. */
export async function check(name: keyof typeof apis, plan: CheckPlan, { url, only = [], skip = [], requestsMax = 400, shrinks = true }: CheckOptions): Promise<CheckReport> {
  const contract = contractOf(name)
  const transport = createHttpTransport({ url: new URL(url), timeoutMs: 60_000 })
  const planned = chooseProbes(probesOf(contract, plan), { allow: risks, only, skip, requestsMax, readings: (probe) => 2 * readingsFor(plan, probe).length })
  try {
    return await runCheck({
      contract, plan, probes: planned.probes, unprovoked: planned.unprovoked, url, transport, requestsMax, paceMs: 0,
      pause: (ms) => (ms === 0 ? Promise.resolve() : new Promise((done) => setTimeout(done, ms))),
      signal: new AbortController().signal, nowMs: () => performance.now(), freshText: () => `check-${process.pid}-${Date.now()}-${(fresh += 1)}`, allow: shrinks ? risks : [], withoutRules: [], onProbe: () => undefined,
    })
  } finally {
    transport.close()
  }
}

export function readPlan(name: string): string {
  return readFileSync(join(plans, `${name}.yaml`), 'utf8')
}
