/**
 * A code on demand: `rateLimited; times=2; retryAfterMs=2s` in the header `Tollgate-Mock` or the query `tollgate-mock=`, or as a path, `/_mock/rateLimited?times=2`.
 * First an entry, a code, a reason or a status, or `success`; then settings of a step, and what is none of them is a fact.
 */
import { nearestName } from '../../contract/check/nearest-name.ts'
import type { Contract, Entry } from '../../contract/declare/contract.ts'
import type { FactValue } from '../../contract/declare/facts.ts'
import { serverReasons } from '../../contract/declare/reason.ts'
import { parseBoundedJson } from '../../contract/read/bounded-json.ts'
import { parseGoDuration } from '../../contract/values/go-duration.ts'
import { factFault } from './fact-fault.ts'
import type { MockStep } from './mock-script.ts'

/** What is asked for, or why it is not understood. */
export type Demand = { readonly kind: 'step'; readonly step: MockStep } | { readonly kind: 'fault'; readonly words: string }

/** Below it lies what is asked of the mock itself, and each entry. */
export const MOCK_PREFIX = '/_mock/'

/**
 * A step in one line, as a client sends it in the header `Tollgate-Mock`: what is answered, settings, and facts.
 *
 * @example
 * import { problem } from 'tollgate/catalog'
 *
 * parseDemand(problem, 'rateLimited; times=2; retryAfterMs=7s') // => { kind: 'step', step: { entry: 'rateLimited', times: 2, facts: { retryAfterMs: 7_000 } } }
 */
export function parseDemand(contract: Contract, text: string): Demand {
  const [what = '', ...settings] = text.split(';').map((part) => part.trim())
  const demand = toDemand(contract, what, settings.filter((part) => part !== '').map((part) => part.split(/=(.*)/s, 2).map((word) => word.trim())))
  // Not of a query, which may be the client's own.
  const fault = demand.kind === 'step' ? faultInFacts(contract, demand.step) : undefined
  return fault === undefined ? demand : { kind: 'fault', words: fault }
}

function faultInFacts({ entries }: Contract, { entry: id = '', facts = {} }: MockStep): string | undefined {
  const entry = entries.get(id)
  if (entry === undefined) return undefined
  return Object.entries(facts).map(([name, value]) => factFault(entry, name, value, Object.keys(readers))).find((fault) => fault !== undefined)
}

/** `/_mock/rateLimited/any/path?times=2`; the rest of the path is for whoever reads it. */
export function demandOfPath(contract: Contract, path: string, query: string): Demand {
  const [what = ''] = path.slice(MOCK_PREFIX.length).split('/', 1)
  return toDemand(contract, decoded(what), query === '' ? [] : query.split('&').map((pair) => pair.split(/=(.*)/s, 2).map((word) => decoded(word.replaceAll('+', ' ')))))
}

/** The value of `tollgate-mock` in a query. */
export function demandInQuery(query: string): string | undefined {
  const pair = query.split('&').find((each) => /^tollgate-mock=/i.test(each))
  return pair === undefined ? undefined : decoded(pair.slice('tollgate-mock='.length).replaceAll('+', ' '))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function toDemand(contract: Contract, what: string, settings: readonly (readonly string[])[]): Demand {
  const said = whatIsMeant(contract, what)
  if (said.kind === 'fault') return said
  const step: { [name: string]: unknown } = { ...said.step }
  const facts: (readonly [string, FactValue])[] = []
  for (const [name = '', value = ''] of settings) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (read === undefined) facts.push([name, toFactValue(name, value)])
    else {
      const found = read(value)
      if (found === undefined) return { kind: 'fault', words: `"${name}=${value}" is not understood; write for example ${examples[name] ?? name}` }
      Object.assign(step, found)
    }
  }
  // Not one by one: a name of `__proto__` would be none of a fact.
  return { kind: 'step', step: facts.length === 0 ? step : { ...step, facts: Object.fromEntries(facts) } }
}

