/** Details: the figures of an entry. A fact is converted to its wire form here, and a wire value is validated here. */
import { suggest, type ContractProblem } from '../check/contract-error.ts'
import { detailTypes, type DetailType, type EntryDeclaration } from './declaration.ts'
import type { Facts, FactValue, JsonValue } from './facts.ts'
import { isExactMoney, toMajorUnits } from '../values/money.ts'
import { nearestName } from '../check/nearest-name.ts'
import { formatTimestamp, isTimestamp } from '../values/timestamp.ts'

/** A figure of an entry under the name of its API, as it is declared. */
export interface Detail {
  /** Its name on the wire. */
  readonly name: string
  readonly type: DetailType
  /** What happens when it is unknown. A `required` one is left out rather than invented. */
  readonly whenUnknown: 'required' | 'absent' | 'null'
  /** The fact it is converted from when no fact has its own name. */
  readonly from: string | undefined
}

export type ParsedDetail = { readonly kind: 'detail'; readonly detail: Detail } | { readonly kind: 'fault'; readonly fault: Omit<ContractProblem, 'path'> }

/** Of an entry of a checked declaration. */
export function detailsIn({ details = {} }: Pick<EntryDeclaration, 'details'>): readonly Detail[] {
  return Object.entries(details).map(([name, text]) => {
    const [, type, empty, from] = DETAIL.exec(text) ?? []
    return { name, type: type as DetailType, whenUnknown: whenUnknown(empty), from }
  })
}

const DETAIL = /^([^\s?|]*)(\?|\|null)?(?: from (\S+))?$/

function whenUnknown(suffix: string | undefined): Detail['whenUnknown'] {
  return suffix === undefined ? 'required' : suffix === '?' ? 'absent' : 'null'
}

/** `integer`, `timestamp? from resetAtMs`, `string|null`. */
export function parseDetail(name: string, declaration: string): ParsedDetail {
  const match = DETAIL.exec(declaration)
  const type = detailTypes.find((known) => known === match?.[1])
  if (match === null || type === undefined) {
    const [meant = ''] = declaration.split(/[\s?|]/, 1)
    const otherwise = `use one of ${detailTypes.join(', ')}, then "?" or "|null", then " from FACT"`
    const begun = meant.length < 3 ? undefined : detailTypes.find((known) => known.startsWith(meant.toLowerCase()))
    return { kind: 'fault', fault: { value: declaration, problem: 'is not a detail type', mend: suggest(begun ?? nearestName(meant, detailTypes), otherwise) } }
  }
  const from = match[3]
  if (from !== undefined && (type === 'timestamp' || type === 'unix' || type === 'seconds') && !from.endsWith('Ms')) {
    return { kind: 'fault', fault: { value: declaration, problem: `takes a time from "${from}", which is not in milliseconds`, mend: 'name a fact that ends in "Ms"' } }
  }
  return { kind: 'detail', detail: { name, type, whenUnknown: whenUnknown(match[2]), from } }
}

/**
 * The wire value for these facts, or undefined when it is to be left out. A fact under the wire name itself wins and is taken in wire form; then the
 * fact that the declaration names; then the entry's own constant of that name.
 */
export function toWire(detail: Detail, facts: Facts, constants: { readonly [name: string]: JsonValue } | undefined): JsonValue | undefined {
  const own = Object.hasOwn(facts, detail.name) ? facts[detail.name] : undefined
  const source = detail.from !== undefined && Object.hasOwn(facts, detail.from) ? facts[detail.from] : undefined
  const wire =
    (own === undefined ? undefined : inWireForm(detail.type, own)) ??
    (source === undefined ? undefined : converted(detail, source)) ??
    (constants !== undefined && Object.hasOwn(constants, detail.name) ? constants[detail.name] : undefined)
  return wire ?? (detail.whenUnknown === 'null' ? null : undefined)
}

/** A wire value of the declared type, null where that is declared; anything else is treated as absent. */
export function fromWire(detail: Detail, value: JsonValue): JsonValue | undefined {
  if (value === null) return detail.whenUnknown === 'null' || detail.type === 'json' ? null : undefined
  // Written whole, and read as it comes: `577.37`.
  if (detail.type === 'seconds' && typeof value === 'number' && value >= 0) return Number.isSafeInteger(Math.ceil(value)) ? Math.ceil(value) : undefined
  return isOfType[detail.type](value) ? value : undefined
}

const isFiniteNumber = (value: unknown): boolean => Number.isFinite(value)
const isWholeNumber = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

/** The wire form of each type. What has been parsed from JSON is JSON. */
const isOfType: { readonly [type in DetailType]: (value: unknown) => boolean } = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value),
  number: isFiniteNumber,
  boolean: (value) => typeof value === 'boolean',
  strings: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  money: isFiniteNumber,
  timestamp: isTimestamp,
  unix: isWholeNumber,
  seconds: isWholeNumber,
  digits: (value) => typeof value === 'string' && /^-?\d{1,40}$/.test(value),
  json: () => true,
}

/** An amount as careful services write it: `"50.00"`. */
const PLAIN_DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/

/** Facts that are in wire form, or that can only mean one thing: money, a number where a string is declared, one string where several are. */
function inWireForm(type: DetailType, value: FactValue): JsonValue | undefined {
  if (isExactMoney(value)) {
    const amount = toMajorUnits(value)
    if (type === 'money' || type === 'number' || type === 'json') return amount
    // Credits are counted whole.
    return (type === 'integer' || type === 'digits') && Number.isSafeInteger(amount) ? inWireForm(type, amount) : undefined
  }
  if (type === 'json') return toJson(value)
  if (isOfType[type](value)) return value === 0 ? 0 : (value as JsonValue)
  if (type === 'money' && typeof value === 'string') return PLAIN_DECIMAL.test(value) ? Number(value) + 0 : undefined
  if (type === 'string') return toText(value)
  if (type === 'strings' && typeof value === 'string') return [value]
  return type === 'digits' && Number.isSafeInteger(value) ? String(value) : undefined
}

function toText(value: FactValue): string | undefined {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  return isOfType.strings(value) ? (value as readonly string[]).join(', ') : undefined
}

/** A fact whose name ends in `Ms` is milliseconds; the types of time change its unit. */
function converted({ type, from }: Detail, value: FactValue): JsonValue | undefined {
  const isTime = type === 'timestamp' || type === 'unix' || type === 'seconds'
  if (!isTime || typeof value !== 'number' || from?.endsWith('Ms') !== true) return inWireForm(type, value)
  if (type === 'timestamp') return formatTimestamp(value)
  const seconds = Math.max(type === 'seconds' ? 1 : 0, Math.ceil(value / 1000))
  return isOfType[type](seconds) ? seconds : undefined
}

/** A copy that is surely JSON: what JSON cannot say is dropped, a cycle is nothing. */
function toJson(value: FactValue): JsonValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || isFiniteNumber(value)) return value as JsonValue
  // A service in this process may hand over anything: a function or a bigint is no JSON.
  if (typeof value !== 'object') return undefined
  try {
    return JSON.parse(JSON.stringify(value)) as JsonValue
  } catch {
    return undefined
  }
}
