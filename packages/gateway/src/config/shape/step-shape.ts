/** One step of a route's own order. */
import { defaultHold } from 'tollgate/gate'
import { z } from 'zod'
import { limit, price, quantity, usage } from './amount-shapes.ts'
import { allow } from '../steps/allow.ts'
import { duration, headerName, integer, name, onlyOne, settings, size, text } from '../read/scalars.ts'
import { exactlyOne, excludes, needs, rules } from '../build/schema-rules.ts'

const take = z.union([
  text,
  settings({
    meter: text,
    cost: quantity.optional().describe('How many. Default 1.'),
    limit: limit.optional().describe('Where neither key, account nor plan says another. A column that is null: unlimited.'),
    price: price.optional().describe('Balances: what is held, in decimals.'),
    usage: usage.optional().describe('Balances: what is charged in the end, by what the answer says was used.'),
    chargeOn: z
      .array(z.union([z.enum(['2xx', '3xx']), integer(200, 399)]))
      .min(1)
      .optional()
      .describe('Balances: which answers of the service cost, where they say no price: [2xx, 303]. 3xx leaves 304 out. Default: 2xx, 3xx.'),
  }).meta(rules(excludes('price', 'cost', 'limit'), needs('usage', 'price'), needs('chargeOn', 'price'))),
])

const hold = settings({
  for: duration(1).default(defaultHold.holdMs).describe('How long a call may hold what it takes once the gateway has it no longer in hand and nobody settles it.'),
  onExpiry: z.enum(['release', 'charge']).default(defaultHold.onExpiry).describe('What becomes of it then, if the call was sent.'),
})

const validate = z.union([
  text.describe('A JSON Schema file.'),
  z.strictObject({ openapi: text, operation: text.describe('operationId, or POST /path.') }),
  z.looseObject({}).describe('An inline JSON Schema.').meta({ properties: { openapi: false } }),
])

const idempotency = settings({
  header: headerName.default('Idempotency-Key'),
  required: z.boolean().default(false),
  kept: duration(1).optional().describe('How long an answer is replayed. Default: 24h.'),
  fingerprint: z.enum(['bytes', 'json']).optional().describe('What makes a request the same: its bytes, or what its JSON says in whatever order. Default: bytes.'),
  answerMax: size(1).optional().describe('A longer answer is not kept. Default: 256KiB.'),
  store: z
    .array(z.union([z.enum(['1xx', '2xx', '3xx', '4xx', '5xx']), integer(100, 599)]))
    .min(1)
    .optional()
    .describe('Which answers of the upstream are kept: [2xx, 409]. Default: 2xx, 3xx.'),
})

const idSources = ['field', 'param', 'leased'] as const

const lookup = settings({
  table: text,
  resource: text.describe('What a row is, for those who name one that does not exist: product.'),
  field: text.optional().describe('Where the id stands in the JSON body, by its dotted path.'),
  param: text.optional().describe('The path parameter that is the id.'),
  leased: name.optional().describe('The resource of which the lease at hand occupies units.'),
})
  .refine(onlyOne(idSources), `must have exactly one of ${idSources.join(', ')}`)
  .meta(rules(exactlyOne(idSources)))

const lease = settings({
  param: text.describe('The path parameter that names the lease.'),
  allow: z.array(z.enum(['active', 'terminated'])).min(1).optional().describe('Default: the living ones only.'),
})

const stepKinds = ['take', 'read', 'idempotency', 'lookup', 'lease', 'validate', 'blockWords', 'allow'] as const

export const step = settings({
  take: z.array(take).min(1).meta({ uniqueItems: true }).optional().describe('One atomic stage over these meters, money and leases among them: all are taken or none is.'),
  hold: hold.optional().describe('Of a stage: how long it holds money, leases and the idempotency key.'),
  read: z.array(text).min(1).meta({ uniqueItems: true }).optional().describe('Shows what these meters say to the upstream, and changes nothing.'),
  idempotency: idempotency.optional().describe('Binds the call to the caller’s idempotency key: what has been answered is replayed.'),
  lookup: lookup.optional().describe('Finds the row of a table that the request names. Later steps read its columns.'),
  lease: lease.optional().describe('Lets pass only who names a living lease of their own.'),
  validate: validate.optional().describe('Holds the request against a JSON Schema of its JSON body, or an operation of an OpenAPI document.'),
  blockWords: settings({ field: text.describe('Dotted path of the text.') }).optional().describe('Refuses words that the account blocks.'),
  allow: allow.optional().describe('Lets pass only calls that keep all of its rules: where from, with which headers, when.'),
})
  .refine(onlyOne(stepKinds), `must be exactly one of ${stepKinds.join(', ')}`)
  .refine((value) => value.hold === undefined || value.take !== undefined, { path: ['hold'], error: 'belongs to a take' })
  .meta(rules(exactlyOne(stepKinds), needs('hold', 'take')))

export type StepShape = z.output<typeof step>
export type TakeShape = z.output<typeof take>
export type HoldShape = z.output<typeof hold>
export type ValidateShape = z.output<typeof validate>
export type IdempotencyShape = z.output<typeof idempotency>
export type LookupShape = z.output<typeof lookup>
export type LeaseShape = z.output<typeof lease>
