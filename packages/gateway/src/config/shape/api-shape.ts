/** One API of `tollgate.yaml`: its contract, credentials, meters, tables, plans and routes. */
import { defaultTokenTimes } from 'tollgate/gate'
import { z } from 'zod'
import { issuer } from './issuer-shape.ts'
import { meter } from './meter-shape.ts'
import { anyCase, mountPath, origin, routeOn } from '../read/patterns.ts'
import { contractRef } from './contract-ref.ts'
import { docs } from './docs-shape.ts'
import { duration, headerName, integer, name, onlyOne, planLimit, settings, size, text } from '../read/scalars.ts'
import { anyOf, exactlyOne, excludes, has, implies, needs, rules, where } from '../build/schema-rules.ts'
import { step } from './step-shape.ts'
import { onceInRoute, stepsInNeedOf } from '../steps/steps.ts'
import { table } from './table-shape.ts'

const contract = z.union([
  text.meta({ pattern: contractRef }).describe('A shipped contract (chatads, problem, openai, …) or a file (./my-contract.yaml).'),
  settings({ use: text.meta({ pattern: contractRef }), alwaysStatus: integer(200, 599).optional().describe('Answer every refusal with this status, but for entries that say sentAs; the body stays the same.') }),
])

const prefix = z.string().regex(/^[A-Za-z0-9_-]{0,24}$/, 'may have only letters, digits, - and _ (24 at most)')

const places = ['header', 'query', 'subprotocol'] as const

const credentials = settings({
  from: z
    .array(
      settings({
        header: headerName.meta({ not: { type: 'string', pattern: anyCase('sec-websocket-protocol') } }).optional(),
        query: text.optional().describe('A parameter of the query: api_key. It is taken out before the service or a log sees the request.'),
        scheme: text.optional().describe('What stands before the key: Bearer.'),
        subprotocol: z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9._-]{0,62}[._-]$/, 'must be a name that ends in a dot, such as tollgate.key.')
          .optional()
          .describe('Of a WebSocket, what stands before the key in one of the subprotocols that it offers: tollgate.key.'),
        token: z.boolean().default(false).describe('What stands there is a token that a route of this API or one of tokens.issuers has issued, not a key.'),
      })
        .refine(onlyOne(places), `must have exactly one of ${places.join(', ')}`)
        .refine(({ scheme, header }) => scheme === undefined || header !== undefined, { path: ['scheme'], error: 'belongs to a header' })
        .meta(rules(exactlyOne(places), needs('scheme', 'header'))),
    )
    .min(1),
  prefix: prefix.describe('What every key begins with: cak_.'),
})

const tokens = settings({
  expires: duration(1_000).default(defaultTokenTimes.expiresInSeconds * 1_000).describe('How long a token is good.'),
  secretPrefix: prefix.default('as_').describe('What every secret begins with.'),
  overlap: duration(0).default(defaultTokenTimes.overlapMs).describe('How long a replaced secret stays good.'),
  issuers: z.array(issuer).min(1).optional().describe('Identity providers whose tokens are taken too.'),
})

const timeouts = settings({
  connect: duration(1).optional(),
  headers: duration(1).optional().describe('From dispatch to the head of the answer.'),
  idle: duration(1).optional().describe('Between two chunks of the answer.'),
})

const body = settings({
  max: size(0).optional(),
  within: duration(1_000).optional().describe('How long a request’s body may take to arrive. Default: 10m.'),
  minRate: size(0).optional().describe('So many bytes of it must arrive in a second, on average and after 20 seconds. Default: 500 B.'),
})

const may = z
  .array(text)
  .describe('What a service may say although it is the gateway’s own to say (credentials, rates, quotas, concurrency, credit, idempotency): entries, reasons, families (quota.*).')

const noStep = (kind: string) => ({ properties: { steps: { type: 'array', items: { properties: { [kind]: false }, type: 'object' } } } })
const atMostOneStep = (kind: string) => ({ properties: { steps: { type: 'array', contains: { type: 'object', ...has(kind) }, minContains: 0, maxContains: 1 } } })

const routeRules = rules(
  excludes('handler', 'upstream', 'timeouts'),
  where('handler', 'issueToken', { properties: { public: { const: true } }, required: ['public'] }),
  ...['refreshToken', 'rotateSecret'].map((handler) => where('handler', handler, { properties: { public: { const: false } } })),
  implies(has('handler'), rules(...stepsInNeedOf('service').map(noStep))),
  where('public', true, rules({ properties: { scopes: false } }, ...stepsInNeedOf('account').map(noStep))),
  ...onceInRoute.map(atMostOneStep),
)

