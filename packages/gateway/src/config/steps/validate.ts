/** `validate: ./message.schema.json`: holds a request against a JSON Schema, an operation of an OpenAPI document, or a schema written in place. */
import type { BodyCheck, RequestCheck } from 'tollgate/gate'
import { z } from 'zod'
import { parseOn } from '../build/route-on.ts'
import type { CheckBuilt, Schemas } from '../build/schemas.ts'
import { text } from '../read/scalars.ts'
import type { StepRoute } from './step-context.ts'
import type { StepKind } from './step-kind.ts'

const shape = {
  validate: z
    .union([
      text.describe('A JSON Schema file.'),
      z.strictObject({ openapi: text, operation: text.describe('operationId, or POST /path.') }),
      z.looseObject({}).describe('An inline JSON Schema.').meta({ properties: { openapi: false } }),
    ])
    .describe('Holds the request against a JSON Schema of its JSON body, or an operation of an OpenAPI document.'),
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
  if (!Object.hasOwn(source, 'openapi')) return schemas.inline(source, note)
  const { openapi, operation } = source
  if (typeof openapi !== 'string') return { ok: false, message: 'openapi must name a file' }
  if (typeof operation !== 'string') return { ok: false, message: 'must name the operation too: operation: createMessage, or POST /v1/messages' }
  const read = parseOn(route.on)
  // A problem of its own has been reported.
  return schemas.operation(openapi, operation, read.ok ? read.on.path : '/{path...}', note)
}
