/**
 * What Cloudflare answers at its edge in place of the API behind it, read only: problem details with members of its own, for who accepts JSON. It says itself whether
 * another try makes sense (`retryable`) and when (`retry_after`). Any API behind Cloudflare may answer so. Browsers get HTML.
 */
import { defineDialect } from '../contract/read/dialect.ts'
import { patternsPart } from '../contract/read/parts/patterns-part.ts'
import { says } from './read-only-entry.ts'

const members = {
  details: {
    error_name: 'string?', error_category: 'string?', zone: 'string?', retryable: 'boolean? from waitHelps', retry_after: 'seconds? from retryAfterMs', owner_action_required: 'boolean?', what_you_should_do: 'string?',
  },
} as const
/** Between the edge and the server behind it. */
const origin = { ...members, source: 'upstream' } as const

/** Cloudflare's edge; read only. */
export const cloudflareEdge = defineDialect({
  name: 'cloudflare-edge',
  title: 'Cloudflare edge',
  docs: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/',
  decodeOnly: true,
  requestId: { format: 'hex', header: 'cf-ray' },
  envelope: {
    contentType: 'application/problem+json',
    error: {
      type: '$details.type?', title: '$details.title?', status: '$status', detail: '$message', error_code: '$code', error_name: '$details.error_name?', error_category: '$details.error_category?', ray_id: '$requestId',
      zone: '$details.zone?', cloudflare_error: true, retryable: '$details.retryable?', retry_after: '$details.retry_after?', owner_action_required: '$details.owner_action_required?', what_you_should_do: '$details.what_you_should_do?',
    },
  },
  entries: {
    rateLimited: says(1015, 429, 'rate.limited', 'The owner of the site limits the rate.', { ...members, details: { ...members.details, type: 'string?', title: 'string?' }, read: { code: 1027 } }),
    denied: says(1020, 403, 'permission.denied', 'A rule of the site denies access.', { ...members, read: { code: [1005, 1006, 1007, 1008, 1009, 1010, 1012, 1106] } }),
    notResolved: says(1016, 530, 'upstream.unavailable', 'The server behind it cannot be found.', { ...origin, read: { code: [1000, 1001, 1002, 1004, 1014, 1018, 1033], status: [403, 409, 502, 503] } }),
    tooManyRedirects: says(1205, 429, 'upstream.failed', 'The server behind it redirects for ever.', { ...origin, read: { code: 1038, status: [400, 403, 503] } }),
    workerFailed: says(1101, 500, 'upstream.failed', 'The code of the site at the edge failed.', { ...origin, read: { code: [1102, 1104, 1105], status: [503, 530] } }),
    cacheConnections: says(1200, 429, 'capacity.overloaded', 'Too many requests wait for the server behind it.', { ...origin, read: { status: 503 } }),
    originFailed: says(520, 520, 'upstream.failed', 'The server behind it sent something that is no answer, or no connection to it came about.', { ...origin, read: { code: [502, 522, 525, 526], status: [502, 522, 525, 526] } }),
    originDown: says(521, 521, 'upstream.unavailable', 'The server behind it takes no connections.', { ...origin, read: { code: [503, 523], status: [503, 523] } }),
    originTimeout: says(524, 524, 'upstream.timeout', 'The server behind it took the request and did not answer in time: the outcome is unknown.', { ...origin, read: { code: 504, status: 504 } }),
  },
}, { parts: [patternsPart] })