const route = settings({
  on: text.meta({ pattern: routeOn }).describe('POST /v1/messages · GET, POST /v1/items/{id} · GET /v1/models/{id:encoded} · * /files/{rest...}. Below the mount.'),
  name: text.optional().describe('For logs and metrics. Default: what stands under on.'),
  public: z.boolean().default(false).describe('No credential asked for.'),
  scopes: z.array(text).min(1).optional(),
  steps: z.array(step).default([]),
  handler: z
    .enum(['issueToken', 'refreshToken', 'rotateSecret'])
    .optional()
    .describe('Answered by the gateway itself: a token for key and secret, a new one for one that is still valid, a new secret.'),
  upstream: text.optional(),
  body: body.optional(),
  timeouts: timeouts.optional(),
  may: may.optional(),
}).refine(({ handler, upstream }) => handler === undefined || upstream === undefined, { path: ['upstream'], error: 'is never asked: the handler answers; take one of the two away' })
  .meta(routeRules)

const reading = (what: string) =>
  z
    .enum(['refuse', 'exact', 'ignore'])
    .default('refuse')
    .describe(`What the service does with a path that is another one but for ${what}. exact: it tells them apart. ignore: it takes them for the same. refuse: not known; such a path is refused where routes make a difference.`)

const paths = settings({ case: reading('the case of its letters'), finalSlash: reading('a slash at its end') })

const noWildcard = { type: 'array', items: { not: { const: '*' } } }

const cors = settings({
  origins: z.array(text.meta({ pattern: origin })).min(1).describe('As browsers send them: https://app.example.com; https://*.example.com leaves one label open; "*" lets everybody in.'),
  allowHeaders: z.array(headerName).default([]).describe('Besides those that the API itself asks for: credentials, idempotency keys, content-type. "*": any.'),
  exposeHeaders: z.array(headerName).default([]).describe('Headers of the service that scripts may read, besides those that refusals and replays carry.'),
  credentials: z.boolean().default(false).describe('Cookies and TLS certificates go along.'),
  privateNetwork: z.boolean().default(false).describe('Public pages may ask for an API in a private network.'),
  maxAge: duration(0).default(600_000),
}).meta(
  rules(
    { properties: { origins: { type: 'array', ...implies({ contains: { const: '*' } }, { maxItems: 1 }) } } },
    where('credentials', true, { properties: { origins: noWildcard, exposeHeaders: noWildcard } }),
  ),
)

export const apiShape = settings({
  mount: text.meta({ pattern: mountPath }).describe('/chatads; / takes what no other API takes.'),
  keepMount: z.boolean().default(false).describe('The upstream sees the mount too.'),
  rewrite: z
    .array(z.enum(['location', 'cookies']))
    .min(1)
    .optional()
    .describe('Puts the mount before the paths of Location and Content-Location, and of Set-Cookie, for a service that does not heed X-Forwarded-Prefix.'),
  paths: paths.prefault({}).describe('How the service reads paths.'),
  contract: contract.default('problem'),
  upstream: text.optional().describe('Default: the upstream of the same name, or the only one. Not needed where every route has a handler.'),
  credentials: credentials.optional(),
  tokens: tokens.optional().describe('Of the routes with a handler, and of identity providers.'),
  scopeImplies: z.record(text, z.array(text.meta({ pattern: String.raw`^(?!\*$)` })).min(1)).optional().describe('What a scope includes: { admin: [read, write] }. The scope * of a key includes all.'),
  body: body.optional(),
  timeouts: timeouts.prefault({}),
  may: may.optional(),
  inFlight: settings({
    max: integer(1),
    unauthenticated: integer(1).optional().describe('How many of them may be of callers without a key. Default: half.'),
  })
    .optional()
    .describe('With the service at once before the API sheds load.'),
  cors: cors.optional(),
  docs: docs.optional().describe('The error reference of the API, made of its contract and served here, without a key.'),
  meters: z.record(name, meter).default({}),
  unauthenticatedMeter: text.optional().describe('A meter per ip with a limit, taken where no caller is known.'),
  tables: z.record(name, table).default({}).describe('Rows by id, which routes look up.'),
  plans: z.record(name, z.record(text, planLimit)).default({}).describe('Limits by plan, then by meter: a number, or unlimited.'),
  routes: z.array(route).min(1),
}).meta(
  rules(
    { dependentSchemas: { rewrite: { properties: { keepMount: { const: false } } } } },
    // Who is to show a credential must have one to show.
    anyOf(has('credentials'), { properties: { routes: { type: 'array', items: { type: 'object', properties: { public: { const: true } }, required: ['public'] } } } }),
  ),
)

export const tokenDefaults = tokens.parse({})

export type ApiShape = z.output<typeof apiShape>
export type RouteShape = ApiShape['routes'][number]
export type TokensShape = z.output<typeof tokens>
export type ContractShape = ApiShape['contract']
