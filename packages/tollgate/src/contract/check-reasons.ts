/** Totality: whatever happens, exactly one entry speaks for it. */
import type { ContractProblem } from './contract-error.ts'
import type { Entry } from './contract.ts'
import { entriesForReason } from './entry-choice.ts'
import { serverReasons } from './reason.ts'

type Report = (problem: ContractProblem) => void

/** Each reason's chain of entries must end in one without `when`, or some refusal would find no words. */
export function checkTotality(entries: readonly Entry[], report: Report): void {
  const chains = serverReasons.map((reason) => ({ reason, chain: entriesForReason(entries, reason) }))
  const unanswered = chains.filter(({ chain }) => chain.length === 0).map(({ reason }) => reason)
  const conditional = chains.filter(({ chain }) => chain.length > 0 && chain.every((entry) => entry.when !== undefined)).map(({ reason }) => reason)
  const mend = 'name it in the alsoFor of the entry that comes nearest ("session.*" names a whole family)'
  if (unanswered.length > 0) report({ path: 'entries', problem: `nothing answers ${unanswered.join(', ')}`, mend })
  if (conditional.length > 0) report({ path: 'entries', problem: `only entries with a \`when\` answer ${conditional.join(', ')}`, mend })
}

/** Two claims to the same reason, or one that can never win, are mistakes. */
export function checkClaims(entries: readonly Entry[], report: Report): void {
  const claims = new Map<string, Entry>()
  for (const entry of entries) {
    for (const [index, pattern] of (entry.alsoFor ?? []).entries()) {
      const path = `entries.${entry.id}.alsoFor[${index}]`
      if (entry.alsoFor?.indexOf(pattern) !== index) {
        report({ path, value: pattern, problem: 'stands here twice', mend: 'leave one out' })
        continue
      }
      const owner = entries.find((other) => other.reason === pattern && other.when === undefined)
      if (owner !== undefined) report({
        path,
        value: pattern,
        problem: `never comes to this entry: "${owner.id}" has it as its own reason`,
        mend: 'leave it out',
      })
      if (entry.when !== undefined) continue
      const rival = claims.get(pattern)
      if (rival !== undefined) report({ path, value: pattern, problem: `is claimed by "${rival.id}" too`, mend: 'let one of them have it' })
      else claims.set(pattern, entry)
    }
  }
}

/** Where the wire cannot tell entries apart, one of them at most can be the primary. */
export function checkPrimaries(entries: readonly Entry[], report: Report): void {
  const primaries = new Map<string, Entry>()
  for (const entry of entries) {
    if (entry.primary !== true) continue
    const wire = JSON.stringify([String(entry.code), entry.status, entry.family, entry.attributes])
    const rival = primaries.get(wire)
    if (rival === undefined) primaries.set(wire, entry)
    else report({
      path: `entries.${entry.id}.primary`,
      value: true,
      problem: `is also said by "${rival.id}", which looks the same on the wire`,
      mend: 'leave one out',
    })
  }
}
