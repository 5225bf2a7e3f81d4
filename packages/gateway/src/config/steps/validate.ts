/** `validate: ./message.schema.json`: holds a request against a JSON Schema, an operation of an OpenAPI document, or schemas written in place. */
import type { BodyCheck, RequestCheck } from 'tollgate/gate'
import { z } from 'zod'
import { parseOn } from '../build/route-on.ts'
import type { CheckBuilt, SchemaParts, Schemas } from '../build/schemas.ts'
import { rules } from '../build/schema-rules.ts'
import { settings, text } from '../read/scalars.ts'
import type { StepRoute } from './step-context.ts'
import type { StepKind } from './step-kind.ts'

const partNames = ['query', 'body', 'form'] as const

const schema = z.union([text.describe('A JSON Schema file.'), z.looseObject({}).describe('An inline JSON Schema.')])

const shape = {
  validate: z
    .union([
      text.describe('A JSON Schema file.'),
      z.strictObject({ openapi: text, operation: text.describe('operationId, or POST /path.') }),
      settings({
        query: schema.optional().describe('A schema of the query, whose members are its parameters.'),
        body: schema.optional().describe('A schema of the JSON body.'),
        form: schema.optional().describe('A schema of a body that is a form, whose members are its fields.'),
      })
        .refine((parts) => partNames.some((part) => parts[part] !== undefined), `must have at least one of ${partNames.join(', ')}`)
        .meta(rules({ minProperties: 1 })),
      z.looseObject({}).describe('An inline JSON Schema of the JSON body.').meta({ properties: { openapi: false, query: false, body: false, form: false } }),
    ])
    .describe('Holds the request against a JSON Schema of its JSON body; against schemas of its query, body or form; or against an operation of an OpenAPI document.'),
} satisfies z.ZodRawShape

export const validate: StepKind<'validate', typeof shape> = {
  key: 'validate',
  shape,
  needs: [],
  brings: [],
  build({ validate: source }, path, { schemas, report, route }) {
    const notes: string[] = []
    const place = [...path, 'validate']
    const built = checkOf(source, schemas, route, (note) => void notes.push(note))
    if (!built.ok) {
      report(place, built.message)
      return undefined
    }
    if (notes.length > 0) report.warn(place, [...new Set(notes)].join('; '))
    return { kind: 'validate', check: built.check }
  },
}

function checkOf(source: z.output<(typeof shape)['validate']>, schemas: Schemas, route: StepRoute, note: (message: string) => void): CheckBuilt<BodyCheck | RequestCheck> {
  if (typeof source === 'string') return schemas.file(source, note)
  if (isInParts(source)) return schemas.parts(source, note)
  if (!Object.hasOwn(source, 'openapi')) return schemas.inline(source, note)
  const { openapi, operation } = source
  if (typeof openapi !== 'string') return { ok: false, message: 'openapi must name a file' }
  if (typeof operation !== 'string') return { ok: false, message: 'must name the operation too: operation: createMessage, or POST /v1/messages' }
  const read = parseOn(route.on)
  // A problem of its own has been reported.
  return schemas.operation(openapi, operation, read.ok ? read.on.path : '/{path...}', note)
}

/** JSON Schema has no keywords of these names. */
function isInParts(source: object): source is SchemaParts {
  return partNames.some((part) => Object.hasOwn(source, part))
}
