/** What a check is told on the command line → all that it needs, or what is wrong. Reads files; sends nothing. */
import { resolve } from 'node:path'
import type { Contract } from 'tollgate/contract'
import type { ConfigProblem, Outcome } from '../config/read/config-problem.ts'
import type { Environment } from '../config/read/environment.ts'
import { readSource, shownPath } from '../config/read/files.ts'
import type { CheckPlan, KeyPlace } from './plan/check-plan.ts'
import { checkPlanData, loadPlan } from './plan/load-plan.ts'
import { addOpenApi, placeIn } from './plan/plan-from-openapi.ts'
import { withStrangers } from './plan/with-strangers.ts'

export interface CheckSources {
  readonly contract: Contract
  readonly env: Environment
  readonly cwd: string
  readonly plan: string | undefined
  readonly openapi: string | undefined
  readonly keys: { readonly [name: string]: string }
  /** Where credentials are sent, if neither plan nor document says it. */
  readonly place: KeyPlace | undefined
}

export function loadCheck({ contract, env, cwd, plan: planFile, openapi, keys, place: given }: CheckSources): Outcome<CheckPlan> {
  const document = openapi === undefined ? undefined : readSource(resolve(cwd, openapi), shownPath(resolve(cwd, openapi)))
  if (document?.ok === false) return failed({ path: ['--openapi'], message: document.message })
  const described = document?.ok === true ? document.source.data : undefined
  const context = { contract, env, cwd, keys, place: given ?? placeIn(described) }
  const plan = planFile === undefined ? checkPlanData({}, context, cwd) : loadPlan(planFile, context)
  if (!plan.ok) return plan
  const whole = described === undefined ? plan.value : addOpenApi(described, plan.value, contract.declaration.idempotencyKey)
  if (described !== undefined && whole.calls.length === 0) return failed({ path: ['--openapi'], message: `${openapi} describes no operation; it is an OpenAPI document with "paths"` })
  return { ok: true, value: withStrangers(whole) }
}

function failed(problem: ConfigProblem): Outcome<CheckPlan> {
  return { ok: false, problems: [problem] }
}
