/**
 * `POST /v1/sessions`: validated, priced, ordered at the backend; the answer is out before the addresses are there.
 *
 * The gateway holds the money. `Tollgate-Price: later` tells it to keep the hold: the charge follows through the call's API, also after a timeout,
 * when nobody knows yet whether the backend took the order. A definite failure says no price, so the hold is given back.
 */
import type { Clock } from '@tollgate/example-parts/clock'
import { later, priceHeader } from 'tollgate/service'
import type { BackendClient } from './backend-client.ts'
import type { Caller } from './caller.ts'
import { priceCentsOf, unitCentsOf } from './product.ts'
import type { Product, Products } from './product.ts'
import type { Provisioning } from './provisioning.ts'
import { invalidRequest, no, success, unsettled } from './reply.ts'
import type { Reply } from './reply.ts'
import { parseSessionRequest } from './session-request.ts'
import type { SessionRequest } from './session-request.ts'
import type { SessionRows } from './session-rows.ts'
import { statusOf, toSessionData } from './session.ts'
import type { Session } from './session.ts'

export interface CreateSessionOptions {
  readonly clock: Clock
  readonly backend: BackendClient
  readonly products: Products
  readonly rows: SessionRows
  readonly provisioning: Provisioning
  readonly randomHex: (bytes: number) => string
  readonly onError: (error: unknown, where: string) => void
}

export function createSessionCreation(options: CreateSessionOptions): (caller: Caller, body: string) => Promise<Reply> {
  const { clock, backend, products, rows, provisioning, randomHex, onError } = options

  /** The same key leads to the same session. */
  function repeated({ account, idempotencyKey, call }: Caller): Session | undefined {
    const session = idempotencyKey === undefined ? undefined : rows.createdBy(account, idempotencyKey)
    // Asked again by a gateway that took the call up anew: the hold is the same, its address may not be.
    if (session?.call !== undefined && call !== undefined) session.call = call
    return session
  }

  function toSession({ account, idempotencyKey, call }: Caller, product: Product, request: SessionRequest): Session {
    return {
      id: `ses_${randomHex(12)}`,
      account,
      idempotencyKey,
      request,
      createdAtMs: clock.wallMs(),
      unitCents: unitCentsOf(product),
      priceCents: priceCentsOf(product, request),
      state: { status: 'creating', bound: false },
      call,
      renewedAtMs: new Map(),
      usedMb: 0,
      failuresInARow: 0,
    }
  }

  function created(session: Session, caller: Caller): Reply {
    // Once it has ended well or badly, its own call has settled it, and a repeat costs nothing.
    const price = statusOf(session, clock.wallMs()) === 'creating' ? later : '0.00'
    return success(caller, toSessionData(session, clock.wallMs()), { [priceHeader]: price }, 201)
  }

  return async (caller, body) => {
    const parsed = parseSessionRequest(body)
    if (!parsed.ok) return invalidRequest(parsed)
    const request = parsed.value
    const known = repeated(caller)
    if (known !== undefined) return created(known, caller)

    const product = products.find(request.productNo)
    if (product === undefined) return no.productNotFound({ product_no: request.productNo })
    const misfit = misfitOf(product, request)
    if (misfit !== undefined) return misfit

    const session = toSession(caller, product, request)
    rows.add(session)
    const ordered = await backend.order(session.id, toOrder(request))
    if (!ordered.ok) onError(ordered.cause, caller.requestId)
    if (!ordered.ok && ordered.failure === 'error') {
      // Nobody has heard of it, the gateway neither.
      rows.remove(session)
      provisioning.cancelOrder(session)
      return no.backendError()
    }
    await provisioning.start(session)
    return ordered.ok ? created(session, caller) : unsettled(no.backendTimeout())
  }
}

/** What only the row of the product knows. */
function misfitOf(product: Product, request: SessionRequest): Reply | undefined {
  if (product.type !== request.type) return invalidRequest({ field: 'config.product_no', issue: `is a ${product.type} product` })
  if (request.type === 'dynamic' || product.durations_days.includes(request.durationDays)) return undefined
  return invalidRequest({ field: 'config.duration_days', issue: `must be ${product.durations_days.join(' or ')} for this product` })
}

function toOrder(request: SessionRequest): Parameters<BackendClient['order']>[1] {
  const rotating = request.type === 'dynamic'
  return { country: request.location.country, addresses: rotating ? 1 : request.quantity, rotating }
}
