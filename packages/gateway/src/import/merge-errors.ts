/** What several places of a source say of one error becomes one: the same code, under the same status where both say one. */
import { compact } from 'tollgate/contract'
import { guessReason } from './guess-reason.ts'
import type { FoundError } from './found-error.ts'

export function mergeErrors(all: readonly FoundError[]): readonly FoundError[] {
  const merged: FoundError[] = []
  // A page that has codes explains statuses beside them; those are no errors of their own.
  const hasCodes = all.some(({ code }) => code !== undefined && typeof code === 'string')
  for (const each of all) {
    if (each.code === undefined && each.status === undefined && each.message === undefined) continue
    const at = merged.findIndex((known) => isSame(known, each))
    const known = merged[at]
    if (known !== undefined) merged[at] = merge(known, each)
    else if (each.code !== undefined || !hasCodes || !all.some(({ code, status }) => code !== undefined && status === each.status)) merged.push(each)
  }
  return withoutLegend(withSampledCodes(merged))
}

/** A page of statuses that shows one answer with a code: the code belongs to the status that means the same. */
function withSampledCodes(errors: readonly FoundError[]): readonly FoundError[] {
  const left = [...errors]
  for (const error of errors) {
    if (error.code === undefined || error.status !== undefined || error.description !== undefined) continue
    const { reason, by } = guessReason(error)
    const at = left.findIndex((each) => each.code === undefined && by === 'words' && guessReason(each).reason === reason)
    const known = left[at]
    if (known === undefined) continue
    left[at] = { ...merge(known, error), code: error.code, message: error.message ?? known.message }
    left.splice(left.indexOf(error), 1)
  }
  return left
}

function isSame(one: FoundError, other: FoundError): boolean {
  if (one.code === undefined && other.code === undefined && one.message !== undefined && other.message !== undefined && one.message !== other.message) return false
  if (one.code === other.code && one.code === undefined && one.message !== undefined && one.message === other.message && (one.status ?? other.status) === (other.status ?? one.status)) return true
  if (one.code === undefined || other.code === undefined) return one.status !== undefined && one.status === other.status && (one.code === other.code || isOnlyStatus(one) || isOnlyStatus(other))
  return String(one.code) === String(other.code) && (one.status === undefined || other.status === undefined || one.status === other.status)
}

/** `400 | Bad Request`: a code that only a sample adds belongs to it. */
function isOnlyStatus({ code, message }: FoundError): boolean {
  return code === undefined && message === undefined
}

/** What was said first stays, but for the sentence: a sample shows it word by word. */
function merge(known: FoundError, other: FoundError): FoundError {
  return {
    code: known.code ?? other.code,
    status: known.status ?? other.status,
    otherStatuses: known.otherStatuses.length > 0 ? known.otherStatuses : other.otherStatuses,
    message: isSample(other) ? (other.message ?? known.message) : (known.message ?? other.message),
    description: known.description ?? other.description,
    remedy: known.remedy ?? other.remedy,
    retry: other.isRetrySaid && !known.isRetrySaid ? other.retry : (known.retry ?? other.retry),
    isRetrySaid: known.isRetrySaid || other.isRetrySaid,
    field: known.field ?? other.field,
    details: { ...other.details, ...known.details },
    attributes: compact({ ...other.attributes, ...known.attributes }) as FoundError['attributes'],
  }
}

/** A sample describes nothing. */
function isSample({ description, remedy, message }: FoundError): boolean {
  return message !== undefined && description === undefined && remedy === undefined
}

/** Where most errors have a code, a status alone (of a table that explains statuses) is none, unless nothing else is sent with it or for its reason. */
function withoutLegend(errors: readonly FoundError[]): readonly FoundError[] {
  const coded = errors.filter(({ code }) => code !== undefined)
  if (coded.length <= errors.length / 3 || coded.length <= 2) return errors
  const statuses = new Set(coded.flatMap(({ status, otherStatuses }) => [status, ...otherStatuses]))
  const reasons = new Set(coded.map((each) => guessReason(each).reason.replace(/^field\..*/, 'request.invalid')))
  return errors.filter((each) => each.code !== undefined || (!statuses.has(each.status) && !reasons.has(guessReason(each).reason.replace(/^field\..*/, 'request.invalid'))))
}
