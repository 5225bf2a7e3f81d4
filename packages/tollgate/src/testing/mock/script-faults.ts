/** A script held against its contract: place, value and mend of each fault. */
import { suggest } from '../../contract/check/contract-error.ts'
import { nearestName } from '../../contract/check/nearest-name.ts'
import type { Contract } from '../../contract/declare/contract.ts'
import { nearestReason } from '../../contract/declare/nearest-reason.ts'
import { isHeaderValue, isToken } from '../../contract/write/header-value.ts'
import { serverReasons } from '../../contract/declare/reason.ts'
import { expectationFault } from './expectation.ts'
import { factFault } from './fact-fault.ts'
import type { MockRule, MockScript, MockStep } from './mock-script.ts'
import { isList } from './next-step.ts'
import { entryOfCode, entryOfStatus } from './on-demand.ts'
import { patternFault } from './request-pattern.ts'
import { isRefusing } from './step-refusal.ts'

/** One thing that is wrong with a script. */
export interface ScriptFault {
  readonly path: readonly (string | number)[]
  /** A sentence that names the value and the mend. */
  readonly message: string
}

type Path = ScriptFault['path']

/**
 * What is wrong with a script, held against its contract; empty where nothing is.
 *
 * @example
 * import { problem } from 'tollgate/catalog'
 *
 * findScriptFaults(problem, { rules: [{ answer: { entry: 'rateLimit' } }] }) // => [{ path: ['rules', 0, 'answer', 'entry'], message: '"problem" has no entry "rateLimit"; did you mean "rateLimited"?' }]
 */
export function findScriptFaults(contract: Contract, { rules = [], success, idempotency, paid, tokens, expect = [], patienceMs, attemptsMax }: MockScript): readonly ScriptFault[] {
  return [
    ...rules.flatMap((rule, at) => ruleFaults(contract, rule, ['rules', at])),
    ...chanceFaults(rules),
    ...statusFaults(success?.status, ['success', 'status']),
    ...headerFaults(success?.headers, ['success', 'headers']),
    ...faultAt(['idempotency', 'header'], idempotency?.header === undefined || isToken(idempotency.header) ? undefined : `${JSON.stringify(idempotency.header)} is no name of a header`),
    ...pattern(idempotency?.on, ['idempotency', 'on']),
    ...pattern(paid, ['paid']),
    ...pattern(tokens?.on, ['tokens', 'on']),
    ...faultAt(['tokens'], tokens === undefined || contract.entryFor('token.expired', {}).retry === 'refresh' ? undefined : `"${contract.name}" tells no client to get a new token (token.expired is "${contract.entryFor('token.expired', {}).id}" there, never to be repeated); take the tokens out`),
    ...wholeFaults(patienceMs, ['patienceMs'], 0),
    ...wholeFaults(attemptsMax, ['attemptsMax'], 1),
    ...wholeFaults(tokens?.calls, ['tokens', 'calls'], 1),
    ...wholeFaults(tokens?.lifeMs, ['tokens', 'lifeMs'], 1),
    ...expect.flatMap((text, at) => faultAt(['expect', at], expectationFault(text))),
  ]
}

function faultAt(path: Path, message: string | undefined): readonly ScriptFault[] {
  return message === undefined ? [] : [{ path, message }]
}

function pattern(text: string | undefined, path: Path): readonly ScriptFault[] {
  const fault = text === undefined ? undefined : patternFault(text)
  return fault === undefined ? [] : [{ path, message: `${JSON.stringify(text)} ${fault}` }]
}

function wholeFaults(value: number | undefined, path: Path, least: number): readonly ScriptFault[] {
  return value === undefined || (Number.isSafeInteger(value) && value >= least) ? [] : [{ path, message: `${value} must be a whole number from ${least}` }]
}

function statusFaults(value: number | undefined, path: Path): readonly ScriptFault[] {
  return value === undefined || (Number.isInteger(value) && value >= 200 && value <= 599) ? [] : [{ path, message: `${value} must be a status from 200 to 599` }]
}

/** What cannot be sent would break the answer. */
function headerFaults(headers: MockStep['headers'], path: Path): readonly ScriptFault[] {
  return Object.entries(headers ?? {}).flatMap(([name, value]) => {
    if (!isToken(name)) return [{ path: [...path, name], message: `${JSON.stringify(name)} is no name of a header` }]
    return value === null || isHeaderValue(value) ? [] : [{ path: [...path, name], message: `${JSON.stringify(value)} cannot be the value of a header; it must be one line of printable characters` }]
  })
}

function ruleFaults(contract: Contract, { on, chance, answer }: MockRule, path: Path): readonly ScriptFault[] {
  const steps = isList(answer) ? answer.map((step, at) => [step, [...path, 'answer', at]] as const) : [[answer, [...path, 'answer']] as const]
  return [
    ...pattern(on, [...path, 'on']),
    ...(chance === undefined || (chance >= 0 && chance <= 1) ? [] : [{ path: [...path, 'chance'], message: `${chance} must be from 0 to 1` }]),
    ...(steps.length === 0 ? [{ path: [...path, 'answer'], message: 'must have at least one step' }] : []),
    ...steps.flatMap(([step, at]) => stepFaults(contract, step, at)),
  ]
}

