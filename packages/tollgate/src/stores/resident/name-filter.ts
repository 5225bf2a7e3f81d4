/**
 * Of very many names, which were surely never added: a Bloom filter. It takes two bytes a name as long as there are no more than it is meant for, and then tells
 * one absent name in four hundred from those that are there no more; the more names, the more often.
 */
export interface NameFilter {
  add(name: string): void
  /** What `hashesOf` made of names elsewhere. */
  addHashes(hashes: Int32Array): void
  /** False: surely not there. */
  mayHave(name: string): boolean
  /** How many were added, the same one each time. */
  count(): number
}

/** Names that a filter is meant for, in 8 MB. */
export const FILTER_NAMES = 4_194_304
const BITS_PER_NAME = 16
const PLACES = 4

/** `names`: a power of two. */
export function createNameFilter(names = FILTER_NAMES): NameFilter {
  const last = names * BITS_PER_NAME - 1
  const words = new Uint32Array((last + 1) / 32)
  let count = 0

  function put(start: number, step: number): void {
    for (let at = 0; at < PLACES; at += 1) {
      const place = (start + at * step) & last
      words[place >>> 5] = (words[place >>> 5] ?? 0) | (1 << (place & 31))
    }
    count += 1
  }

  return {
    add: (name) => put(...hash(name)),
    addHashes(hashes) {
      for (let at = 0; at < hashes.length; at += 2) put(hashes[at] ?? 0, hashes[at + 1] ?? 0)
    },
    mayHave(name) {
      const [start, step] = hash(name)
      for (let at = 0; at < PLACES; at += 1) {
        const place = (start + at * step) & last
        if (((words[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) return false
      }
      return true
    },
    count: () => count,
  }
}

/** All that a filter needs of the names, in eight bytes each: what another thread has read goes over to it as this. */
export function hashesOf(names: readonly string[]): Int32Array {
  const hashes = new Int32Array(2 * names.length)
  for (const [at, name] of names.entries()) hashes.set(hash(name), 2 * at)
  return hashes
}

/** FNV-1a twice, with other constants, and the bits stirred at the end (as MurmurHash3 does): names often differ in their last characters alone. */
function hash(name: string): [start: number, step: number] {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
  }
  return [stir(a), stir(b) | 1]
}

function stir(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return again ^ (again >>> 16)
}
