/** An answer that a page shows: its code, its sentence and its figures, wherever its envelope has them. */
import { memberOf, parseBoundedJson, type JsonValue } from 'tollgate/contract'
import { nothingFound, type FoundError } from './found-error.ts'

const CODE = /^(?:code|error_?code|err_?code|errcode|error_?type|status_?code|reason|type|name)$/i
const MESSAGE = /^(?:message|msg|error_?message|err_?msg|errmsg|detail|description|error_?description|title|text)$/i
/** Names of lists of faults. */
export const FAULTS = /^(?:details|errors|issues|fields|violations|validation_errors)$/i
const DETAILS = /^(?:details?|data|params|meta(?:data)?|info|context|extra|fields)$/i
const ID = /^(?:(?:x_?)?request_?id|req_?id|trace_?id|correlation_?id|trace|id)$/i
const TIME = /^(?:timestamp|time|date|ts)$/i

/** A body, perhaps behind the head of an answer. Comments and `...` of a page are no JSON, and forgiven. */
export function parseSample(text: string): { readonly head: number | undefined; readonly body: JsonValue | undefined } {
  const [, status] = /^HTTP\/[\d.]+ (\d{3})/.exec(text.trim()) ?? []
  const from = text.indexOf('{')
  const json = from < 0 ? '' : text.slice(from, text.lastIndexOf('}') + 1)
  const body = parseBoundedJson(json) ?? parseBoundedJson(json.replaceAll(/^\s*(?:\/\/|#).*$/gm, '').replaceAll(/\s\/\/ .*$/gm, '').replaceAll(/\{\s*\.\.\.\s*\}/g, '{}').replaceAll(/\[\s*\.\.\.\s*\]/g, '[]').replaceAll(/,(\s*[}\]])/g, '$1'))
  return { head: status === undefined ? undefined : Number(status), body: typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonValue) : undefined }
}

/** It says that something failed: by an `error`, by a code beside a sentence. A success has neither, or says so. */
export function isErrorSample(body: JsonValue): boolean {
  const places = findPlaces(body)
  if (places.message === undefined) return false
  const code = places.code === undefined ? undefined : valueIn(body, places.code)
  return !(code === 0 || code === 200 || memberOf(body, 'success') === true || memberOf(body, 'ok') === true)
}

/** Where an envelope has what. */
export interface SamplePlaces {
  readonly code: readonly string[] | undefined
  readonly message: readonly string[] | undefined
  readonly details: readonly string[] | undefined
  readonly requestId: readonly string[] | undefined
  readonly timestamp: readonly string[] | undefined
  readonly status: readonly string[] | undefined
  /** Of a constant beside the code. */
  readonly type: readonly string[] | undefined
}

export function findPlaces(body: JsonValue): SamplePlaces {
  const leaves = leavesOf(body, [], 0)
  const inner = innerOf(body)
  const isHere = (path: readonly string[]): boolean => path.length === inner.length + 1 && inner.every((key, at) => path[at] === key)
  const last = (path: readonly string[]): string => path.at(-1) ?? ''
  const here = leaves.filter(({ path }) => isHere(path))
  const codes = here.filter(({ path, value }) => CODE.test(last(path)) && (typeof value === 'string' || typeof value === 'number'))
  const rank = (path: readonly string[]): number => ['code', 'error_code', 'errorcode', 'err_code', 'errcode', 'reason', 'error_type', 'type', 'name', 'status_code', 'statuscode'].indexOf(last(path).toLowerCase())
  const statusPath = here.find(({ path, value }) => /^(?:status|status_?code|http_?status)$/i.test(last(path)) && typeof value === 'number' && value >= 400 && value < 600)?.path
  const code = codes.toSorted((one, other) => rank(one.path) - rank(other.path)).find(({ path }) => path !== statusPath)?.path
  const message = here.filter(({ path, value }) => MESSAGE.test(last(path)) && typeof value === 'string').toSorted((one, other) => messageRank(last(one.path)) - messageRank(last(other.path)))[0]?.path
  // `{ error: "NOT_FOUND", message: "…" }`: the code, where a sentence stands beside it.
  const flat = inner.length === 0 && typeof memberOf(body, 'error') === 'string' ? ['error'] : undefined
  const type = here.find(({ path, value }) => /^type$/i.test(last(path)) && typeof value === 'string' && path !== code)?.path
  const objects = objectsOf(body, [], 0)
  return {
    code: code ?? (message === undefined ? undefined : flat),
    message: message ?? flat,
    details: objects.find((path) => isHere(path) && DETAILS.test(last(path))),
    requestId: leaves.find(({ path, value }) => typeof value === 'string' && ID.test(last(path)) && (last(path) !== 'id' || value.startsWith('req')))?.path,
    timestamp: leaves.find(({ path, value }) => TIME.test(last(path)) && (typeof value === 'string' || typeof value === 'number'))?.path,
    status: statusPath,
    type,
  }
}

function messageRank(name: string): number {
  return ['message', 'msg', 'error_message', 'detail', 'error_description', 'description', 'title'].indexOf(name.toLowerCase())
}

export function errorInSample(body: JsonValue, status: number | undefined): FoundError {
  const places = findPlaces(body)
  const at = (path: readonly string[] | undefined): JsonValue | undefined => (path === undefined ? undefined : valueIn(body, path))
  const code = at(places.code)
  const details = at(places.details)
  const type = at(places.type)
  const said = at(places.status)
  const message = at(places.message)
  // Where a page shows the form alone: `ERROR_CODE`, "Human-readable error message".
  const isForm = /^(?:error_?code|code|string|your_error_code|some_code|xxx+)$/i.test(String(code)) || /^<.*>$/.test(String(code))
  const isFormOfSentence = code === undefined && /^(?:string|message|text|\.{3}|(?:an? |the )?(?:human[- ]readable |error )+(?:description|message|explanation)\b.*|description of .*)$/i.test(String(message))
  if (isForm || isFormOfSentence) return nothingFound
  return {
    ...nothingFound,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    status: status ?? (typeof said === 'number' ? said : undefined),
    message: typeof message === 'string' ? message : undefined,
    details: typeof details === 'object' && details !== null && !Array.isArray(details) ? (details as { readonly [name: string]: JsonValue }) : places.details === undefined ? besideIn(body, places) : {},
    attributes: typeof type === 'string' ? { type } : {},
  }
}

/** What stands beside its sentence and has no place of its own: `{ "error": "too_many", "message": "…", "max": 50 }`. */
export function besideIn(body: JsonValue, places: SamplePlaces): { readonly [name: string]: JsonValue } {
  const inner = places.message === undefined ? undefined : valueIn(body, places.message.slice(0, -1))
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return {}
  const taken = new Set(Object.values(places).flatMap((path: readonly string[] | undefined) => path?.at(-1) ?? []))
  return Object.fromEntries(Object.entries(inner).filter(([name, value]) => !taken.has(name) && !(Array.isArray(value) && FAULTS.test(name)) && !/^(?:errors?|success|ok|status|field|param|parameter|property|pointer)$/i.test(name))) as { readonly [name: string]: JsonValue }
}

/** The object in which code and sentence stand. */
function innerOf(body: JsonValue): readonly string[] {
  for (const path of [['error'], ['detail', 'error'], ['detail'], ['errors', '0'], ['err'], ['fault'], ['Error'], ['result', 'error'], ['response', 'error']]) {
    const inner = valueIn(body, path)
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).some((key) => MESSAGE.test(key) || CODE.test(key))) return path
  }
  return []
}

interface Leaf {
  readonly path: readonly string[]
  readonly value: JsonValue
}

const DEPTH_MAX = 8

function leavesOf(value: JsonValue, path: readonly string[], depth: number): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  return depth > DEPTH_MAX ? [] : Object.entries(value).flatMap(([key, each]) => leavesOf(each as JsonValue, [...path, key], depth + 1))
}

function objectsOf(value: JsonValue, path: readonly string[], depth: number): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > DEPTH_MAX) return []
  return [...(path.length === 0 ? [] : [path]), ...Object.entries(value).flatMap(([key, each]) => objectsOf(each as JsonValue, [...path, key], depth + 1))]
}

export function valueIn(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  return path.reduce<unknown>((inside, key) => memberOf(inside, key), value) as JsonValue | undefined
}
