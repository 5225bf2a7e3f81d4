import { recognisedBy } from '../../../contract/read/recognition.ts'
import type { LiteralEntry } from '../literal-contract.ts'
import type { Rule } from '../rule.ts'

export const alikeOnTheWire: Rule = {
  id: 'alike-on-the-wire',
  severity: 'warning',
  topic: 'contradiction',
  title: 'Two refusals that look the same on the wire',
  why: 'They have the same code and status, and nothing else by which they are told apart, so a client reads the one as the other: no caller, SDK or support person can say which it was.',
  source: 'ARCHITECTURE.md, loss mask: what a dialect cannot carry',
  fix: 'Give each its own code or attribute, or make them one entry. Where it is meant (a missing key and a wrong one), say so in `lint.ignore`.',
  find: ({ entries }) => {
    const first = new Map<string, LiteralEntry>()
    return entries.flatMap((entry) => {
      if (entry.code === undefined || entry.reason === undefined) return []
      const look = lookOf(entry)
      const other = first.get(look)
      if (other === undefined) first.set(look, entry)
      return other === undefined ? [] : [{ path: entry.path, value: entry.code, problem: `looks on the wire as "${other.id}" does, though it is ${entry.reason} and not ${other.reason}`, mend: 'give it a code or an attribute of its own' }]
    })
  },
  bad: { declaration: { entries: { wrongKey: { code: 10_105, status: 401, reason: 'credential.invalid' }, noKey: { code: 10_105, status: 401, reason: 'credential.missing' } } }, paths: ['entries.noKey'] },
  good: { declaration: { entries: { wrongKey: { code: 10_105, status: 401, reason: 'credential.invalid' }, noKey: { code: 10_106, status: 401, reason: 'credential.missing' } } } },
}

function lookOf({ code, sentAs, declared }: LiteralEntry): string {
  const { family, attributes = {} } = declared
  return JSON.stringify([String(code), sentAs, family, Object.entries(attributes).toSorted(), recognisedBy(declared as Parameters<typeof recognisedBy>[0]).message.toSorted()])
}
