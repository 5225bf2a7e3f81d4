/** What an entry tells: its details, with their place on the wire, their types and units. */
import type { Contract, Entry, JsonValue } from 'tollgate/contract'
import type { DescribedFact } from './described-contract.ts'
import { placeOfDetail, type PlacedSlot } from './envelope-places.ts'
import { detailTypeWords, factWords } from './words/fact-words.ts'

type Detail = ReturnType<Contract['detailsOf']>[number]

/** `told`: the details of the example, in wire form. */
export function describeFacts(entry: Entry, details: readonly Detail[], places: readonly PlacedSlot[], told: { readonly [name: string]: JsonValue }): readonly DescribedFact[] {
  return details.map((detail) => {
    const { name: wireName, type: detailType, whenUnknown, from } = detail
    const name = from ?? wireName
    const constant = entry.attributes !== undefined && Object.hasOwn(entry.attributes, wireName) ? entry.attributes[wireName] : undefined
    return {
      name,
      wireName,
      place: placeOfDetail(places, wireName),
      detailType,
      type: detailTypeWords[detailType].type,
      unit: unitOf(detail),
      always: whenUnknown !== 'absent' || constant !== undefined,
      whenUnknown,
      constant,
      meaning: constant === undefined ? (meaningOf(name) ?? '') : `Always ${JSON.stringify(constant)}: it tells this refusal from others of the same code.`,
      example: Object.hasOwn(told, wireName) ? told[wireName] : undefined,
    }
  })
}

/** Undefined: it is the API's own. */
function meaningOf(name: string): string | undefined {
  return Object.hasOwn(factWords, name) ? factWords[name as keyof typeof factWords] : undefined
}

function unitOf({ type, from, name }: Detail): string | undefined {
  const unit = detailTypeWords[type].unit
  if (unit !== undefined) return unit
  const fact = from ?? name
  if (fact.endsWith('AtMs') || fact === 'untilMs') return 'milliseconds since 1970'
  return fact.endsWith('Ms') ? 'milliseconds' : fact === 'bytesMax' ? 'bytes' : undefined
}
