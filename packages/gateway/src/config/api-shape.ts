/** One API of `tollgate.yaml`: its contract, credentials, meters, plans and routes. */
import { z } from 'zod'
import { serverReasons, type ReasonPattern } from 'tollgate/contract'
import { duration, integer, name, planLimit, settings, size, text } from './scalars.ts'

/** Every reason, and each family of them. */
export const reasonPatterns: readonly ReasonPattern[] = [
  ...serverReasons,
  ...new Set(serverReasons.filter((reason) => reason.includes('.')).map((reason) => `${reason.split('.', 1)[0]}.*` as ReasonPattern)),
]

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is not a header name')

const contract = z.union([
  text.describe('A shipped contract (chatads, problem, openai, …) or a file (./my-contract.yaml).'),
  settings({ use: text, alwaysStatus: integer(200, 599).optional().describe('Answer every refusal with this status; the body stays the same.') }),
])

const credentials = settings({
  from: z.array(settings({ header: headerName, scheme: text.optional().describe('What stands before the key: Bearer.') })).min(1),
  prefix: z.string().regex(/^[A-Za-z0-9_-]{0,24}$/, 'may have only letters, digits, - and _ (24 at most)').describe('What every key begins with: cak_.'),
})

const onlyOne = (keys: readonly string[]) => (value: object) => Object.keys(value).filter((key) => keys.includes(key)).length === 1

const meter = settings({
  window: duration(1).optional().describe('At most limit in any window of this length.'),
  algorithm: z.enum(['log', 'buckets', 'fixed']).optional(),
  quota: z.enum(['day', 'month']).optional().describe('A calendar quota in UTC, or from the anchor.'),
  anchor: z.iso.datetime({ offset: true, error: 'must be an instant such as 2026-01-31T00:00:00Z' }).optional(),
  per: z.enum(['account', 'user', 'key', 'ip']),
  limit: integer(0).optional().describe('Where neither key, account nor plan says another.'),
  counts: z.enum(['admitted', 'attempts']).default('admitted').describe('attempts: refused requests count too.'),
  uncountOn: z.array(z.enum(reasonPatterns)).default([]).describe('Outcomes that give the count back.'),
  inHeaders: z.boolean().optional().describe('Report it in the rate headers. Default: windows yes, quotas no.'),
})
  .refine(onlyOne(['window', 'quota']), 'must have either window (a rate limit) or quota (a calendar quota)')
  .refine((value) => value.window !== undefined || value.algorithm === undefined, { path: ['algorithm'], error: 'belongs to a window, not to a quota' })
  .refine((value) => value.quota !== undefined || value.anchor === undefined, { path: ['anchor'], error: 'belongs to a quota, not to a window' })
  .meta({ oneOf: [{ required: ['window'] }, { required: ['quota'] }] })

const steps = ['take', 'validate', 'blockWords'] as const

const step = settings({
  take: z.array(text).min(1).optional().describe('One atomic stage over these meters: all are taken or none is.'),
  validate: z
    .union([
      text.describe('A JSON Schema file.'),
      z.strictObject({ openapi: text, operation: text.describe('operationId, or POST /path.') }),
      z.looseObject({}).describe('An inline JSON Schema.'),
    ])
    .optional()
    .describe('Parses the JSON body and validates it.'),
  blockWords: settings({ field: text.describe('Dotted path of the text.') }).optional().describe('Refuses words that the account blocks.'),
})
  .refine(onlyOne(steps), `must be exactly one of ${steps.join(', ')}`)
  .meta({ minProperties: 1, maxProperties: 1 })

const timeouts = settings({
  connect: duration(1).optional(),
  headers: duration(1).optional().describe('From dispatch to the head of the answer.'),
  idle: duration(1).optional().describe('Between two chunks of the answer.'),
})

const body = settings({ max: size(0) })

const route = settings({
  on: text.describe('POST /v1/messages · GET, POST /v1/items/{id} · * /files/{rest...}. Below the mount.'),
  name: text.optional().describe('For logs and metrics. Default: what stands under on.'),
  public: z.boolean().default(false).describe('No credential asked for.'),
  scopes: z.array(text).min(1).optional(),
  steps: z.array(step).default([]),
  upstream: text.optional(),
  body: body.optional(),
  timeouts: timeouts.optional(),
})

const cors = settings({
  origins: z.array(text).min(1),
  allowHeaders: z.array(headerName).default([]),
  maxAge: duration(0).default(600_000),
})

export const apiShape = settings({
  mount: text.describe('/chatads; / takes what no other API takes.'),
  keepMount: z.boolean().default(false).describe('The upstream sees the mount too.'),
  contract: contract.default('problem'),
  upstream: text.optional().describe('Default: the upstream of the same name, or the only one.'),
  credentials: credentials.optional(),
  body: body.optional(),
  timeouts: timeouts.prefault({}),
  inFlight: settings({ max: integer(1) }).optional().describe('In flight at once before the API sheds load.'),
  cors: cors.optional(),
  meters: z.record(name, meter).default({}),
  plans: z.record(name, z.record(text, planLimit)).default({}).describe('Limits by plan, then by meter: a number, or unlimited.'),
  routes: z.array(route).min(1),
})

export type ApiShape = z.output<typeof apiShape>
export type MeterShape = ApiShape['meters'][string]
export type RouteShape = ApiShape['routes'][number]
export type StepShape = RouteShape['steps'][number]
export type ContractShape = ApiShape['contract']
