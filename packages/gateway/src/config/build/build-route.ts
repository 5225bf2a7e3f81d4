/** One route: what it is asked under, who answers, and its steps in their own order. */
import { compact } from 'tollgate/contract'
import type { ApiOptions, RouteOptions } from 'tollgate/gate'
import type { RouteShape } from '../shape/api-shape.ts'
import { buildStep } from './build-step.ts'
import { suggestion } from '../read/suggestion.ts'
import type { Path } from '../read/config-problem.ts'
import type { RouteContext } from './route-context.ts'
import { foreignParamOf, paramNamesOf, parseOn } from './route-on.ts'
import type { StepContext } from '../steps/step-context.ts'
import { createStepOrder } from '../steps/step-order.ts'

export function buildRoute(shape: RouteShape, path: Path, context: RouteContext): RouteOptions | undefined {
  const { report, isAside, serviceOf } = context
  const read = parseOn(shape.on)
  const foreign = read.ok ? foreignParamOf(read.on.path) : undefined
  if (!read.ok) report.value([...path, 'on'], read.fault)
  else if (foreign !== undefined) report.warn([...path, 'on'], foreign)
  checkCaller(shape, path, context)
  checkUpstream(shape, path, context)
  const places = shape.steps.map((_, at) => [...path, 'steps', at])
  const stepContext: StepContext = { ...context, route: shape, params: read.ok ? paramNamesOf(read.on.path) : undefined, refusals: refusalsOf(shape, context) }
  const order = createStepOrder(stepContext, places.some(isAside))
  const steps = shape.steps.map((step, at) => {
    const place = [...path, 'steps', at]
    return isAside(place) ? undefined : buildStep(step, place, order, stepContext)
  })
  order.end()
  if (!read.ok || steps.includes(undefined)) return undefined
  return compact({
    name: shape.name ?? shape.on,
    ...read.on,
    public: shape.public ? true : undefined,
    scopes: shape.scopes,
    steps: steps.filter((step) => step !== undefined),
    handler: shape.handler,
    // Where the API's own is another, nothing that is known of it holds here.
    service: shape.upstream === undefined ? undefined : (serviceOf(shape.upstream) ?? {}),
    bodyBytesMax: shape.body?.max,
    bodyPace: toBodyPace(shape.body),
    may: shape.may,
  })
}

function refusalsOf({ upstream, may }: RouteShape, { api, contract, upstream: ofApi, serviceOf }: RouteContext): StepContext['refusals'] {
  const asked = upstream ?? ofApi
  return contract && { contract, may: may ?? api.may ?? [], isForeign: asked !== undefined && serviceOf(asked)?.speaks !== undefined }
}

function checkCaller({ public: isPublic, scopes, handler }: RouteShape, path: Path, { api, apiPath, report }: RouteContext): void {
  if (!isPublic && api.credentials === undefined && !report.isWritten([...apiPath, 'credentials'])) {
    report(path, 'asks for a credential, but the API declares none; give the API credentials, or the route public: true')
  }
  if (isPublic && scopes !== undefined) report([...path, 'scopes'], 'a public route knows no caller, so it cannot ask for scopes')
  if (handler === undefined) return
  if (handler === 'issueToken' && !isPublic) report([...path, 'public'], 'must be true: who asks issueToken for a token has key and secret in the body, and no credential yet')
  if (handler !== 'issueToken' && isPublic) report([...path, 'public'], `must be left out: ${handler} is for a caller who is known`)
}

function checkUpstream({ upstream, handler, timeouts, may }: RouteShape, path: Path, { upstreams, report }: RouteContext): void {
  if (upstream !== undefined && !upstreams.includes(upstream)) report([...path, 'upstream'], `no upstream is called "${upstream}"${suggestion(upstream, upstreams)}`)
  if (handler !== undefined && may !== undefined) report([...path, 'may'], 'is about what an upstream says, which is never asked: the handler answers')
  if (handler !== undefined && timeouts !== undefined) report([...path, 'timeouts'], 'belong to an upstream, which is never asked: the handler answers')
}

export function toBodyPace({ within, minRate }: NonNullable<RouteShape['body']> = {}): ApiOptions['bodyPace'] {
  return within === undefined && minRate === undefined ? undefined : compact({ withinMs: within, bytesPerSecondMin: minRate })
}
