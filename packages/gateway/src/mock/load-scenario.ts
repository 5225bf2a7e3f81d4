/** A scenario file → a script for its contract, or every problem that it has, with place, value and mend. */
import { resolve } from 'node:path'
import { findScriptFaults, parseDemand, toFactValue, type MockRule, type MockScript, type MockStep } from 'tollgate/testing'
import { compact, type Contract, type Facts } from 'tollgate/contract'
import type { ConfigProblem, Outcome, Path } from '../config/read/config-problem.ts'
import { readText, shownPath } from '../config/read/files.ts'
import { toProblems } from '../config/read/shape-problem.ts'
import { unusableNames } from '../config/read/unusable-names.ts'
import { parseYamlSource } from '../config/read/yaml-source.ts'
import { scenarioShape, type ScenarioShape } from './scenario-shape.ts'

type RuleShape = NonNullable<ScenarioShape['rules']>[number]
type AnyStep = Exclude<RuleShape['answer'], readonly unknown[]>

/** `file`: relative to `cwd`. */
export function loadScenario(file: string, cwd: string, contract: Contract): Outcome<MockScript> {
  const path = resolve(cwd, file)
  const shown = shownPath(path)
  const read = readText(path)
  if (!read.ok) return { ok: false, problems: [{ path: [], file: shown, message: `cannot be read: ${read.message}` }] }
  const parsed = parseYamlSource(read.text)
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map((problem) => ({ file: shown, ...problem })) }
  const { data, locate } = parsed.value
  const outcome = checkScenario(data, contract)
  if (outcome.ok) return outcome
  const placed = outcome.problems.map((problem) => ({ file: shown, ...problem, ...locate(problem.path) }))
  return { ok: false, problems: placed.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)) }
}

/** The same of what a file says. */
export function checkScenario(data: unknown, contract: Contract): Outcome<MockScript> {
  const unusable = unusableNames(data)
  const parsed = scenarioShape.safeParse(data)
  if (!parsed.success || unusable.length > 0) return { ok: false, problems: [...unusable, ...(parsed.success ? [] : toProblems(parsed.error.issues, data))] }
  const problems: ConfigProblem[] = []
  const script = toScript(parsed.data, contract, (path, message) => void problems.push({ path, message }))
  problems.push(...findScriptFaults(contract, script))
  return problems.length === 0 ? { ok: true, value: script } : { ok: false, problems }
}

type Tell = (path: Path, message: string) => void

function toScript({ seed, success, rules, idempotency, paid, tokens, patience, attempts, expect }: ScenarioShape, contract: Contract, tell: Tell): MockScript {
  return {
    seed,
    success: success as MockScript['success'],
    rules: rules?.map((rule, at) => toRule(rule, contract, ['rules', at, 'answer'], tell)),
    idempotency: idempotency === true ? {} : idempotency,
    paid,
    tokens: tokens && { on: tokens.on, calls: tokens.calls, lifeMs: tokens.life },
    patienceMs: patience,
    attemptsMax: attempts,
    expect,
  }
}

function toRule({ on, chance, each, answer }: RuleShape, contract: Contract, path: Path, tell: Tell): MockRule {
  const steps = Array.isArray(answer) ? answer.map((step, at) => toStep(step, contract, [...path, at], tell)) : toStep(answer, contract, path, tell)
  return { on, chance, each, answer: steps }
}

function toStep(written: AnyStep, contract: Contract, path: Path, tell: Tell): MockStep {
  if (typeof written !== 'object') {
    const demand = parseDemand(contract, String(written))
    if (demand.kind === 'step') return demand.step
    tell(path, demand.words)
    return {}
  }
  const { delay, pause, facts, ...step } = written
  return compact({ ...step, delayMs: delay, pauseMs: pause, facts: facts && toFacts(facts) }) as MockStep
}

function toFacts(written: { readonly [name: string]: unknown }): Facts {
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name, typeof value === 'string' && name.endsWith('Ms') ? toFactValue(name, value) : value])) as Facts
}
