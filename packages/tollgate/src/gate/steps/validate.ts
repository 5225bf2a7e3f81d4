/** Holds a request against what its route asks: a schema for its JSON body, or an operation's parameters and body. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import type { BodyCheck, FormCheck, RequestCheck } from './request-check.ts'
import { queryOf } from '../way-in/query.ts'
import { headerValues, mediaType } from '../headers.ts'
import { quotable, refusedIssues } from './json-body.ts'
import { readBytes, readJson } from './request-body.ts'
import type { Step } from './step.ts'

export const validate: Step<'validate'> = {
  key: 'validate',
  plan: () => ({}),
  prepare: ({ check }) => (current) => refusedRequest(current, check),
}

async function refusedRequest(current: CallInProgress, check: BodyCheck | RequestCheck): Promise<Refusal | undefined> {
  if (typeof check === 'function') return refusedByCheck(current, check)
  const { headers, target } = current.call
  const issues = check.parameters({ params: current.matched?.params ?? {}, query: queryOf(target), headers })
  if (issues.length > 0 || check.body === undefined) return refusedIssues(issues)
  return refusedContent(current, check.body, mediaType(headers))
}

async function refusedContent(current: CallInProgress, { isRequired, checkFor }: NonNullable<RequestCheck['body']>, type: string): Promise<Refusal | undefined> {
  const bodyCheck = checkFor(type)
  // It streams past: nobody here has to hold it.
  if (bodyCheck === 'unchecked' && current.call.hasBody) return undefined
  const read = await readBytes(current)
  if (read.kind === 'refused') return read
  if (read.bytes.length === 0 && !isRequired) {
    // For the steps that look into it.
    current.json = { kind: 'found', value: undefined }
    return undefined
  }
  if (bodyCheck === undefined && read.bytes.length > 0) {
    return refuse('request.unsupported_media', { issue: `the content type must be one that the operation takes, not ${type === '' ? 'missing' : quotable(type)}` }, { source: 'client' })
  }
  if (typeof bodyCheck === 'object') return refusedForm(current, bodyCheck, read.bytes)
  return refusedByCheck(current, typeof bodyCheck === 'function' ? bodyCheck : () => [])
}

/** Later steps find its fields as they would those of a JSON body. */
async function refusedForm(current: CallInProgress, { read, check }: FormCheck, bytes: Uint8Array): Promise<Refusal | undefined> {
  const form = await read(bytes, headerValues(current.call.headers, 'content-type')[0] ?? '')
  if (form === undefined) return refuse('request.invalid', { issue: 'the body is not a whole form' }, { source: 'client' })
  current.json = { kind: 'found', value: form }
  return refusedIssues(check(form))
}

async function refusedByCheck(current: CallInProgress, check: BodyCheck): Promise<Refusal | undefined> {
  const body = await readJson(current)
  return body.kind === 'refused' ? body : refusedIssues(check(body.value, body.text))
}
