/** Maps whose keys are what the items are about: `{"email": ["is required", "is too short"], "age": ["must be a number"]}`. */
import type { Detail } from '../declare/details.ts'
import type { WireError } from '../declare/wire.ts'
import type { EachMap, TemplateNode } from './template.ts'
import { asText, compileSlot, run, type EntryConstants } from './write-slot.ts'

/** One item: its JSON, and the key under which it stands. Undefined: it has none, and is left out. */
export interface KeyedItem {
  readonly key: string | undefined
  readonly json: string
}

/** Of the items of a key all in a list, or the first. Empty where no item has a key. */
export function formatMap(items: readonly KeyedItem[], holds: EachMap['holds']): string {
  const members = [...byKey(items, ({ key }) => key)].map(([key, [first, ...others]]) => {
    const texts = [first, ...others].flatMap((item) => (item === undefined || item.json === 'null' ? [] : [item.json]))
    return `${JSON.stringify(key)}:${holds === 'all' ? `[${texts.join(',')}]` : (first?.json ?? 'null')}`
  })
  return members.length === 0 ? '' : `{${members.join(',')}}`
}

/** In the order in which a parser of JSON gives the items back, and without what does not stand in the map. */
export function inOrderOfKeys<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined, holds: EachMap['holds']): readonly Item[] {
  return Object.values(Object.fromEntries(byKey(items, keyOf))).flatMap((list) => (holds === 'one' ? list.slice(0, 1) : list))
}

function byKey<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined): ReadonlyMap<string, readonly Item[]> {
  const lists = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    // As a member it would be the prototype of whatever object it is copied into.
    if (key === undefined || key === '__proto__') continue
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [item])
    else list.push(item)
  }
  return lists
}

/** The first of the keys that has a value. */
export function compileKeys(keys: readonly TemplateNode[], entry: EntryConstants, details: readonly Detail[]): (error: WireError) => string | undefined {
  const writers = keys.map((key): ((error: WireError) => string | undefined) => {
    if (key.kind === 'literal') return () => String(key.value)
    const parts = key.kind === 'slot' ? [key.slot] : key.kind === 'sentence' ? key.parts : []
    const texts = parts.map((part) => (typeof part === 'string' ? part : asText(compileSlot({ ...part, policy: 'absent' }, entry, details))))
    return (error) => {
      const pieces = texts.map((text) => run(text, error))
      return pieces.includes('') ? undefined : pieces.join('')
    }
  })
  return (error) => {
    for (const write of writers) {
      const key = write(error)
      if (key !== undefined) return key
    }
    return undefined
  }
}
