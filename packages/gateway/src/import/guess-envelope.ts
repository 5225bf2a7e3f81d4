/** The envelope of an API from an answer that it shows: what differs from refusal to refusal becomes a slot, the rest stays. */
import { compact, memberOf, type ContractDeclaration, type JsonValue, type Template } from 'tollgate/contract'
import type { FoundPage } from './found-error.ts'
import { besideIn, FAULTS, findPlaces, valueIn, type SamplePlaces } from './read-sample.ts'

export interface GuessedEnvelope {
  readonly envelope: ContractDeclaration['envelope']
  readonly requestId: ContractDeclaration['requestId']
  /** The name of a constant beside the code, which every entry must then have. */
  readonly attribute: string | undefined
  readonly hasDetails: boolean
  /** The name under which it has the field at fault, beside the code. */
  readonly fieldDetail: string | undefined
  /** What stays of the sample as it is, and may have been an example: `url = https://…`. */
  readonly constants: readonly string[]
  /** Whether it has a place for a code; `sometimes`: and is shown without one, too. */
  readonly hasCode: boolean | 'sometimes'
}

/** Where nothing is shown. */
const plain: GuessedEnvelope = {
  envelope: { error: { error: { code: '$code', message: '$message', '...': '$details', request_id: '$requestId' } } },
  requestId: { format: 'uuid' },
  attribute: undefined,
  hasDetails: true,
  fieldDetail: undefined,
  constants: [],
  hasCode: true,
}

/** Undefined: no answer is shown, and `plainEnvelope` is as good as any. */
export function guessEnvelope({ samples, success }: FoundPage): GuessedEnvelope | undefined {
  const shown = samples.find((each) => findPlaces(each).code !== undefined) ?? samples[0]
  if (shown === undefined) return undefined
  const places = findPlaces(shown)
  const own = places.details === undefined ? ownFigures(shown, samples, places) : []
  const sample = own.length === 0 ? shown : withDetailsFor(own, shown, places.message?.slice(0, -1) ?? [])
  // Shown without a code, too: then it is one that may be missing.
  const isOptional = places.code !== undefined && samples.some((each) => findPlaces(each).code === undefined && sameShape(each, sample))
  const request = places.requestId && valueIn(sample, places.requestId)
  const attribute = places.type === undefined ? undefined : places.type.at(-1)
  return {
    fieldDetail: fieldOf(sample, places),
    constants: constantsIn(filled(sample, [], places, isOptional), ''),
    envelope: compact({ error: filled(sample, [], places, isOptional) as Template, success: success === undefined ? undefined : (filledSuccess(success, places) as Template) }),
    requestId: typeof request === 'string' ? requestIdLike(request) : undefined,
    attribute,
    hasDetails: places.details !== undefined || own.length > 0,
    hasCode: isOptional ? 'sometimes' : places.code !== undefined,
  }
}

export const plainEnvelope = plain

/** What some of the answers have beside their sentence, and others have not: figures of those refusals, and no part of the envelope. */
function ownFigures(shown: JsonValue, samples: readonly JsonValue[], places: SamplePlaces): readonly string[] {
  const alike = samples.filter((each) => sameShape(each, shown)).map((each) => besideIn(each, places))
  const names = [...new Set(alike.flatMap((each) => Object.keys(each)))]
  return names.filter((name) => !alike.every((each) => Object.hasOwn(each, name)))
}

function withDetailsFor(names: readonly string[], value: JsonValue, path: readonly string[]): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const [next, ...rest] = path
  if (next !== undefined) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key === next ? withDetailsFor(names, each as JsonValue, rest) : (each as JsonValue)]))
  return { ...Object.fromEntries(Object.entries(value).filter(([key]) => !names.includes(key))), '...': '$details' } as JsonValue
}

/** Its sentence stands in the same place. */
function sameShape(one: JsonValue, other: JsonValue): boolean {
  return findPlaces(one).message?.join('.') === findPlaces(other).message?.join('.')
}

function filled(value: JsonValue, path: readonly string[], places: SamplePlaces, isOptional = false): JsonValue {
  const found = slotAt(path, places)
  const slot = found === '$code' && isOptional ? '$code?' : found
  if (slot !== undefined) return slot
  if (path.at(-1) === '...') return value
  const field = fieldSlot(path, value, places)
  if (field !== undefined) return field
  const isList = FAULTS.test(path.at(-1) ?? '') && Array.isArray(value)
  if (isList) return listOf(value as readonly JsonValue[])
  if (Array.isArray(value)) return value.map((each, at) => filled(each as JsonValue, [...path, String(at)], places, isOptional))
  if (typeof value !== 'object' || value === null) return typeof value === 'string' && value.startsWith('$') ? `$${value}` : value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [isOptionalKey(key, each as JsonValue) ? `${key}?` : key, filled(each as JsonValue, [...path, key], places, isOptional)]))
}

