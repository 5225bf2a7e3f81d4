/** A service's `application/problem+json` that names an entry, a code or a reason of the contract; its other members are the facts. */
import { parseBoundedJson, toBoundedText } from '../../contract/read/bounded-json.ts'
import type { Contract } from '../../contract/declare/contract.ts'
import { otherCodesOf } from '../../contract/read/recognition.ts'
import type { Facts, FactValue } from '../../contract/declare/facts.ts'
import { serverReasons, type Reason, type ServerReason } from '../../contract/declare/reason.ts'

export type Problem = { readonly [member: string]: FactValue }

/** RFC 9457 members, and those that name the entry: everything else is a detail. */
const problemMembers = new Set(['type', 'title', 'status', 'detail', 'instance', 'entry', 'code', 'reason'])

export function parseProblem(body: Uint8Array): Problem | undefined {
  const text = toBoundedText(body)
  const value = text === undefined ? undefined : parseBoundedJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Problem) : undefined
}

export interface NamedEntry {
  readonly reason: Reason
  readonly entry?: string
  /** Where it is no entry's own, and one is read by it. */
  readonly code?: string | number
}

export function entryNamed(contract: Contract, problem: Problem, status: number): NamedEntry | undefined {
  const own = (member: string): FactValue | undefined => (Object.hasOwn(problem, member) ? problem[member] : undefined)
  const id = own('entry')
  const entry = typeof id === 'string' ? contract.entries.get(id) : undefined
  if (entry !== undefined) return { reason: entry.reason, entry: entry.id }
  const code = own('code')
  const coded = code === undefined ? [] : [...contract.entries.values()].filter((candidate) => candidate.code === code)
  const chosen = coded.find((candidate) => candidate.status === status) ?? coded[0]
  if (chosen !== undefined) return { reason: chosen.reason, entry: chosen.id }
  const reader = typeof code === 'string' || typeof code === 'number' ? [...contract.entries.values()].find((candidate) => otherCodesOf(candidate)?.(code)) : undefined
  if (reader !== undefined) return { reason: reader.reason, entry: reader.id, code: code as string | number }
  const reason = own('reason')
  return serverReasons.includes(reason as ServerReason) ? { reason: reason as ServerReason } : undefined
}

export function namesEntry(problem: Problem): boolean {
  return ['entry', 'code', 'reason'].some((member) => Object.hasOwn(problem, member))
}

export function factsOf(problem: Problem): Facts {
  const facts: Record<string, FactValue> = Object.create(null) as Record<string, FactValue>
  for (const [member, value] of Object.entries(problem)) if (!problemMembers.has(member)) facts[member] = value
  if (facts['issue'] === undefined && typeof problem['detail'] === 'string') facts['issue'] = problem['detail']
  return { ...facts }
}
