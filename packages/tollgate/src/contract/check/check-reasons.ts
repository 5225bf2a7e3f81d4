/** Totality: whatever happens, exactly one entry speaks for it. */
import type { ContractProblem } from './contract-error.ts'
import type { Entry } from '../declare/contract.ts'
import { sentencesIn } from '../declare/messages.ts'
import { recognisedBy } from '../read/recognition.ts'
import { entriesForReason } from '../read/entry-choice.ts'
import { parseMessage } from '../write/message.ts'
import { matchesReason, serverReasons, type ReasonPattern, type ServerReason } from '../declare/reason.ts'

type Report = (problem: ContractProblem) => void

/** Each reason's chain of entries must end in one without `when`, or some refusal would find no words. */
export function checkTotality(entries: readonly Entry[], report: Report): void {
  const chains = serverReasons.map((reason) => ({ reason, chain: entriesForReason(entries, reason) }))
  const unanswered = chains.filter(({ chain }) => chain.length === 0).map(({ reason }) => reason)
  const conditional = chains.filter(({ chain }) => chain.length > 0 && chain.every((entry) => entry.when !== undefined)).map(({ reason }) => reason)
  for (const [problem, reasons] of [['nothing answers', unanswered], ['only entries with a `when` answer', conditional]] as const) {
    if (reasons.length === 0) continue
    // Named once, and so that they can be pasted: there may be many.
    const paste = `alsoFor: [${byFamily(reasons).map((pattern) => JSON.stringify(pattern)).join(', ')}]`
    report({ path: 'entries', problem: `${problem} these reasons`, mend: `share them out to the entries that come nearest, or give one all: ${paste}` })
  }
}

/** `session.*` where all of its family are there, for people to read and to paste. */
function byFamily(reasons: readonly ServerReason[]): readonly string[] {
  const familyOf = (reason: string): string => reason.replace(/\..*/, '.')
  const isWhole = (family: string): boolean => {
    const members = serverReasons.filter((reason) => reason.startsWith(family))
    return members.length > 1 && members.every((reason) => reasons.includes(reason))
  }
  return [...new Set(reasons.map((reason) => (isWhole(familyOf(reason)) ? `${familyOf(reason)}*` : reason)))]
}

/** Two claims to the same reason are a mistake; one that can never win changes nothing, and is only told. */
export function checkClaims(entries: readonly Entry[], report: Report, warn: Report): void {
  const claims = new Map<string, Entry>()
  for (const entry of entries) {
    for (const [index, pattern] of (entry.alsoFor ?? []).entries()) {
      const path = `entries.${entry.id}.alsoFor[${index}]`
      if (entry.alsoFor?.indexOf(pattern) !== index) {
        report({ path, value: pattern, problem: 'stands here twice', mend: 'leave one out' })
        continue
      }
      const owner = entries.find((other) => other.reason === pattern && other.when === undefined)
      const rival = entry.when === undefined ? claims.get(pattern) : undefined
      if (entry.when === undefined && rival === undefined) claims.set(pattern, entry)
      const never = 'never comes to this entry'
      if (owner !== undefined) warn({ path, value: pattern, problem: `${never}: "${owner.id}" has it as its own reason`, mend: 'leave it out' })
      else if (rival !== undefined) report({ path, value: pattern, problem: `is claimed by "${rival.id}" too`, mend: 'let one of them have it' })
      else if (!canWin(entries, entry, pattern)) warn({ path, value: pattern, problem: `${never}: others have all that it covers`, mend: 'leave it out' })
    }
  }
}

/** Whether the pattern brings the entry any reason besides its own: one that no entry before it answers whatever the facts. */
function canWin(entries: readonly Entry[], entry: Entry, pattern: ReasonPattern): boolean {
  return serverReasons.some((reason) => {
    if (reason === entry.reason || !matchesReason(pattern, reason)) return false
    return entriesForReason(entries, reason).find((other) => other === entry || other.when === undefined) === entry
  })
}

/**
 * Where the wire cannot tell entries apart, one of them is read for all: at most one can be the primary. `codeless`: whose declaration leaves the code out, so that
 * something else has to tell it, or it has to be said which is read.
 */
export function checkAlike(entries: readonly Entry[], codeless: ReadonlySet<string>, report: Report): void {
  const looks = new Map<string, Entry[]>()
  for (const entry of entries) {
    const { code, sentAs, family, attributes = {} } = entry
    const look = JSON.stringify([String(code), sentAs, family, Object.entries(attributes).toSorted(), recognisedBy(entry).message.toSorted()])
    looks.set(look, [...(looks.get(look) ?? []), entry])
  }
  for (const alike of looks.values()) {
    const [primary, ...rivals] = alike.filter((entry) => entry.primary === true)
    const [first, second] = alike
    if (first !== undefined && second !== undefined && primary === undefined && alike.some(({ id }) => codeless.has(id))) report({
      path: `entries.${second.id}`,
      problem: `is told from "${first.id}" by nothing: neither has a code, and status, attributes and sentences to be read by are the same`,
      mend: `give them sentences (read: ${JSON.stringify(sentenceOf(second))}), or say of one that it is read for both (primary: true)`,
    })
    for (const rival of rivals) report({
      path: `entries.${rival.id}.primary`,
      value: true,
      problem: `is also said by "${primary?.id}", which looks the same on the wire`,
      mend: 'leave one out',
    })
  }
}

/** As a pattern. */
function sentenceOf({ message }: Entry): string {
  return parseMessage(sentencesIn(message).at(-1) ?? '', () => {}).map((part) => (typeof part === 'string' ? part.replaceAll('*', '**') : '*')).join('')
}
