/** The fields at fault that a refusal tells, in whichever of its facts they stand, and what a dialect shows of them. */
import { isJsonObject } from '../values/json-object.ts'
import { itemSlots, slotsOf, type EachNode, type Slot } from '../write/template.ts'
import { compileKeys, inOrderOfKeys } from '../write/write-map.ts'
import type { ContractDeclaration } from './declaration.ts'
import type { Facts } from './facts.ts'
import type { Refusal } from './refusal.ts'
import type { WireError, WireIssue } from './wire.ts'

/** One by one (`issues`), by field (`fields`), or the one field at fault. */
export function issuesOf(facts: Facts): readonly WireIssue[] {
  const listed: unknown = facts.issues
  if (Array.isArray(listed)) return listed.flatMap(toIssue)
  if (isJsonObject(facts.fields)) {
    return Object.entries(facts.fields).flatMap(([field, texts]: readonly [string, unknown]): readonly WireIssue[] => {
      const known = (Array.isArray(texts) ? texts : [texts]).filter((text) => typeof text === 'string')
      return known.length === 0 ? [{ field }] : known.map((issue) => ({ field, issue }))
    })
  }
  return typeof facts.field === 'string' ? toIssue(facts) : []
}

/** The facts with the number of their issues, which no one has to count by hand. */
export function withIssueCount(facts: Facts): Facts {
  const count = issuesOf(facts).length
  if (count === 0) return facts
  return count === 1 ? { issueCount: 1, ...facts } : { issueCount: count, furtherIssues: count - 1, ...facts }
}

/** Who lists issues need not name the first of them again. */
export function withFirstIssue(facts: Facts): Facts {
  const [first] = facts.issues === undefined || facts.field !== undefined || facts.issue !== undefined ? [] : issuesOf(facts)
  return first === undefined ? facts : { ...facts, ...first }
}

/** Whether an entry says how many there are, or is chosen by it. */
export function saysIssueCount(entries: ContractDeclaration['entries']): boolean {
  return /\b(?:issueCount|furtherIssues)\b/.test(JSON.stringify(entries))
}

/** A service may say anything under these names. */
function toIssue(value: unknown): readonly WireIssue[] {
  if (!isJsonObject(value)) return []
  const issue: { -readonly [Name in keyof WireIssue]: WireIssue[Name] } = {}
  for (const name of ['field', 'in', 'issue', 'rule'] as const) {
    const text = Object.hasOwn(value, name) ? value[name] : undefined
    if (typeof text === 'string') issue[name] = text
  }
  return Object.keys(issue).length === 0 ? [] : [issue]
}

/** Leaves of an issue what the items of a list have a place for. */
export function shownIssue(list: EachNode): (issue: WireIssue) => WireIssue {
  const kinds = new Set<Slot['kind']>([...slotsOf(list)].map(({ kind }) => kind))
  return ({ field, in: place = 'body', issue, rule }) => {
    const isPlaced = kinds.has(place === 'body' ? 'pointer' : 'parameter') && place !== 'header'
    return compactIssue({
      field: isPlaced || kinds.has('field') || kinds.has('path') || kinds.has('property') ? field : undefined,
      in: kinds.has('in') ? place : !isPlaced || field === undefined ? undefined : place === 'body' ? 'body' : 'query',
      issue: kinds.has('issue') ? issue : undefined,
      rule: kinds.has('rule') ? rule : undefined,
    })
  }
}

/** Leaves of the details of an error what the items of a list have a place for. */
export function shownDetails({ item }: EachNode): (details: WireError['details']) => WireError['details'] {
  const slots = [...slotsOf(item)]
  if (slots.some(({ kind }) => kind === 'details')) return (details) => details
  const names = new Set(slots.flatMap((slot) => (slot.kind === 'detail' ? [slot.name] : [])))
  return (details) => Object.fromEntries(Object.entries(details).filter(([name]) => names.has(name)))
}

/** Of a list all issues. Of a map those that stand in it, in the order of its keys. */
export function arrangedBy({ map }: EachNode): <Item>(items: readonly Item[], issueOf: (item: Item) => WireIssue) => readonly Item[] {
  // What an entry says by itself is no order of issues: keys of codes.
  if (map === undefined || !map.keys.flatMap((key) => [...slotsOf(key)]).every(({ kind }) => itemSlots.some((slot) => slot === kind))) return (items) => items
  const keyOf = compileKeys(map.keys, { status: 0, code: '' }, [])
  return (items, issueOf) => inOrderOfKeys(items, (item) => keyOf({ entry: undefined, code: undefined, status: 0, message: '', details: {}, issues: [issueOf(item)] }), map.holds)
}

function compactIssue(parts: { readonly [Name in keyof WireIssue]-?: string | undefined }): WireIssue {
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== undefined && text !== ''))
}

/** What an issue is by itself: a missing field, a wrong one, or the request as a whole. Other refusals that list fields keep their reason. */
export function reasonOfIssue({ field, rule }: WireIssue, reason: Refusal['reason'] = 'request.invalid'): Refusal['reason'] {
  if (reason !== 'request.invalid' && reason !== 'field.missing' && reason !== 'field.invalid') return reason
  if (field === undefined) return 'request.invalid'
  return rule === 'required' ? 'field.missing' : 'field.invalid'
}
