/** The step that binds a call to the caller's idempotency key. */
import type { StepOptions } from 'tollgate/gate'
import type { Path } from '../read/config-problem.ts'
import type { StepContext } from './route-context.ts'
import type { IdempotencyShape } from '../shape/step-shape.ts'

export function buildIdempotency(shape: IdempotencyShape, path: Path, context: StepContext): StepOptions {
  const { kept, fingerprint, answerMax, store } = shape
  const header = shape.header.toLowerCase()
  checkPlace(header, path, context)
  return {
    kind: 'idempotency',
    header,
    ...(shape.required && { required: true }),
    ...(kept !== undefined && { keptMs: kept }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(answerMax !== undefined && { answerBytesMax: answerMax }),
    ...(store !== undefined && { storeStatuses: store }),
  }
}

function checkPlace(header: string, path: Path, { api, route, soFar, report }: StepContext): void {
  if (soFar.idempotency) report(path, 'the route has an idempotency step already; take one of the two away')
  soFar.idempotency = true
  if (route.public) report(path, 'a public route knows no account whose idempotency keys it could keep')
  if (route.handler !== undefined) report(path, `what ${route.handler} answers is a secret, which must not be kept for a repeat; take this step away`)
  if (soFar.held !== undefined) report(path, `must come before "${soFar.held}" is taken: a repeat would else need the price once more to be answered`)
  if (api.credentials?.from.some((place) => place.header?.toLowerCase() === header)) report([...path, 'header'], `${header} holds the credential; the idempotency key needs a header of its own`)
}
