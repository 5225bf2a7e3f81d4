/** Slots, sessions and stock within a stage: so many more may come alive as the limit leaves. What a call that was taken over has is not taken again. */
import { addAlive, leaseStateOf } from './lease-counter.ts'
import type { LeaseMeter, Take } from './meter.ts'
import { isNever, put, recordIn, type StageDraft, type TakeRules } from './stage-draft.ts'

type LeaseTake = Take<LeaseMeter>

export const leaseTake: TakeRules<LeaseMeter> = {
  fits: (draft, take) => !isNever(take) && missing(draft, take) <= 0,
  neverFits: isNever,
  fitsAtMs(draft, take) {
    if (isNever(take)) return undefined
    if (missing(draft, take) <= 0) return draft.nowMs
    return take.meter.of === 'session' ? sessionsFitAtMs(draft, take) : undefined
  },
  add(draft, take) {
    const { subject, name } = take
    const quantity = quantityToTake(draft, take)
    if (quantity === 0) return
    if (take.meter.of === 'slot') {
      draft.slots.push({ subject, name, quantity })
      return
    }
    put(draft, subject, addAlive(leaseStateOf(recordIn(draft, subject), name), name, quantity))
    draft.leases.push({ subject, name, quantity })
  },
  tally(draft, take) {
    const used = alive(draft, take)
    return { used, remaining: Math.max(0, take.limit - used), resetAtMs: draft.nowMs }
  },
}

/** How many must end before the cost fits. */
function missing(draft: StageDraft, take: LeaseTake): number {
  return alive(draft, take) + quantityToTake(draft, take) - take.limit
}

function alive(draft: StageDraft, take: LeaseTake): number {
  const { subject, name } = take
  if (take.meter.of !== 'slot') return leaseStateOf(recordIn(draft, subject), name)?.alive ?? 0
  return draft.context.slotsAlive(subject, name) + quantityOf(draft.slots, take)
}

function quantityToTake(draft: StageDraft, take: LeaseTake): number {
  const { call } = draft.context
  if (call === undefined || call.fence === 1) return take.cost
  const has = [...call.leases, ...(call.bound ?? []).flatMap(({ taken }) => taken)]
  return Math.max(0, take.cost - quantityOf(has, take))
}

/** When enough sessions will have expired, if they are not renewed. */
function sessionsFitAtMs(draft: StageDraft, take: LeaseTake): number | undefined {
  const { accountId, expiringLeases } = draft.context
  let stillMissing = missing(draft, take)
  for (const lease of accountId === undefined ? [] : expiringLeases(accountId)) {
    const { expiresAtMs = Infinity, taken } = lease
    if (expiresAtMs > draft.nowMs) stillMissing -= quantityOf(taken, take)
    if (stillMissing <= 0) return expiresAtMs
  }
  return undefined
}

function quantityOf(taken: readonly { readonly subject: string; readonly name: string; readonly quantity: number }[], { subject, name }: LeaseTake): number {
  return taken.filter((each) => each.subject === subject && each.name === name).reduce((total, { quantity }) => total + quantity, 0)
}
