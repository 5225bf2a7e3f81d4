/** What a round trip over the wire loses, derived from the contract itself. */
import type { Entry } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import type { Detail } from '../declare/details.ts'
import { headerSlots, slotsOf, type Slot, type TemplateNode } from '../write/template.ts'
import type { LossMask, WireError } from '../declare/wire.ts'

export interface LossPlan {
  readonly declaration: ContractDeclaration
  readonly entries: readonly Entry[]
  readonly detailsOf: (entry: Entry) => readonly Detail[]
  readonly templateOf: (entry: Entry) => TemplateNode
  /** Writes the entry and reads it back: the id of the entry that is read. */
  readonly readBack: (entry: Entry) => string | undefined
}

/** Request id, wait and allowed methods travel in headers and are never lost; the status is the status. */
export function deriveLoss(plan: LossPlan): LossMask {
  const inHeaders = Object.values(plan.declaration.headers ?? {}).flatMap(headerSlots)
  const perEntry = plan.entries.map((entry) => ({ slots: [...slotsOf(plan.templateOf(entry)), ...inHeaders], details: plan.detailsOf(entry) }))
  const shows = (kind: Slot['kind'], entry: (typeof perEntry)[number] | undefined): boolean => entry?.slots.some((slot) => slot.kind === kind) === true
  const lacks = (kind: Slot['kind']): boolean => perEntry.some((entry) => !shows(kind, entry))
  // Fields and the time are rendered only for an envelope that has a place for them: without any, there is nothing to lose.
  const losesSome = (kind: 'fields' | 'errors' | 'timestamp'): boolean => lacks(kind) && perEntry.some((entry) => shows(kind, entry))
  const losesDetails = perEntry.some(({ slots, details }) => {
    const isShown = (name: string): boolean => slots.some((slot) => slot.kind === 'details' || (slot.kind === 'detail' && slot.name === name))
    return details.some(({ name }) => !isShown(name))
  })
  const members: readonly (keyof WireError)[] = [
    ...(plan.entries.some(({ code }, at) => code !== '' && !shows('code', perEntry[at])) ? (['code'] as const) : []),
    ...(lacks('message') ? (['message'] as const) : []),
    ...(losesDetails ? (['details'] as const) : []),
    ...(losesSome('fields') || losesSome('errors') ? (['fields', 'issues', 'errors'] as const) : []),
    ...(losesSome('timestamp') ? (['timestamp'] as const) : []),
  ]
  const misread = plan.entries.flatMap((entry) => {
    const read = plan.readBack(entry)
    return read === undefined || read === entry.id ? [] : [[entry.id, read] as const]
  })
  return { members, entries: Object.fromEntries(misread) }
}
