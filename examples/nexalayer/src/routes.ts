/** The whole API of the service, one line a route. */
import type { Route } from '@tollgate/example-parts/router'
import { recharge, showBalance, showRecharge } from './billing.ts'
import type { Caller } from './caller.ts'
import type { Products } from './product.ts'
import type { Recharges } from './recharges.ts'
import { no, success } from './reply.ts'
import type { Reply } from './reply.ts'
import type { SessionOperations } from './session-operations.ts'
import type { SessionRows } from './session-rows.ts'
import type { Session } from './session.ts'

export interface Call {
  readonly caller: Caller
  readonly body: string
}

export interface Desk {
  readonly products: Products
  readonly rows: SessionRows
  readonly createSession: (caller: Caller, body: string) => Promise<Reply>
  readonly operations: SessionOperations
  readonly recharges: Recharges
}

export function createRoutes({ products, rows, createSession, operations, recharges }: Desk): readonly Route<Call, Reply>[] {
  type Operation = (session: Session, call: Call) => Reply | Promise<Reply>

  const onSession =
    (operate: Operation): Route<Call, Reply>['handle'] =>
    (call, id) => {
      const session = rows.find(call.caller.account, id)
      return session === undefined ? no.sessionNotFound({ session_id: id }) : operate(session, call)
    }
  const terminate = onSession((session, { caller }) => operations.terminate(session, caller))

  return [
    { method: 'GET', path: '/v1/account', handle: ({ caller }) => showAccount(caller) },
    { method: 'GET', path: '/v1/products', handle: ({ caller }) => success(caller, { products: products.onSale() }) },
    { method: 'POST', path: '/v1/sessions', handle: ({ caller, body }) => createSession(caller, body) },
    { method: 'GET', path: '/v1/sessions', handle: ({ caller }) => operations.list(rows.ofAccount(caller.account), caller) },
    { method: 'GET', path: '/v1/sessions/{id}', handle: onSession((session, { caller }) => operations.show(session, caller)) },
    { method: 'DELETE', path: '/v1/sessions/{id}', handle: terminate },
    { method: 'POST', path: '/v1/sessions/{id}/terminate', handle: terminate },
    { method: 'POST', path: '/v1/sessions/{id}/renew', handle: onSession((session, { caller, body }) => operations.renew(session, caller, body)) },
    { method: 'POST', path: '/v1/sessions/{id}/rotate', handle: onSession((session, { caller, body }) => operations.rotate(session, caller, body)) },
    { method: 'POST', path: '/v1/sessions/{id}/report-event', handle: onSession((session, { caller, body }) => operations.report(session, caller, body)) },
    { method: 'GET', path: '/v1/billing/balance', handle: ({ caller }) => showBalance(caller) },
    { method: 'POST', path: '/v1/billing/recharge', handle: ({ caller, body }) => recharge(recharges, caller, body) },
    { method: 'GET', path: '/v1/billing/recharge/{id}', handle: ({ caller }, id) => showRecharge(recharges, caller, id) },
  ]
}

function showAccount(caller: Caller): Reply {
  const { account, user, key, plan, scopes, balance } = caller
  return success(caller, { account_id: account, user_id: user, key_id: key, plan, scopes, balance })
}
