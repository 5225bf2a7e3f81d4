/** What a client got wrong, in words; what it got right, and what could not be seen. */
import type { MockCall } from './mock-attempt.ts'
import { checkExpectation, type MockExpectation } from './expectation.ts'
import { repeatRules } from './grade-repeats.ts'
import { requestRules } from './grade-requests.ts'
import type { GradingKnowledge, GradingRule, MockFault } from './grading-rule.ts'
import { counted } from './span-text.ts'

/** What one rule of the grading came to. */
export interface GradedRule {
  readonly name: string
  /** What a good client does. */
  readonly good: string
  readonly state: 'kept' | 'broken' | 'not seen'
  /** How often it could be seen. */
  readonly seen: number
}

/** The report of a mock about its client. */
export interface MockReport {
  readonly contract: string
  readonly seed: number
  readonly requests: number
  /** What the requests were attempts of. */
  readonly calls: number
  /** Paid work that was accepted. */
  readonly paid: number
  readonly verdict: 'passed' | 'failed'
  readonly faults: readonly MockFault[]
  readonly expectations: readonly MockExpectation[]
  readonly rules: readonly GradedRule[]
  /** What is for the client's own tests to find out, in words. */
  readonly unseen: readonly string[]
}

/** What a client is graded by. */
export const gradingRules: readonly GradingRule[] = [...repeatRules, ...requestRules]

export interface ReportMaterial extends GradingKnowledge {
  readonly contract: string
  readonly seed: number
  readonly calls: readonly MockCall[]
  readonly expect: readonly string[]
  /** Requests that are no longer remembered. */
  readonly forgotten: number
}

export function toReport(material: ReportMaterial): MockReport {
  const { contract, seed, calls, expect, forgotten } = material
  const asked = calls.filter(({ attempts }) => attempts[0]?.played.kind !== 'token')
  const judged = gradingRules.map((rule) => ({ rule, ...rule.judge(asked, material) }))
  const faults = judged.flatMap(({ rule, faults: found }) => found.map((fault) => ({ rule: rule.name, ...fault })))
  const expectations = expect.map((text) => checkExpectation(text, calls))
  const attempts = asked.flatMap((call) => call.attempts)
  return {
    contract,
    seed,
    requests: attempts.length,
    calls: asked.length,
    paid: attempts.filter(({ isPaid }) => isPaid).length,
    verdict: faults.length === 0 && expectations.every(({ holds }) => holds) ? 'passed' : 'failed',
    faults,
    expectations,
    rules: judged.map(({ rule: { name, good }, seen, faults: found }) => ({ name, good, seen, state: found.length > 0 ? 'broken' : seen > 0 ? 'kept' : 'not seen' })),
    unseen: unseenIn(asked, forgotten),
  }
}

/** No server sees what a client tells its caller. */
function unseenIn(calls: readonly MockCall[], forgotten: number): readonly string[] {
  const attempts = calls.flatMap((call) => call.attempts)
  const truncated = attempts.filter(({ ending, isStream, played }) => ending === 'cut' && isStream && played.kind === 'success').length
  const short = attempts.filter(({ ending, isStream, played }) => ending === 'cut' && !isStream && played.kind !== 'dropped').length
  const midStream = attempts.filter(({ isStream, played }) => isStream && played.kind === 'refusal').length
  const hidden = attempts.filter(({ played, isStream }) => played.kind === 'refusal' && !isStream && played.sent.status !== played.status).length
  const never = attempts.filter(({ played }) => played.kind === 'refusal' && played.retry === 'never').length
  return [
    ...(truncated === 0 ? [] : [`${counted(truncated, 'stream')} ended without what says that ${truncated === 1 ? 'it is' : 'they are'} whole: whether the client took ${truncated === 1 ? 'it' : 'them'} for whole, only its own test can see`]),
    ...(short === 0 ? [] : [`${counted(short, 'body', 'bodies')} broke off: whether the client noticed, only its own test can see`]),
    ...(midStream === 0 ? [] : [`${counted(midStream, 'refusal')} came in the middle of a stream: whether the client gave an error with its code, only its own test can see`]),
    ...(hidden === 0 ? [] : [`${counted(hidden, 'refusal')} came under a status of success: whether the client took ${hidden === 1 ? 'it' : 'them'} for ${hidden === 1 ? 'a success' : 'successes'}, only its own test can see`]),
    ...(never === 0 ? [] : [`${counted(never, 'refusal')} had to reach the caller as ${never === 1 ? 'an error' : 'errors'}: what the client told its caller, only its own test can see`]),
    ...(forgotten === 0 ? [] : [`${counted(forgotten, 'request')} before these are no longer remembered`]),
  ]
}

/**
 * A report for people.
 *
 * @example
 * import { problem } from 'tollgate/catalog'
 *
 * formatReport(createMock(problem).grade()).split('\n')[0] // => 'mock of problem, seed 1: 0 requests in 0 calls'
 */
export function formatReport(report: MockReport): string {
  const { contract, seed, requests, calls, paid, faults, expectations, rules, unseen } = report
  const broken = expectations.filter(({ holds }) => !holds).length
  const notSeen = rules.filter(({ state }) => state === 'not seen').map(({ name }) => name)
  const lines = [
    `mock of ${contract}, seed ${seed}: ${counted(requests, 'request')} in ${counted(calls, 'call')}${paid === 0 ? '' : `, paid work accepted ${paid === 1 ? 'once' : `${paid} times`}`}`,
    '',
    ...alike(faults).map(({ rule, words, times }) => `  WRONG  ${rule.padEnd(16)}  ${words}${times === 1 ? '' : ` (${times} times)`}`),
    ...expectations.map(({ text, holds, words }) => `  ${holds ? 'ok   ' : 'WRONG'}  ${'expected'.padEnd(16)}  "${text}": ${words}`),
    ...rules.filter(({ state }) => state === 'kept').map(({ name, good, seen }) => `  ok     ${name.padEnd(16)}  it ${good} (seen ${seen === 1 ? 'once' : `${seen} times`})`),
    ...(notSeen.length === 0 ? [] : [`  -      ${'not seen'.padEnd(16)}  ${notSeen.join(', ')}`]),
    ...(unseen.length === 0 ? [] : ['', 'What no server can see:', ...unseen.map((words) => `  ${words}`)]),
    '',
    report.verdict === 'passed' ? 'Passed.' : `Failed: ${[...(faults.length === 0 ? [] : [counted(faults.length, 'fault')]), ...(broken === 0 ? [] : [`${counted(broken, 'expectation')} not met`])].join(', ')}.`,
  ]
  return `${lines.join('\n')}\n`
}

/** What is wrong in the same way several times is said once. */
function alike(faults: readonly MockFault[]): readonly { readonly rule: string; readonly words: string; readonly times: number }[] {
  const found = new Map<string, { readonly rule: string; readonly words: string; times: number }>()
  for (const { rule, words } of faults) {
    const before = found.get(`${rule} ${words}`)
    if (before === undefined) found.set(`${rule} ${words}`, { rule, words, times: 1 })
    else before.times += 1
  }
  return [...found.values()]
}
