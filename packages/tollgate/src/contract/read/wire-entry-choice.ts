/** Which entry an answer says. */
import type { Entry } from '../declare/contract.ts'
import type { JsonValue } from '../declare/facts.ts'
import type { Recognition } from './recognition.ts'

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

/** How well an answer fits an entry. */
export type RecognitionOf = (entry: Entry) => Recognition

/** By its own code and statuses alone. */
function plainRecognitionOf({ code, status, sentAs }: Entry): Recognition {
  return {
    fitOfCode: (said) => (String(said) === String(code) ? Infinity : 0),
    fitOfStatus: (said) => (said === sentAs ? 3 : said === status ? 2 : 0),
    fitOfSentence: () => 0,
    hasCodes: false,
    hasStatus: false,
  }
}

/**
 * The code decides, whatever else the wire says: `"10105"` is 10105, and an entry's own code comes before the patterns of others. Where it leaves several,
 * family, status, attributes and sentence narrow the choice as far as they can, each exact one before each pattern, and the primary of the rest is read,
 * otherwise the first. Without a code family, status, attributes and sentence must all fit, and an entry is only believed if its family never shows codes,
 * or if it is sent without one, or an attribute or its sentence names it.
 */
export function createWireEntryChoice(entries: readonly Entry[], showsCode: (family: string | undefined) => boolean, recognitionOf: RecognitionOf = plainRecognitionOf): WireEntryChoice {
  const known = entries.map((entry) => ({ entry, recognition: recognitionOf(entry) }))

  function byItsCode(evidence: EntryEvidence): Candidate | undefined {
    const own = known.filter(({ entry }) => evidence.code !== '' && String(entry.code) === String(evidence.code))
    const fitting = (own.length > 0 ? own : known.filter(({ recognition }) => recognition.hasCodes))
      .map((each) => toCandidate(each, evidence))
      .filter(({ code, status, recognition }) => code === Infinity || (code > 0 && (status > 0 || !recognition.hasStatus)))
    const nearest = withMost(fitting, (each) => each.code)
    const ofFamily = nearest.filter(({ entry }) => entry.family === evidence.family)
    return best(ofFamily.length > 0 ? ofFamily : nearest)
  }

  function withoutCode(evidence: EntryEvidence): Candidate | undefined {
    const ofFamily = known.filter(({ entry }) => entry.family === evidence.family)
    const codeless = showsCode(evidence.family) ? ofFamily.filter(({ entry }) => entry.code === '') : ofFamily
    const isAnonymous = codeless.length === 0
    return best(
      (isAnonymous ? ofFamily : codeless)
        .map((each) => toCandidate(each, evidence))
        .filter(({ status, attributes, sentence }) => status > 0 && sentence >= 0 && attributes >= 0 && (!isAnonymous || attributes + sentence > 0)),
    )
  }

  return (evidence) => {
    const chosen = evidence.code === undefined ? withoutCode(evidence) : byItsCode(evidence)
    return chosen && { entry: chosen.entry, isNamed: chosen.status > 0 && (chosen.code >= 1 || chosen.attributes > 0 || chosen.sentence > 0) }
  }
}

/** By itself, for who asks why. */
export function candidateOf(entry: Entry, recognition: Recognition, evidence: EntryEvidence): Candidate {
  return toCandidate({ entry, recognition }, evidence)
}

function toCandidate({ entry, recognition }: Pick<Candidate, 'entry' | 'recognition'>, evidence: EntryEvidence): Candidate {
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
  const left = (['status', 'attributes', 'sentence'] as const).reduce((those, fit) => withMost(those, (each) => each[fit]), candidates)
  return left.find(({ entry }) => entry.primary) ?? left[0]
}

function withMost(candidates: readonly Candidate[], fit: (candidate: Candidate) => number): readonly Candidate[] {
  const most = Math.max(...candidates.map(fit))
  return candidates.filter((each) => fit(each) === most)
}

/** In XML all is text. */
function countAttributes({ attributes = {} }: Entry, evidence: EntryEvidence): number {
  const said = Object.entries(attributes).flatMap(([name, expected]) => {
    const value = evidence.value(name)
    return value === undefined ? [] : [value === expected || value === String(expected)]
  })
  return said.includes(false) ? -1 : said.length
}
