/** Which entry an answer says. */
import type { Entry } from '../declare/contract.ts'
import type { JsonValue } from '../declare/facts.ts'
import { recognitionOf, recognisedBy, type Recognition } from './recognition.ts'

/** What the wire says of an entry. */
export interface EntryEvidence {
  readonly code: string | number | undefined
  /** Undefined where the status says nothing: mid-stream. */
  readonly status: number | undefined
  readonly family: string | undefined
  readonly message: string | undefined
  /** Attributes and details by name. */
  value(name: string): JsonValue | undefined
}

export interface ChosenEntry {
  readonly entry: Entry
  /** Whether code, attribute or sentence say that it is this one, under a status that it may have. */
  readonly isNamed: boolean
}

export interface WireEntryChoice {
  (evidence: EntryEvidence): ChosenEntry | undefined
}

/** An entry, and how well it fits what is said. */
export interface Candidate {
  readonly entry: Entry
  readonly recognition: Recognition
  readonly code: number
  readonly status: number
  /** How many attributes stand there as declared; −1 when one contradicts. */
  readonly attributes: number
  readonly sentence: number
}

/**
 * The code decides, whatever else the wire says: `"10105"` is 10105, and an entry's own code comes before the patterns of others. Where it leaves several,
 * family, status, attributes and sentence narrow the choice as far as they can, each exact one before each pattern, and the primary of the rest is read,
 * otherwise the first. Without a code family, status, attributes and sentence must all fit, and an entry is only believed if its family never shows codes,
 * or if it is sent without one, or an attribute or its sentence names it.
 */
export function createWireEntryChoice(entries: readonly Entry[], showsCode: (family: string | undefined) => boolean): WireEntryChoice {
  const known = entries.map((entry) => ({ entry, recognition: recognitionOf(entry) }))
  const byCode = new Map<string, typeof known>()
  for (const each of known) byCode.set(String(each.entry.code), [...(byCode.get(String(each.entry.code)) ?? []), each])
  const withPatterns = known.filter(({ entry }) => recognisedBy(entry).code.length > 0)

  function byItsCode(code: string | number, evidence: EntryEvidence): Candidate | undefined {
    const own = code === '' ? [] : (byCode.get(String(code)) ?? [])
    const fitting = (own.length > 0 ? own : withPatterns)
      .map((each) => toCandidate(each, evidence))
      .filter(({ code: fit, status, recognition }) => fit === Infinity || (fit > 0 && (status > 0 || !recognition.hasStatus)))
    const nearest = withMost(fitting, (each) => each.code)
    const ofFamily = nearest.filter(({ entry }) => entry.family === evidence.family)
    return best(ofFamily.length > 0 ? ofFamily : nearest)
  }

  function withoutCode(evidence: EntryEvidence): Candidate | undefined {
    const ofFamily = known.filter(({ entry }) => entry.family === evidence.family)
    const codeless = showsCode(evidence.family) ? ofFamily.filter(({ entry }) => entry.code === '') : ofFamily
    const isAnonymous = codeless.length === 0
    const fitting = (isAnonymous ? ofFamily : codeless)
      .map((each) => toCandidate(each, evidence))
      .filter(({ status, attributes, sentence }) => status > 0 && sentence >= 0 && attributes >= 0 && (!isAnonymous || attributes > 0 || sentence > 0))
    return best(fitting)
  }

  return (evidence) => {
    const chosen = evidence.code === undefined ? withoutCode(evidence) : byItsCode(evidence.code, evidence)
    return chosen && { entry: chosen.entry, isNamed: chosen.status > 0 && (chosen.code >= 1 || chosen.attributes > 0 || chosen.sentence > 0) }
  }
}

/** By itself, for who asks why. */
export function candidateOf(entry: Entry, evidence: EntryEvidence): Candidate {
  return toCandidate({ entry, recognition: recognitionOf(entry) }, evidence)
}

function toCandidate({ entry, recognition }: { readonly entry: Entry; readonly recognition: Recognition }, evidence: EntryEvidence): Candidate {
  return {
    entry,
    recognition,
    code: evidence.code === undefined ? 0 : recognition.fitOfCode(evidence.code),
    status: evidence.status === undefined ? 3 : recognition.fitOfStatus(evidence.status),
    attributes: countAttributes(entry, evidence),
    sentence: recognition.fitOfSentence(evidence.message),
  }
}

/** By status, then attributes, then sentence; of equals the primary, otherwise the first. */
function best(candidates: readonly Candidate[]): Candidate | undefined {
  const byStatus = withMost(candidates, ({ status }) => status)
  const left = withMost(withMost(byStatus, ({ attributes }) => attributes), ({ sentence }) => sentence)
  return left.find(({ entry }) => entry.primary === true) ?? left[0]
}

function withMost(candidates: readonly Candidate[], fit: (candidate: Candidate) => number): readonly Candidate[] {
  if (candidates.length < 2) return candidates
  const most = Math.max(...candidates.map(fit))
  return candidates.filter((each) => fit(each) === most)
}

function countAttributes(entry: Entry, evidence: EntryEvidence): number {
  let matching = 0
  for (const [name, expected] of Object.entries(entry.attributes ?? {})) {
    const value = evidence.value(name)
    if (value === undefined) continue
    // In XML all is text.
    if (value !== expected && value !== String(expected)) return -1
    matching++
  }
  return matching
}
