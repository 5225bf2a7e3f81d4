/** What is answered next: a pure look at the rules, and at how often each of them has spoken. */
import type { MockRule, MockStep } from './mock-script.ts'
import { parseRequestPattern, type RequestPattern } from './request-pattern.ts'

/** Of whom a rule is asked. */
export interface StepQuestion {
  readonly method: string
  readonly path: string
  /** Which call it is an attempt of. */
  readonly call: number
  /** From 0 to 1, one for each request. */
  readonly draw: number
}

/** How often a list has spoken, by rule and, where it begins anew for each, by call. */
export type Served = ReadonlyMap<string, number>

export interface NextStep {
  readonly step: MockStep
  /** Whose count goes on; undefined: nothing is counted. */
  readonly list: string | undefined
}

export interface PlayableRule {
  readonly rule: MockRule
  readonly pattern: RequestPattern | undefined
  readonly index: number
}

export function toPlayable(rules: readonly MockRule[]): readonly PlayableRule[] {
  return rules.map((rule, index) => ({ rule, index, pattern: rule.on === undefined ? undefined : parseRequestPattern(rule.on) }))
}

/** The first rule that has something to say; undefined where none has. */
export function nextStep(rules: readonly PlayableRule[], { method, path, call, draw }: StepQuestion, served: Served): NextStep | undefined {
  let shared = 0
  for (const { rule, pattern, index } of rules) {
    if (pattern?.matches(method, path) === false) continue
    if (rule.chance !== undefined) {
      const from = shared
      shared += rule.chance
      if (draw < from || draw >= shared) continue
    }
    if (!isList(rule.answer)) return { step: rule.answer, list: undefined }
    const list = rule.each === true ? `${index}:${call}` : String(index)
    const step = stepAt(rule.answer, served.get(list) ?? 0)
    if (step !== undefined) return { step, list }
  }
  return undefined
}

function stepAt(steps: readonly MockStep[], count: number): MockStep | undefined {
  let left = count
  for (const step of steps) {
    const times = step.times ?? 1
    if (left < times) return step
    left -= times
  }
  return undefined
}

export function isList(answer: MockRule['answer']): answer is readonly MockStep[] {
  return Array.isArray(answer)
}
