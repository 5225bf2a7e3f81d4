/** The balance, as the gateway tells it, and recharges of it. */
import { parseBody, textOf } from './body.ts'
import type { Caller } from './caller.ts'
import { formatCents, parseCents } from './money.ts'
import type { Recharges } from './recharges.ts'
import { invalidRequest, no } from './reply.ts'
import type { Answer } from './reply.ts'

export const CURRENCY = 'CNY'

const RECHARGE_CENTS_MIN = 100
const RECHARGE_CENTS_MAX = 1_000_000

export function showBalance({ balance }: Caller): Answer {
  return { status: 200, data: { available: balance?.available ?? null, held: balance?.held ?? null, currency: CURRENCY } }
}

export function recharge(recharges: Recharges, { account }: Caller, body: string): Answer {
  const parsed = parseBody(body)
  if (!parsed.ok) return invalidRequest(parsed)
  const cents = parseCents(textOf(parsed.value.get('amount')) ?? '')
  if (cents === undefined || cents < RECHARGE_CENTS_MIN || cents > RECHARGE_CENTS_MAX) {
    const issue = `must be a decimal string from "${formatCents(RECHARGE_CENTS_MIN)}" to "${formatCents(RECHARGE_CENTS_MAX)}"`
    return invalidRequest({ field: 'amount', issue })
  }
  return { status: 201, data: { ...recharges.create(account, cents), currency: CURRENCY } }
}

export function showRecharge(recharges: Recharges, { account }: Caller, id: string): Answer {
  const data = recharges.find(account, id)
  return data === undefined ? no.notFound({ issue: 'there is no such recharge' }) : { status: 200, data: { ...data, currency: CURRENCY } }
}