function whatIsMeant({ name, entries }: Contract, what: string): Demand {
  if (what === 'success' || what === '') return { kind: 'step', step: {} }
  const entry = entries.get(what) ?? entryOfCode(entries, what) ?? (/^[45]\d\d$/.test(what) ? entryOfStatus(entries, Number(what)) : undefined)
  if (entry !== undefined) return { kind: 'step', step: { entry: entry.id } }
  const reason = serverReasons.find((known) => known === what)
  if (reason !== undefined) return { kind: 'step', step: { reason } }
  const nearest = nearestName(what, [...entries.keys(), ...serverReasons])
  return { kind: 'fault', words: `"${what}" is no entry, code, reason or status of "${name}"${nearest === undefined ? `; its entries are ${[...entries.keys()].join(', ')}` : `; did you mean "${nearest}"?`}` }
}

/** Codes may be numbers; a person writes text. */
export function entryOfCode(entries: Contract['entries'], code: string | number): Entry | undefined {
  return code === '' ? undefined : preferred(entries, (entry) => String(entry.code) === String(code))
}

export function entryOfStatus(entries: Contract['entries'], status: number): Entry | undefined {
  return preferred(entries, (entry) => entry.status === status)
}

/** Of several, the one that the contract itself prefers; else one that is there for no special case, or the first. */
function preferred(entries: Contract['entries'], fits: (entry: Entry) => boolean): Entry | undefined {
  const alike = [...entries.values()].filter(fits)
  return alike.find(({ primary }) => primary === true) ?? alike.find(({ when, read }) => when === undefined && read === undefined) ?? alike[0]
}

/**
 * A fact as a person writes it: `7s` and `2026-12-01` where its name ends in `Ms`, JSON where it is some, otherwise the text itself.
 *
 * @example
 * toFactValue('retryAfterMs', '7s') // => 7_000
 */
export function toFactValue(name: string, text: string): FactValue {
  const ms = name.endsWith('Ms') ? parseGoDuration(text) : undefined
  if (ms !== undefined) return ms
  const instant = name.endsWith('AtMs') ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(instant) && !/^\d+$/.test(text)) return instant
  return (parseBoundedJson(text) ?? text) as FactValue
}

type SettingReader = (text: string) => Partial<MockStep> | undefined

const count = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)
const duration = (text: string): number | undefined => parseGoDuration(text) ?? count(text)
const given = <Name extends keyof MockStep>(name: Name, value: MockStep[Name]): Partial<MockStep> | undefined => (value === undefined ? undefined : { [name]: value })

const readers: { readonly [name: string]: SettingReader } = {
  times: (text) => given('times', count(text)),
  status: (text) => given('status', /^[2-5]\d\d$/.test(text) ? Number(text) : undefined),
  delay: (text) => given('delayMs', duration(text)),
  pause: (text) => given('pauseMs', duration(text)),
  drop: (text) => (text === 'early' || text === 'late' ? { drop: text } : undefined),
  cut: (text) => {
    const [, after, by = 'reset'] = /^(\d{1,9})(?:[ ,:]+(reset|close|end))?$/.exec(text) ?? []
    return after === undefined ? undefined : { cut: { after: Number(after), by: by as 'reset' | 'close' | 'end' } }
  },
  stream: (text) => given('stream', text === '' || text === 'true' ? true : text === 'false' ? false : undefined),
  midStream: (text) => given('midStream', count(text)),
  lengthOff: (text) => given('lengthOff', /^-?\d{1,9}$/.test(text) ? Number(text) : undefined),
}

const examples: { readonly [name: string]: string } = {
  times: 'times=3', status: 'status=202', delay: 'delay=2s', pause: 'pause=100ms', drop: 'drop=late', cut: 'cut=3:reset', stream: 'stream=true', midStream: 'midStream=2', lengthOff: 'lengthOff=10',
}
