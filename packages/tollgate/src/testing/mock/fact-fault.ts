/** A fact that a script gives an entry and that nothing would come of: a time that is none, a name that is a slip of one that is known. */
import { slipOf } from '../../contract/check/nearest-name.ts'
import type { Entry } from '../../contract/declare/contract.ts'
import { factNames } from '../../contract/declare/facts.ts'
import { typicalFacts } from '../typical-facts.ts'

/** `settings`: what else may stand in its place. Undefined: nothing is wrong with it, since a contract may have facts of its own. */
export function factFault(entry: Entry, name: string, value: unknown, settings: readonly string[] = []): string | undefined {
  if (factNames.includes(name)) return name.endsWith('Ms') && typeof value !== 'number' ? `${JSON.stringify(value)} is no time; write for example 7s` : undefined
  if (Object.hasOwn(typicalFacts(entry, 0), name)) return undefined
  const meant = factNames.includes(`${name}Ms`) ? `${name}Ms` : slipOf(name, [...settings, ...factNames])
  if (meant === undefined) return undefined
  return `${settings.length === 0 ? `${entry.id} tells no "${name}"` : `"${name}" is neither a setting nor a fact of ${entry.id}`}; did you mean "${meant}"?`
}
