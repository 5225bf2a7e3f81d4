/** Where the slots of an envelope stand, in the words of whoever reads an answer: `error.details.limit`. */
import type { Template } from 'tollgate/contract'

export interface PlacedSlot {
  readonly place: string
  /** `code`, `details`, `details.limit`, or the name of an attribute. */
  readonly slot: string
  /** Whether it stands there even where it has no value. */
  readonly always: boolean
  readonly isSpread: boolean
}

const SLOT = /^\$([A-Za-z_][\w.-]*)(\?|\|null)?$/

/** Of a checked template, in order. */
export function placesIn(template: Template, place = ''): readonly PlacedSlot[] {
  if (typeof template === 'string') return placesInText(template, place)
  if (isList(template)) return template.flatMap((item, at) => placesIn(item, `${place}[${at}]`))
  if (typeof template !== 'object' || template === null) return []
  const listed = template['$each']
  if (typeof listed === 'string') return [{ place, slot: listed.slice(1).replace(/\?$|\|null$/, ''), always: false, isSpread: false }, ...placesIn(template['as'] ?? null, `${place}[]`)]
  return Object.entries(template).flatMap(([key, value]) => {
    if (key === '...') return [{ place, slot: 'details', always: false, isSpread: true }]
    const isOptional = key.endsWith('?')
    const inner = placesIn(value, place === '' ? key.replace(/\?$/, '') : `${place}.${key.replace(/\?$/, '')}`)
    return isOptional ? inner.map((each) => ({ ...each, always: false })) : inner
  })
}

function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template)
}

function placesInText(text: string, place: string): readonly PlacedSlot[] {
  const [, alone, suffix] = SLOT.exec(text) ?? []
  if (alone !== undefined) return [{ place, slot: alone, always: suffix !== '?', isSpread: false }]
  return [...text.matchAll(/\{((?:details\.)?[A-Za-z_][\w-]*)\}/g)].map(([, slot = '']) => ({ place, slot, always: true, isSpread: false }))
}

/** Where a detail of this name stands. Undefined: this envelope has no place for it. */
export function placeOfDetail(places: readonly PlacedSlot[], name: string): string | undefined {
  const own = places.find(({ slot }) => slot === `details.${name}`)
  if (own !== undefined) return own.place
  const all = places.find(({ slot }) => slot === 'details')
  return all === undefined ? undefined : all.place === '' ? name : `${all.place}.${name}`
}