/** A list of faults is there where there are some. */
function isOptionalKey(key: string, value: JsonValue): boolean {
  return FAULTS.test(key) && Array.isArray(value)
}

const FIELD = /^(?:field|param|parameter|property|pointer)$/i

/** `param: "model"` beside the code. */
function fieldSlot(path: readonly string[], value: JsonValue, { message }: SamplePlaces): string | undefined {
  const isBeside = message !== undefined && path.length === message.length && path.slice(0, -1).every((key, at) => message[at] === key)
  return isBeside && FIELD.test(path.at(-1) ?? '') && (typeof value === 'string' || value === null) ? `$details.${path.at(-1)}${value === null ? '|null' : '?'}` : undefined
}

function fieldOf(sample: JsonValue, { message }: SamplePlaces): string | undefined {
  const inner = message === undefined ? undefined : valueIn(sample, message.slice(0, -1))
  return typeof inner === 'object' && inner !== null ? Object.keys(inner).find((key) => FIELD.test(key)) : undefined
}

/** An item for each field at fault, under the names that the sample has. */
function listOf([item]: readonly JsonValue[]): JsonValue {
  const names: readonly (readonly [RegExp, string])[] = [[/^(?:field|param|parameter|property|name|path|key|target)$/i, '$field'], [/^(?:message|msg|issue|error|detail|description|reason|title)$/i, '$issue'], [/^(?:code|rule|type|keyword|constraint)$/i, '$rule'], [/^(?:loc|location)$/i, '$path'], [/^(?:pointer|json_?pointer)$/i, '$pointer']]
  if (typeof item !== 'object' || item === null) return { $each: '$fields', as: '$issue' }
  const as = Object.keys(item).flatMap((key) => {
    const slot = names.find(([pattern]) => pattern.test(key))?.[1]
    return slot === undefined ? [] : [[key, slot] as const]
  })
  return { $each: '$fields', as: as.length === 0 ? { field: '$field', message: '$issue' } : Object.fromEntries(as) }
}

/** What may differ from answer to answer though it has no slot. Flags, empty values and the word `error` do not. */
function constantsIn(value: JsonValue, path: string): readonly string[] {
  if (typeof value === 'string' && !value.startsWith('$') && !/^(?:error|fail(?:ed|ure)?|)$/i.test(value)) return [`${path} = ${JSON.stringify(value)}`]
  if (typeof value === 'number') return [`${path} = ${value}`]
  if (typeof value !== 'object' || value === null || Object.hasOwn(value, '$each')) return []
  return Object.entries(value).flatMap(([key, each]) => constantsIn(each as JsonValue, path === '' ? key : `${path}.${key}`))
}

function slotAt(path: readonly string[], { code, message, details, requestId, timestamp, status, type }: SamplePlaces): string | undefined {
  const slots: readonly (readonly [readonly string[] | undefined, string])[] = [[code, '$code'], [message, '$message'], [details, '$details?'], [requestId, '$requestId'], [timestamp, '$timestamp'], [status, '$status'], [type, `$${type?.at(-1) ?? ''}`]]
  return slots.find(([place]) => place !== undefined && place.length === path.length && place.every((key, at) => path[at] === key))?.[1]
}

/** Of a success only its data differ, and who asked. */
function filledSuccess(value: JsonValue, { requestId, timestamp }: SamplePlaces): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const data = ['data', 'result', 'results'].find((key) => memberOf(value, key) !== undefined)
  const slots: SamplePlaces = { code: undefined, message: undefined, details: undefined, requestId, timestamp, status: undefined, type: undefined }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, key === data ? '$data' : filled(each as JsonValue, [key], slots)]))
}

/** `req_1234`, or a UUID. */
function requestIdLike(id: string): ContractDeclaration['requestId'] {
  const [, prefix] = /^([a-z]+[_-])\w*$/i.exec(id) ?? []
  if (prefix !== undefined) return { format: 'hex', prefix }
  return /^[0-9a-f]{8}-/.test(id) ? { format: 'uuid' } : { format: 'hex' }
}
