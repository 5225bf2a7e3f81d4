/** What a round trip over the wire loses, derived from the contract itself. */
import type { Entry } from '../declare/contract.ts'
import type { ContractDeclaration } from '../declare/declaration.ts'
import type { Detail } from '../declare/details.ts'
import { headerSlots } from '../write/slot-text.ts'
import { slotsOf, type Slot, type TemplateNode } from '../write/template.ts'
import { mayTellWait } from '../values/retry-after.ts'
import { closeReasonParts } from '../write/web-socket-end.ts'
import type { EndBack } from './read-back.ts'
import type { Loss, LossMask, WireError } from '../declare/wire.ts'

export interface LossPlan {
  readonly declaration: ContractDeclaration
  readonly entries: readonly Entry[]
  readonly detailsOf: (entry: Entry) => readonly Detail[]
  readonly templateOf: (entry: Entry) => TemplateNode
  /** Writes the entry and reads it back: the id of the entry that is read. */
  readonly readBack: (entry: Entry) => string | undefined
  /** The form of a WebSocket's messages. */
  readonly frame: TemplateNode | undefined
  /** The same for the end of a WebSocket. */
  readonly readEnd: (entry: Entry) => EndBack | undefined
}

/** In an answer request id, wait and allowed methods travel in headers and are never lost; the status is the status. */
export function deriveLoss(plan: LossPlan): LossMask {
  const { declaration, frame, readEnd } = plan
  const { webSocket } = declaration.envelope
  const answers = lossOf(plan, Object.values(declaration.headers ?? {}).flatMap(headerSlots))
  if (webSocket === undefined) return answers
  const close = { kind: 'text', parts: closeReasonParts(webSocket) } as const
  const ends = {
    frame: frame && withoutHeaders(plan, frame, (entry) => readEnd(entry)?.frame?.entry),
    close: withoutHeaders(plan, close, (entry) => readEnd(entry)?.close?.entry),
  }
  // It may be cut.
  return { ...answers, webSocket: { ...ends, close: { ...ends.close, members: [...new Set<keyof WireError>([...ends.close.members, 'message'])] } } }
}

/** What otherwise travels in headers must stand in the template itself. */
function withoutHeaders(plan: LossPlan, template: TemplateNode, readBack: LossPlan['readBack']): Loss {
  const { members, entries } = lossOf({ ...plan, templateOf: () => template, readBack }, [])
  const slots = [...slotsOf(template)]
  const isTold = (entry: Entry): boolean => plan.detailsOf(entry).some(({ name, from }) => from === 'retryAfterMs' && isShownIn(slots, name))
  const inAnswers = new Set(plan.entries.flatMap((entry) => [...slotsOf(plan.templateOf(entry))]).map(({ kind }) => kind))
  const losesOfAnswers = (kind: Slot['kind']): boolean => inAnswers.has(kind) && !slots.some((slot) => slot.kind === kind)
  const left: readonly (keyof WireError)[] = [
    ...(plan.entries.some((entry) => readBack(entry) === undefined) ? (['entry'] as const) : []),
    ...(losesOfAnswers('fields') || losesOfAnswers('errors') ? (['fields', 'issues', 'errors'] as const) : []),
    ...(losesOfAnswers('timestamp') ? (['timestamp'] as const) : []),
    ...(losesOfAnswers('docsUrl') ? (['docsUrl'] as const) : []),
    ...(slots.some(({ kind }) => kind === 'requestId') ? [] : (['requestId'] as const)),
    ...(plan.entries.some((entry) => mayTellWait(entry) && !isTold(entry)) ? (['retryAfterSeconds'] as const) : []),
    ...(plan.entries.some(({ status }) => status === 405) ? (['allow'] as const) : []),
  ]
  return { members: [...new Set([...members, ...left])], entries }
}

function isShownIn(slots: readonly Slot[], detail: string): boolean {
  return slots.some((slot) => slot.kind === 'details' || (slot.kind === 'detail' && slot.name === detail))
}

function lossOf(plan: LossPlan, inHeaders: readonly Slot[]): Loss {
  const perEntry = plan.entries.map((entry) => ({ slots: [...slotsOf(plan.templateOf(entry)), ...inHeaders], details: plan.detailsOf(entry) }))
  const shows = (kind: Slot['kind'], entry: (typeof perEntry)[number] | undefined): boolean => entry?.slots.some((slot) => slot.kind === kind) === true
  const lacks = (kind: Slot['kind']): boolean => perEntry.some((entry) => !shows(kind, entry))
  // Fields and the time are rendered only for an envelope that has a place for them: without any, there is nothing to lose.
  const losesSome = (kind: 'fields' | 'errors' | 'timestamp' | 'docsUrl'): boolean => lacks(kind) && perEntry.some((entry) => shows(kind, entry))
  const losesDetails = perEntry.some(({ slots, details }) => details.some(({ name }) => !isShownIn(slots, name)))
  const members: readonly (keyof WireError)[] = [
    ...(plan.entries.some(({ code }, at) => code !== '' && !shows('code', perEntry[at])) ? (['code'] as const) : []),
    ...(lacks('message') ? (['message'] as const) : []),
    ...(losesDetails ? (['details'] as const) : []),
    ...(losesSome('fields') || losesSome('errors') ? (['fields', 'issues', 'errors'] as const) : []),
    ...(losesSome('timestamp') ? (['timestamp'] as const) : []),
    ...(losesSome('docsUrl') ? (['docsUrl'] as const) : []),
  ]
  const misread = plan.entries.flatMap((entry) => {
    const read = plan.readBack(entry)
    return read === undefined || read === entry.id ? [] : [[entry.id, read] as const]
  })
  return { members, entries: Object.fromEntries(misread) }
}
