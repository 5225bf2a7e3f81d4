/** The balance, as the gateway tells it, and recharges of it. */
import { parseBody } from '@tollgate/example-parts/json-fields'
import { textOf } from './body.ts'
import type { Caller } from './caller.ts'
import { formatCents, parseCents } from './money.ts'
import type { Recharges } from './recharges.ts'
import { invalidRequest, no, success } from './reply.ts'
import type { Reply } from './reply.ts'

export const CURRENCY = 'CNY'

const RECHARGE_CENTS_MIN = 100
const RECHARGE_CENTS_MAX = 1_000_000

export function showBalance(caller: Caller): Reply {
  return success(caller, { available: caller.balance?.available ?? null, held: caller.balance?.held ?? null, currency: CURRENCY })
}

export function recharge(recharges: Recharges, caller: Caller, body: string): Reply {
  const parsed = parseBody(body)
  if (!parsed.ok) return invalidRequest(parsed)
  const cents = parseCents(textOf(parsed.value.get('amount')) ?? '')
  if (cents === undefined || cents < RECHARGE_CENTS_MIN || cents > RECHARGE_CENTS_MAX) {
    const issue = `must be a decimal string from "${formatCents(RECHARGE_CENTS_MIN)}" to "${formatCents(RECHARGE_CENTS_MAX)}"`
    return invalidRequest({ field: 'amount', issue })
  }
  return success(caller, { ...recharges.create(caller.account, cents), currency: CURRENCY }, {}, 201)
}

export function showRecharge(recharges: Recharges, caller: Caller, id: string): Reply {
  const data = recharges.find(caller.account, id)
  return data === undefined ? no.notFound({ issue: 'there is no such recharge' }) : success(caller, { ...data, currency: CURRENCY })
}
