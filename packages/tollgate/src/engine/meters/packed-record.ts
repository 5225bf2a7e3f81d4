/**
 * Records as a store keeps them by the hundred thousand: all counters of a subject in one flat list of numbers, some 190 bytes for four meters instead of 460. What is the
 * same for every subject, which meters these are, stands once for all of them. A record with money or leases stays as it is.
 */
import { codecOf, pruneRecord } from './record-codec.ts'
import { emptyRecord, type PackedForm, type RecordState, type SubjectRecord } from './subject-record.ts'

/** What one of the states of a packed record is. */
interface PackedPart {
  readonly kind: string
  readonly name: string
  readonly form: PackedForm
  readonly shape: number
}

/** Which states, in their order. As few as there are sets of meters: names come from the configuration. */
class Layout {
  readonly parts: readonly PackedPart[]
  readonly #longer: Layout[] = []

  constructor(parts: readonly PackedPart[]) {
    this.parts = parts
  }

  /** This one and one state more. */
  with({ kind, name }: RecordState, form: PackedForm, shape: number): Layout {
    const at = this.parts.length
    for (const longer of this.#longer) {
      const part = longer.parts[at]
      if (part?.name === name && part.kind === kind && part.shape === shape) return longer
    }
    const longer = new Layout([...this.parts, { kind, name, form, shape }])
    this.#longer.push(longer)
    return longer
  }
}

class PackedRecord {
  readonly layout: Layout
  readonly numbers: readonly number[]

  constructor(layout: Layout, numbers: readonly number[]) {
    this.layout = layout
    this.numbers = numbers
  }
}

/** A record, in whichever form takes less room. */
export type KeptRecord = SubjectRecord | PackedRecord

const root = new Layout([])
/** What is being packed: an array that grows takes room for more than it has, its copy does not. Fractions from the first on: such arrays hold their numbers themselves. */
const scratch: number[] = [0.5]

export function packRecord(record: SubjectRecord): KeptRecord {
  let layout = root
  let end = 0
  for (const state of record) {
    const { packed } = codecOf(state)
    if (packed === undefined) return record
    layout = layout.with(state, packed, packed.shapeOf(state))
    end = packed.write(state, scratch, end)
  }
  return new PackedRecord(layout, scratch.slice(0, end))
}

export function unpackRecord(kept: KeptRecord): SubjectRecord {
  if (!(kept instanceof PackedRecord)) return kept
  const { layout: { parts }, numbers } = kept
  let next = 0
  return parts.map(({ form, name, shape }) => {
    const at = next
    next += form.lengthAt(numbers, at)
    return form.read(name, shape, numbers, at)
  })
}

/** Without what says nothing any more: the same if all still does, undefined if nothing does. */
export function pruneKept(kept: KeptRecord, nowMs: number): KeptRecord | undefined {
  if (kept instanceof PackedRecord && isLive(kept, nowMs)) return kept
  const record = unpackRecord(kept)
  const pruned = pruneRecord(record, nowMs)
  if (pruned.length === 0) return undefined
  return pruned === record ? kept : packRecord(pruned)
}

function isLive({ layout: { parts }, numbers }: PackedRecord, nowMs: number): boolean {
  let at = 0
  if (parts.length === 0) return false
  for (const { form, shape } of parts) {
    if (form.expiresAtMs(shape, numbers, at) <= nowMs) return false
    at += form.lengthAt(numbers, at)
  }
  return true
}

/** Of a subject for which nothing is kept. */
export function recordOfKept(kept: KeptRecord | undefined): SubjectRecord {
  return kept === undefined ? emptyRecord : unpackRecord(kept)
}
