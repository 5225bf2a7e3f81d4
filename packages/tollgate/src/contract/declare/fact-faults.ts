/** What is wrong with what an entry is told: the rules of `entry-facts.ts` for who writes JavaScript, or has a contract that came from a file. */
import { suggest } from '../check/contract-error.ts'
import type { Entry } from './contract.ts'
import { toWire, type Detail } from './details.ts'
import type { CommonFacts, ReservedName } from './entry-facts.ts'
import { factNames, type Facts, type FactValue } from './facts.ts'
import { sentencesIn } from './messages.ts'
import { parseMessage, placeholdersOf } from '../write/message.ts'
import { nearestName } from '../check/nearest-name.ts'

/** A gateway tells facts, a service the details of its API. */
export type Naming = 'fact' | 'detail'

const commonFacts: readonly string[] = Object.keys({
  retryAfterMs: true,
  resetAtMs: true,
  waitHelps: true,
  field: true,
  issue: true,
  rule: true,
  fields: true,
  issues: true,
  allow: true,
} satisfies { readonly [Name in keyof CommonFacts]-?: true })

const reservedNames: readonly string[] = Object.keys({
  type: true,
  title: true,
  status: true,
  detail: true,
  instance: true,
  entry: true,
  code: true,
  reason: true,
} satisfies { readonly [Name in ReservedName]: true })

/** Its own details and the names under which they are told; further names that its messages and any answer may use. */
interface Telling {
  readonly details: readonly { readonly name: string; readonly detail: Detail }[]
  readonly others: readonly string[]
}

function tellingOf(entry: Entry, details: readonly Detail[], naming: Naming): Telling {
  const own = details.filter(({ name }) => entry.attributes === undefined || !Object.hasOwn(entry.attributes, name))
  const figures = sentencesIn(entry.message).flatMap((message) => placeholdersOf(parseMessage(message, ignore)).map(({ name }) => name))
  return {
    details: own.flatMap((detail) => {
      const name = nameOf(detail, naming)
      return name === undefined ? [] : [{ name, detail }]
    }),
    others: [...commonFacts, ...figures.filter((name) => factNames.includes(name))],
  }
}

function ignore(): void {}

/** Undefined: a service cannot say it at all, since the name means something else in a problem. */
function nameOf({ name, from }: Detail, naming: Naming): string | undefined {
  if (naming === 'fact') return from ?? name
  return reservedNames.includes(name) ? from : name
}

/** Each fault as a sentence that names the fact and the mend; none where all is well. Undefined counts as not given. */
export function factFaults(entry: Entry, declared: readonly Detail[], given: { readonly [name: string]: unknown }, naming: Naming): readonly string[] {
  const { details, others } = tellingOf(entry, declared, naming)
  const names = [...new Set([...details.map(({ name }) => name), ...others])]
  const faults: string[] = []
  const told = Object.keys(given).filter((name) => given[name] !== undefined)
  for (const name of told) {
    if (!names.includes(name)) faults.push(`"${name}" is no ${naming} of it; ${mendOf(name, details, names)}`)
    else if (name.endsWith('Ms') && !Number.isFinite(given[name])) faults.push(`"${name}" is ${shown(given[name])}; give milliseconds`)
  }
  for (const { name, detail } of details) {
    const isGiven = Object.hasOwn(given, name) && given[name] !== undefined
    if (!isGiven && detail.whenUnknown === 'required') faults.push(`"${name}" is missing; give ${wantedOf(detail, name)}`)
    if (isGiven && !fits(detail, name, given[name])) faults.push(`"${name}" is ${shown(given[name])}; give ${wantedOf(detail, name)}`)
  }
  return [...new Set(faults)]
}

function mendOf(name: string, details: Telling['details'], names: readonly string[]): string {
  const same = details.find(({ detail }) => detail.name === name || detail.from === name)
  return same === undefined ? suggest(nearestName(name, names), `it has ${names.join(', ')}`) : `say it as "${same.name}"`
}

function fits(detail: Detail, name: string, value: unknown): boolean {
  if (value === null) return detail.whenUnknown === 'null' || detail.type === 'json'
  // Anything may come from JavaScript; what is no value of a fact has no wire form.
  const facts: Facts = { [name]: value as FactValue }
  return toWire(detail, facts, undefined) != null
}

function wantedOf({ type, from }: Detail, name: string): string {
  if (from !== undefined && from === name && from.endsWith('Ms')) return 'milliseconds'
  switch (type) {
    case 'integer':
      return 'an integer'
    case 'money':
      return 'an amount: { units, scale }, or a number of major units'
    case 'strings':
      return 'a list of strings'
    case 'timestamp':
      return 'an instant as RFC 3339 has it, in UTC'
    case 'unix':
      return 'epoch seconds'
    case 'seconds':
      return 'whole seconds'
    case 'digits':
      return 'an integer, as a number or as a string'
    case 'json':
      return 'JSON'
    case 'string':
    case 'number':
    case 'boolean':
      return `a ${type}`
  }
}

const SHOWN_LENGTH_MAX = 60

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value)
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}…` : text
}
