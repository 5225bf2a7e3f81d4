/** A step that validates a request: by a JSON Schema file, an operation of an OpenAPI document, or a schema written in place. */
import type { StepOptions } from 'tollgate/gate'
import type { Path } from '../read/config-problem.ts'
import { parseOn } from './route-on.ts'
import type { StepContext } from './route-context.ts'
import type { CheckBuilt } from './schemas.ts'
import type { ValidateShape } from '../shape/step-shape.ts'

type ValidateContext = Pick<StepContext, 'schemas' | 'report'> & { readonly route: Pick<StepContext['route'], 'on'> }

export function buildValidate(source: ValidateShape, path: Path, { schemas, report, route }: ValidateContext): StepOptions | undefined {
  const notes: string[] = []
  const note = (message: string): void => void notes.push(message)
  const fail = (message: string): undefined => void report(path, message)

  function built(): CheckBuilt<Extract<StepOptions, { kind: 'validate' }>['check']> {
    if (typeof source === 'string') return schemas.file(source, note)
    if (!Object.hasOwn(source, 'openapi')) return schemas.inline(source, note)
    const { openapi, operation } = source
    if (typeof openapi !== 'string') return { ok: false, message: 'openapi must name a file' }
    if (typeof operation !== 'string') return { ok: false, message: 'must name the operation too: operation: createMessage, or POST /v1/messages' }
    const on = parseOn(route.on)
    // A problem of its own has been reported.
    return schemas.operation(openapi, operation, typeof on === 'string' ? '/{path...}' : on.path, note)
  }

  const outcome = built()
  if (!outcome.ok) return fail(outcome.message)
  if (notes.length > 0) report.warn(path, [...new Set(notes)].join('; '))
  return { kind: 'validate', check: outcome.check }
}