/** All requests are shared out among them. */
function chanceFaults(rules: readonly MockRule[]): readonly ScriptFault[] {
  const all = rules.reduce((sum, { on, chance }) => (on === undefined ? sum + (chance ?? 0) : sum), 0)
  return all <= 1 + 1e-9 ? [] : [{ path: ['rules'], message: `the chances add up to ${all}; all of them together are at most 1` }]
}

function stepFaults(contract: Contract, step: MockStep, path: Path): readonly ScriptFault[] {
  const { entry, code, reason, raw, midStream, cut, drop } = step
  const named = Object.entries({ entry, code, reason, raw }).filter(([, value]) => value !== undefined)
  const isNamed = entry !== undefined || code !== undefined || reason !== undefined
  const isRefusal = isNamed || isRefusing(step.status)
  const hasStreamForm = contract.declaration.envelope.stream !== undefined
  return [
    ...(named.length > 1 ? [{ path, message: `has ${named.map(([name]) => name).join(' and ')}; one of them says what is answered` }] : []),
    ...faultAt([...path, 'entry'], entry === undefined || contract.entries.has(entry) ? undefined : `"${contract.name}" has no entry ${JSON.stringify(entry)}; ${suggest(nearestName(entry, [...contract.entries.keys()]), `it has ${[...contract.entries.keys()].join(', ')}`)}`),
    ...faultAt([...path, 'code'], code === undefined || entryOfCode(contract.entries, code) !== undefined ? undefined : `"${contract.name}" has no code ${JSON.stringify(code)}; ${suggest(nearestName(String(code), codesOf(contract)), `it has ${codesOf(contract).join(', ') || 'none'}`)}`),
    ...faultAt([...path, 'reason'], reason === undefined || serverReasons.includes(reason) ? undefined : `${JSON.stringify(reason)} is no reason; ${suggest(nearestReason(reason), `they are ${serverReasons.join(', ')}`)}`),
    ...faultAt([...path, 'status'], isRefusing(step.status) && !isNamed && raw === undefined && entryOfStatus(contract.entries, step.status) === undefined ? `"${contract.name}" has no refusal of status ${step.status}; it has ${statusesOf(contract).join(', ')}` : undefined),
    ...faultAt([...path, 'status'], step.status !== undefined && (isNamed || raw !== undefined) ? 'is the status of a success, or says by itself which refusal; leave it out' : undefined),
    ...factFaults(contract, step, [...path, 'facts']),
    ...headerFaults(step.headers, [...path, 'headers']),
    ...headerFaults(raw?.contentType === undefined ? undefined : { 'Content-Type': raw.contentType }, [...path, 'raw']),
    ...wholeFaults(step.times, [...path, 'times'], 1),
    ...wholeFaults(step.delayMs, [...path, 'delayMs'], 0),
    ...wholeFaults(step.pauseMs, [...path, 'pauseMs'], 0),
    ...wholeFaults(midStream, [...path, 'midStream'], 0),
    ...wholeFaults(cut?.after, [...path, 'cut', 'after'], 0),
    ...statusFaults(step.status, [...path, 'status']),
    ...statusFaults(raw?.status, [...path, 'raw', 'status']),
    ...faultAt([...path, 'midStream'], midStream === undefined || isRefusal ? undefined : 'needs a refusal that is said in the stream; write entry, code or reason beside it'),
    ...faultAt([...path, 'midStream'], midStream === undefined || hasStreamForm ? undefined : `"${contract.name}" has no form for errors in a stream; cut it instead: cut: { after: ${midStream}, by: reset }`),
    ...faultAt([...path, 'drop'], drop === 'late' && isRefusal ? 'a refusal does no work, so that its answer cannot be lost after it; write drop: early' : undefined),
    ...faultAt(path, drop !== undefined && cut !== undefined ? 'has drop and cut; what is not answered has nothing to cut' : undefined),
  ]
}

function factFaults({ entries }: Contract, { entry: id, code, facts = {} }: MockStep, path: Path): readonly ScriptFault[] {
  const entry = id !== undefined ? entries.get(id) : code !== undefined ? entryOfCode(entries, code) : undefined
  return entry === undefined ? [] : Object.entries(facts).flatMap(([name, value]) => faultAt([...path, name], factFault(entry, name, value)))
}

function codesOf({ entries }: Contract): readonly string[] {
  return [...new Set([...entries.values()].map(({ code }) => String(code)))].filter((code) => code !== '')
}

function statusesOf({ entries }: Contract): readonly number[] {
  return [...new Set([...entries.values()].map(({ status }) => status))].toSorted((one, other) => one - other)
}
