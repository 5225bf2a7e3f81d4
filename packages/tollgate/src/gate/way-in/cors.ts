/**
 * Cross-origin access for browsers (Fetch standard, CORS protocol). Where an API has a list, the gateway alone says who may read: what a service says of
 * it is dropped, and refusals carry it as successes do, since a page could not read them otherwise.
 *
 * Answers that depend on the origin say so in `Vary`, whoever asks: a shared cache would otherwise give a page the answer that was meant for another, or
 * for none. Where everybody may read they are the same for all.
 */
import { isToken } from '../../contract/write/header-value.ts'
import { rateLimitHeaderNames } from '../../contract/values/rate-limit-headers.ts'
import type { TextAnswer } from '../../contract/declare/wire.ts'
import type { ApiOptions } from '../gate-options.ts'
import { headerValues, soleHeader } from '../headers.ts'
import type { StepHeaders } from '../steps/step.ts'
import { stepHeadersOf } from '../steps/steps.ts'
import { createOriginRule } from './origin-rule.ts'

export interface Cors {
  /** Whether a page of the origin that asks may read the answers. */
  lets(requestHeaders: readonly string[]): boolean
  /** What every answer carries, flat. */
  headers(requestHeaders: readonly string[]): readonly string[]
  /** The answer to a preflight; undefined when the request is none, or from an origin that is not let in. */
  preflight(method: string, requestHeaders: readonly string[]): TextAnswer | undefined
  /** Whether the gateway alone says it: an answer's own header of this lower-case name is dropped. */
  drops(name: string): boolean
}

const none: readonly string[] = []

const noCors: Cors = { lets: () => false, headers: () => none, preflight: () => undefined, drops: () => false }

export function createCors(api: ApiOptions): Cors {
  const { cors } = api
  if (cors === undefined) return noCors
  const { credentials = false, privateNetwork = false, maxAgeSeconds } = cors
  const everybody = cors.origins.includes('*')
  const isListed = createOriginRule(cors.origins)
  const methods = [...new Set(api.routes.flatMap((route) => route.methods))]
  const askedFor = unique([...cors.allowHeaders, ...ownRequestHeaders(api)])
  const anyHeader = cors.allowHeaders.includes('*')
  const exposed = unique([...ownAnswerHeaders(api), ...(cors.exposeHeaders ?? [])]).join(', ')
  const forAll = ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', exposed]
  const forNobody = ['Vary', 'Origin']

  const lets = (requestHeaders: readonly string[]): boolean => {
    const origin = soleHeader(requestHeaders, 'origin')
    return origin !== undefined && (everybody || isListed(origin))
  }

  const letIn = (requestHeaders: readonly string[]): readonly string[] => [
    'Access-Control-Allow-Origin',
    everybody ? '*' : (soleHeader(requestHeaders, 'origin') ?? ''),
    ...(credentials ? ['Access-Control-Allow-Credentials', 'true'] : []),
  ]

  function allowedHeaders(requestHeaders: readonly string[]): readonly string[] {
    const requested = headerValues(requestHeaders, 'access-control-request-headers').flatMap((value) => value.split(',').map((name) => name.trim()))
    return anyHeader ? unique(requested.filter(isToken)) : askedFor
  }

  return {
    lets,
    drops: isCorsHeader,
    headers(requestHeaders) {
      if (everybody) return forAll
      return lets(requestHeaders) ? [...letIn(requestHeaders), 'Access-Control-Expose-Headers', exposed, ...forNobody] : forNobody
    },
    preflight(method, requestHeaders) {
      const asked = soleHeader(requestHeaders, 'access-control-request-method')
      if (method !== 'OPTIONS' || asked === undefined || !lets(requestHeaders)) return undefined
      const allowed = allowedHeaders(requestHeaders)
      const isPrivate = privateNetwork && soleHeader(requestHeaders, 'access-control-request-private-network') === 'true'
      const varies = [
        ...(everybody ? [] : ['Origin']),
        'Access-Control-Request-Method',
        'Access-Control-Request-Headers',
        ...(privateNetwork ? ['Access-Control-Request-Private-Network'] : []),
      ]
      return {
        status: 204,
        headers: [
          ...letIn(requestHeaders),
          'Access-Control-Allow-Methods',
          // With the one that is asked for: that no route has it is for the refusal to say, which the page can read.
          [...new Set(isToken(asked) ? [...methods, asked] : methods)].join(', '),
          ...(allowed.length > 0 ? ['Access-Control-Allow-Headers', allowed.join(', ')] : []),
          ...(isPrivate ? ['Access-Control-Allow-Private-Network', 'true'] : []),
          'Access-Control-Max-Age',
          String(maxAgeSeconds),
          'Vary',
          varies.join(', '),
        ],
        body: '',
      }
    },
  }
}

/** Where no API is meant: a refusal there tells nothing of any, so whoever may read one of them may read it. */
export function corsOutside(each: readonly Cors[]): Cors {
  const first = each.find((cors) => cors !== noCors) ?? noCors
  const chosen = (requestHeaders: readonly string[]): Cors => each.find((cors) => cors.lets(requestHeaders)) ?? first
  return {
    lets: (requestHeaders) => chosen(requestHeaders).lets(requestHeaders),
    headers: (requestHeaders) => chosen(requestHeaders).headers(requestHeaders),
    preflight: (method, requestHeaders) => chosen(requestHeaders).preflight(method, requestHeaders),
    drops: first.drops,
  }
}

/** Says who may read. What more a script may see of it (`Access-Control-Expose-Headers`) is the answer's to say too. */
function isCorsHeader(name: string): boolean {
  return name.startsWith('access-control-') && name !== 'access-control-expose-headers'
}

/** What callers send by the API's own settings: scripts need not be allowed it once more. */
function ownRequestHeaders({ credentials, routes }: ApiOptions): readonly string[] {
  const ofSteps = stepHeaders(routes).flatMap(({ sent }) => sent)
  return [...(credentials?.from ?? []).flatMap((place) => (place.in === 'header' ? place.name : [])), ...ofSteps, 'content-type']
}

function stepHeaders(routes: ApiOptions['routes']): readonly StepHeaders[] {
  return routes.flatMap(({ steps }) => steps.flatMap((step) => stepHeadersOf(step) ?? []))
}

/** What a script needs in order to obey a refusal: without the list browsers hide these headers. */
function ownAnswerHeaders({ contract, routes }: ApiOptions): readonly string[] {
  const { rateLimitHeaders: rate, headers = {} } = contract.declaration
  return [
    'Retry-After',
    contract.requestIdHeader,
    ...rateLimitHeaderNames(rate),
    'WWW-Authenticate',
    'Allow',
    ...new Set(stepHeaders(routes).flatMap(({ answered }) => answered)),
    ...Object.keys(headers),
    ...[...contract.entries.values()].flatMap((entry) => Object.keys(entry.headers ?? {})),
  ]
}

/** Without those that differ in case only. */
function unique(names: readonly string[]): readonly string[] {
  const lower = names.map((name) => name.toLowerCase())
  return names.filter((_, at) => lower.indexOf(lower[at] as string) === at)
}
