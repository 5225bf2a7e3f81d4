/** What has changed between two contracts, for who calls. Pure: two contracts in, changes out. */
import type { Contract, Entry } from '../../contract/declare/contract.ts'
import { compileContract } from '../../contract/declare/compile-contract.ts'
import type { ContractDeclaration } from '../../contract/declare/declaration.ts'
import type { ContractOptions } from '../../contract/declare/define-contract.ts'
import { serverReasons } from '../../contract/declare/reason.ts'
import { entriesForReason } from '../../contract/read/entry-choice.ts'
import { answerChanges, untoldChanges, type AnswerChange } from './answer-changes.ts'
import { changeClasses, type Change, type FoundChange } from './change.ts'
import { changeRules } from './change-rules.ts'
import { changesOfContract } from './contract-changes.ts'
import { changesOfEntry } from './entry-changes.ts'
import { matchEntries, type MatchedEntry } from './matched-entries.ts'

/** With what each of the two is compiled. */
export interface DiffOptions {
  readonly before?: ContractOptions
  readonly after?: ContractOptions
}

/**
 * The changes from one contract to the next, the worst first; none where callers meet the same. Both must be valid: `parseContract` tells.
 *
 * @example
 * const before = contract.declaration
 * const breaking = diffContracts(before, { ...before, authenticate: 'ApiKey realm="shop"' }).filter((change) => change.class === 'breaking')
 */
export function diffContracts(before: ContractDeclaration, after: ContractDeclaration, options: DiffOptions = {}): readonly Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const [one, other] = [compileContract(before, { ...options.before, warnings: [] }) as unknown as Contract, compileContract(after, { ...options.after, warnings: [] }) as unknown as Contract]
  const matched = matchEntries([...one.entries.values()], [...other.entries.values()])
  const found = [
    ...matched.flatMap((pair) => changesOfPair(pair, one, other)),
    ...changesOfContract(before, after),
    ...(isWritten(one) && isWritten(other) ? changesOfChoice(one, other, matched) : []),
  ].map(toChange)
  const untold = isWritten(one) && isWritten(other) ? untoldChanges(answerChanges(one, other, matched), (change) => isTold(change, found, one, matched)).map(toChange) : []
  return withoutDoubles([...found, ...untold]).toSorted((a, b) => changeClasses.indexOf(a.class) - changeClasses.indexOf(b.class))
}

function isWritten({ declaration }: Contract): boolean {
  return declaration.decodeOnly !== true
}

function toChange({ rule, path, before, after, says }: FoundChange): Change {
  const { class: how, hurts, advice } = changeRules[rule] ?? { class: 'risky', hurts: [], advice: 'Look at it.' }
  return { rule, class: how, path, before, after, hurts, says, advice }
}

function withoutDoubles(changes: readonly Change[]): readonly Change[] {
  const seen = new Set<string>()
  return changes.filter(({ rule, path }) => !seen.has(`${rule} ${path}`) && seen.add(`${rule} ${path}`))
}

function changesOfPair({ before, after }: MatchedEntry, one: Contract, other: Contract): readonly FoundChange[] {
  if (before !== undefined && after !== undefined) return changesOfEntry({ entry: before, declaration: one.declaration }, { entry: after, declaration: other.declaration })
  if (before !== undefined) {
    const isSent = sendsCode(other, before)
    return [{ rule: isSent ? 'entry-removed' : 'code-removed', path: `entries.${before.id}`, before: before.code, says: isSent ? `"${before.id}" is gone; its code is still sent` : `${JSON.stringify(before.code)} is no longer sent` }]
  }
  if (after === undefined) return []
  const isKnown = sendsCode(one, after)
  return [{ rule: isKnown ? 'entry-added' : 'code-added', path: `entries.${after.id}`, after: after.code, says: isKnown ? `"${after.id}" is new, with a code that is known` : `${JSON.stringify(after.code)} is new` }]
}

function sendsCode({ entries }: Contract, { code }: Entry): boolean {
  return code !== '' && [...entries.values()].some((entry) => String(entry.code) === String(code))
}

/** Where a reason had one entry as its answer and has another, whose code is another: the same refusal looks different. */
function changesOfChoice(one: Contract, other: Contract, matched: readonly MatchedEntry[]): readonly FoundChange[] {
  const plainly = (contract: Contract, reason: (typeof serverReasons)[number]): Entry | undefined => entriesForReason([...contract.entries.values()], reason).find(({ when }) => when === undefined)
  return serverReasons.flatMap((reason) => {
    const [was, is] = [plainly(one, reason), plainly(other, reason)]
    const same = matched.find(({ before }) => before === was)?.after
    if (was === undefined || is === undefined || same === is || String(was.code) === String(is.code)) return []
    return [{ rule: 'reason-answered-otherwise', path: `entries.${is.id}`, before: was.code, after: is.code, says: `${reason} was answered with ${JSON.stringify(was.code)} and is with ${JSON.stringify(is.code)}` }]
  })
}

/** Whether somebody who reads the changes has been warned of it. */
function isTold({ path, entry, isOfMeaning }: AnswerChange, found: readonly Change[], one: Contract, matched: readonly MatchedEntry[]): boolean {
  const warned = found.filter((change) => change.class !== 'safe')
  const after = matched.find(({ before }) => before?.id === entry)?.after
  const places = [path, `entries.${entry}`, ...(after === undefined ? [] : [`entries.${after.id}`])]
  const isOfAll = warned.some((change) => /^(?:envelope|alwaysStatus|headers|language)\b/.test(change.path))
  const isOfEntry = warned.some((change) => places.some((place) => change.path === place || change.path.startsWith(`${place}.`)) && (isOfMeaning || change.hurts.includes('details') || change.hurts.includes('code')))
  const reason = /\(([\w.]+)\)$/.exec(path)?.[1]
  const isOfReason = reason !== undefined && warned.some(({ rule, says }) => rule === 'reason-answered-otherwise' && says.startsWith(`${reason} `))
  return isOfAll || isOfEntry || isOfReason || one.entries.size === 0
}
