/** Reads a contract for people: see `described-contract.ts`. The same contract gives the same data. */
import type { AnswerContext, Contract, Template } from 'tollgate/contract'
import type { DescribedContract, DescribedMember } from './described-contract.ts'
import { describeEntry } from './describe-entry.ts'
import { describeRateHeaders } from './describe-headers.ts'
import { placesIn } from './envelope-places.ts'
import { slotWords } from './words/fact-words.ts'

export interface DescribeOptions {
  /** At which all examples happen. */
  readonly nowMs: number
  /** Where the reference is published. Default: the contract's `docs`. */
  readonly docsUrl?: string | undefined
}

/** Of documents: always the same, so that the same contract gives the same bytes. A Thursday, in the middle of a month and of a day. */
export const EXAMPLE_NOW_MS = Date.UTC(2026, 0, 15, 12)

/**
 * @example
 * describeContract(contract, { nowMs: EXAMPLE_NOW_MS }).entries.map(({ code, retry }) => `${code}: ${retry.title}`)
 */
export function describeContract(contract: Contract, { nowMs, docsUrl = contract.declaration.docs }: DescribeOptions): DescribedContract {
  const { declaration, name, languages, requestIdHeader, entries } = contract
  const { error, families = {} } = declaration.envelope
  const requestId = contract.mintRequestId(Uint8Array.from({ length: 16 }, (_, at) => at * 17))
  const context: AnswerContext = { requestId, nowMs, request: (path) => (path === 'length' ? undefined : 1) }
  const places = placesIn(error)
  const placesOfFamily = new Map(Object.entries(families).map(([family, template]) => [family, placesIn(template)]))
  return {
    name,
    title: declaration.title,
    declaration,
    docsUrl: docsUrl?.replace(/\/+$/, ''),
    languages,
    nowMs,
    requestId: { header: requestIdHeader, example: requestId, place: places.find(({ slot }) => slot === 'requestId')?.place },
    members: membersOf(error, contract),
    families: Object.fromEntries(Object.entries(families).map(([family, template]) => [family, membersOf(template, contract)])),
    rateHeaders: describeRateHeaders(contract, nowMs),
    idempotencyKey: declaration.idempotencyKey,
    success: contract.success({}, context),
    entries: [...entries.values()].map((entry) => describeEntry(contract, entry, placesOfFamily.get(entry.family ?? '') ?? places, context)),
  }
}

function membersOf(template: Template, { entries }: Contract): readonly DescribedMember[] {
  return placesIn(template).flatMap(({ place, slot, always, isSpread }) => (isSpread ? [] : [{ place, slot, always, meaning: meaningOf(slot, entries) }]))
}

function meaningOf(slot: string, entries: Contract['entries']): string {
  if (Object.hasOwn(slotWords, slot)) return slotWords[slot] ?? ''
  if (slot.startsWith('request.')) return `What the request says at \`${slot.slice('request.'.length)}\`, once more.`
  if (slot.startsWith('details.')) return 'A fact of this refusal.'
  const values = [...new Set([...entries.values()].flatMap(({ attributes }) => (attributes !== undefined && Object.hasOwn(attributes, slot) ? [JSON.stringify(attributes[slot])] : [])))]
  return values.length > 0 && values.length <= 12 ? `One of ${values.join(', ')}.` : 'A constant of each kind of refusal.'
}
