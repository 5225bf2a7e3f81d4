/** A service's answer that is a refusal, and what it means for what the call holds. */
import type { UsedUnits } from '../../engine/calls/call-record.ts'
import { decideEndOfRefusal, costsUnsaid, saidPrice, withUsed, type CallEnd, type SaidPrice, type SaidRefusal } from './call-end.ts'
import type { CallInProgress } from './call-in-progress.ts'
import { parsed, usageOf } from '../price/usage-price.ts'
import { unitsIn } from '../price/usage-figures.ts'
import { defaultCosting } from '../way-out/costing.ts'
import type { UpstreamAnswer } from '../way-out/upstream-refusal.ts'

export function endOfRefusal(current: CallInProgress, said: SaidRefusal, answer: Pick<UpstreamAnswer, 'headers' | 'body'>, alert: (message: string) => void): CallEnd {
  return withUsed(endOfMoney(current, said, answer, alert), usedBy(current, said, answer))
}

/** Of what it reserved: what it says, otherwise nothing, unless nobody knows what became of the work. */
function usedBy({ matched, found }: CallInProgress, { reason }: SaidRefusal, { body }: Pick<UpstreamAnswer, 'body'>): UsedUnits {
  const { reserved = [] } = matched?.plan ?? {}
  if (reserved.length === 0) return {}
  const json = body && parsed(new TextDecoder().decode(body))
  const units = reserved.map(({ meter, usage }) => [meter, unitsIn(usageOf(usage, found?.row, json)) ?? (reason === 'upstream.timeout' ? undefined : 0)] as const)
  return Object.fromEntries(units.flatMap(([meter, used]) => (used === undefined ? [] : [[meter, used]])))
}

function endOfMoney({ matched, found }: CallInProgress, said: SaidRefusal, { headers, body }: Pick<UpstreamAnswer, 'headers' | 'body'>, alert: (message: string) => void): CallEnd {
  const balance = matched?.plan.balance
  const price = saidPrice(headers, balance?.scale ?? 0)
  // Without money there is nothing that it could cost; what it holds besides may still wait for its work.
  if (balance === undefined) return decideEndOfRefusal(said, price.kind === 'later' ? price : noPrice, defaultCosting, undefined)
  const { usage, costing } = balance
  const used = price.kind === 'none' && usage !== undefined && costsUnsaid(said, costing) ? usageOf(usage, found?.row, body && parsed(new TextDecoder().decode(body))) : undefined
  if (price.kind === 'unreadable') alert(`the service said a price of ${JSON.stringify(price.text)} with its refusal, which is no amount of its balance`)
  else if (used?.kind === 'unknown') alert(`the refusal ${used.why}, so that what was used is not known; all that was held is charged`)
  return decideEndOfRefusal(said, price, costing, used?.kind === 'known' ? used.units : undefined)
}

const noPrice: SaidPrice = { kind: 'none' }
