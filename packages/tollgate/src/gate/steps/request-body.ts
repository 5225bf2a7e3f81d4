/** The request's body, read at most once, whatever number of steps wants it. */
import type { CallInProgress } from '../call/call-in-progress.ts'
import { parseJsonBody, refusedBody, type JsonBody } from './json-body.ts'
import type { OrRefusal } from '../or-refusal.ts'

export async function readBytes(current: CallInProgress): Promise<OrRefusal<{ readonly bytes: Uint8Array }>> {
  if (current.body !== undefined) return { kind: 'found', bytes: current.body }
  if (current.unread !== undefined) return current.unread
  const { api, call, matched } = current
  const bytesMax = matched?.route.bodyBytesMax ?? api.bodyBytesMax
  const read = call.hasBody ? await call.readBody(bytesMax, { ...api.bodyPace, ...matched?.route.bodyPace }) : { kind: 'complete' as const, bytes: new Uint8Array() }
  if (read.kind !== 'complete') return (current.unread = refusedBody(read.kind, bytesMax))
  current.body = read.bytes
  return { kind: 'found', bytes: read.bytes }
}

export async function readJson(current: CallInProgress): Promise<JsonBody> {
  if (current.json !== undefined) return current.json
  const read = await readBytes(current)
  if (read.kind === 'refused') return read
  const parsed = parseJsonBody(current.call.headers, read.bytes)
  if (parsed.kind === 'found') current.json = parsed
  return parsed
}

/** The body as JSON where there is one: for a step that looks into it, and is content with none. */
export async function jsonIfAny(current: CallInProgress): Promise<JsonBody> {
  return current.call.hasBody || current.json !== undefined ? readJson(current) : { kind: 'found', value: undefined }
}
