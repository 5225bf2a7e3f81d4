/** What an answer says again of the request's body (`$request.id`). Where a contract does so, JSON bodies are read before anything is answered or sent on. */
import type { RequestLookup } from '../../contract/values/echo.ts'
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { Awaitable } from '../../engine/awaitable.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import { isJsonMediaType, mediaType } from '../headers.ts'
import { fieldOf, parseJsonBody } from '../steps/json-body.ts'
import { readBytes } from '../steps/request-body.ts'

/** A refusal only where the body does not come whole; one that is no JSON says nothing, and other steps judge it. Uploads stream past. */
export function readForEcho(current: CallInProgress): Awaitable<Refusal | undefined> {
  return !echoes(current) || current.json !== undefined || !current.call.hasBody ? undefined : readJsonBody(current)
}

async function readJsonBody(current: CallInProgress): Promise<Refusal | undefined> {
  const read = await readBytes(current)
  if (read.kind === 'refused') return read
  const parsed = parseJsonBody(current.call.headers, read.bytes)
  if (parsed.kind === 'found') current.json = parsed
  return undefined
}

export function requestLookup(current: CallInProgress): RequestLookup | undefined {
  const { json } = current
  return json === undefined || !echoes(current) ? undefined : (path) => fieldOf(json.value, path)
}

function echoes({ api, call }: CallInProgress): boolean {
  if (api.contract.echoes.length === 0) return false
  const type = mediaType(call.headers)
  return type === '' || isJsonMediaType(type)
}
