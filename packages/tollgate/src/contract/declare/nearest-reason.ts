/** What somebody means who knows the thing and not our word for it: `too_many_requests`, `insufficient_credits`, `QUOTA_EXCEEDED`. */
import { serverReasons, type ServerReason } from './reason.ts'

/** Names of statuses, and the words of other vocabularies that share none with ours. */
const otherWords: { readonly [word: string]: ServerReason } = {
  unauthorized: 'credential.invalid',
  unauthenticated: 'credential.invalid',
  authentication: 'credential.invalid',
  apikey: 'credential.invalid',
  forbidden: 'permission.denied',
  scope: 'permission.denied',
  toomanyrequests: 'rate.limited',
  throttled: 'rate.limited',
  badrequest: 'request.invalid',
  validation: 'request.invalid',
  unprocessable: 'request.invalid',
  payload: 'request.too_large',
  paymentrequired: 'credit.insufficient',
  balance: 'credit.insufficient',
  funds: 'credit.insufficient',
  notfound: 'resource.not_found',
  timeout: 'upstream.timeout',
  badgateway: 'upstream.failed',
  overload: 'capacity.overloaded',
  busy: 'capacity.overloaded',
  moderation: 'content.blocked',
  servererror: 'internal',
}

/**
 * The reason with which it has the most words in common, by their first letters; undefined if none.
 *
 * @example
 * nearestReason('too_many_requests') // => 'rate.limited'
 * nearestReason('teapot') // => undefined
 */
export function nearestReason(name: string): ServerReason | undefined {
  const plain = name.toLowerCase()
  const squeezed = plain.replaceAll(/[^a-z]/g, '')
  const words = plain.split(/[^a-z]+/).filter((word) => word.length >= 4)
  let nearest: ServerReason | undefined
  let most = 0
  for (const reason of serverReasons) {
    const shared = reason.split(/[._]/).filter((own) => own.length >= 4 && words.some((word) => stem(word) === stem(own))).length
    if (shared > most) [nearest, most] = [reason, shared]
  }
  const other = Object.entries(otherWords).find(([word]) => squeezed.includes(word))?.[1]
  return most > 1 ? nearest : (other ?? nearest)
}

/** `credits` is `credit`, `limited` is `limit`. */
function stem(word: string): string {
  return word.slice(0, 5)
}
