/** What a diff says, for terminals, programs and pull requests. */
import { compact } from '../../contract/values/compact.ts'
import { changeClasses, type Change, type ChangeClass } from '../diff/change.ts'
import { nextVersion, suggestBump, type VersionBump } from '../diff/version-bump.ts'
import { cell, code } from './lint-markdown.ts'

/** Two contracts by the names under which they were given, and what has changed. */
export interface ContractDiff {
  readonly before: string
  readonly after: string
  readonly changes: readonly Change[]
  /** The version of the old one, where it is known. */
  readonly current?: string | undefined
}

/** What `tollgate diff --format json` prints. */
export interface DiffJson {
  /** Of this form. */
  readonly version: 1
  readonly before: string
  readonly after: string
  readonly counts: { readonly [how in ChangeClass]: number }
  readonly bump: VersionBump
  readonly current?: string
  readonly next?: string
  readonly changes: readonly object[]
}

/**
 * Each change with its rule, class, path, before, after, whom it hurts, and advice.
 *
 * @example
 * toDiffJson({ before: 'a.yaml', after: 'b.yaml', changes: [], current: '1.4.2' }).next // => '1.4.2'
 */
export function toDiffJson({ before, after, changes, current }: ContractDiff): DiffJson {
  const bump = suggestBump(changes)
  return compact({ version: 1 as const, before, after, counts: countChanges(changes), bump, current, next: current === undefined ? undefined : nextVersion(current, bump), changes: changes.map((change) => compact({ ...change })) }) as DiffJson
}

function countChanges(changes: readonly Change[]): { readonly [how in ChangeClass]: number } {
  const [breaking = 0, risky = 0, safe = 0] = changeClasses.map((how) => changes.filter((change) => change.class === how).length)
  return { breaking, risky, safe }
}

/**
 * For a terminal: a line each, and what helps below it. `paint` colours a class, where that is wanted.
 *
 * @example
 * formatDiffText({ before: 'a.yaml', after: 'b.yaml', changes: [] }) // => 'a.yaml → b.yaml: nothing has changed for callers\n'
 */
export function formatDiffText(diff: ContractDiff, paint: (text: string, how: ChangeClass) => string = (text) => text): string {
  const lines = diff.changes.map((change) => {
    const { rule, path, says, advice } = change
    const hurt = change.hurts.length === 0 ? '' : ` (hurts who goes by ${change.hurts.join(', ')})`
    return `  ${paint(change.class.padEnd(8), change.class)}  ${rule}  ${path}: ${says}${hurt}\n${change.class === 'safe' ? '' : `            ${advice}\n`}`
  })
  return `${diff.before} → ${diff.after}: ${inWords(diff)}\n${lines.join('')}`
}

/**
 * For the comment of a pull request: what breaks is shown, what is safe is folded away.
 *
 * @example
 * formatDiffMarkdown({ before: 'a.yaml', after: 'b.yaml', changes: [] }) // => '### Contract `a.yaml` → `b.yaml`: nothing has changed for callers\n'
 */
export function formatDiffMarkdown(diff: ContractDiff): string {
  const rowsOf = (changes: readonly Change[]): string => changes.map(({ rule, path, before, after, says, hurts, advice, class: how }) => `| ${how} | ${code(path)} | ${cell(says)} (${code(rule)}) | ${shown(before)} | ${shown(after)} | ${hurts.join(', ')} | ${how === 'safe' ? '' : cell(advice)} |\n`).join('')
  const table = (rows: string): string => (rows === '' ? '' : `\n| | Where | What | Before | After | Hurts who goes by | What helps |\n|---|---|---|---|---|---|---|\n${rows}`)
  const [worse, safe] = [diff.changes.filter((change) => change.class !== 'safe'), diff.changes.filter((change) => change.class === 'safe')]
  const folded = safe.length === 0 ? '' : `\n<details><summary>${safe.length} safe</summary>\n${table(rowsOf(safe))}\n</details>\n`
  return `### Contract ${code(diff.before)} → ${code(diff.after)}: ${inWords(diff)}\n${table(rowsOf(worse))}${folded}`
}

/** `2 breaking, 1 risky; the next version is 2.0.0 (major)` */
function inWords({ changes, current }: ContractDiff): string {
  if (changes.length === 0) return 'nothing has changed for callers'
  const counts = countChanges(changes)
  const bump = suggestBump(changes)
  const next = current === undefined ? undefined : nextVersion(current, bump)
  return `${changeClasses.flatMap((how) => (counts[how] === 0 ? [] : [`${counts[how]} ${how}`])).join(', ')}; ${next === undefined ? `a ${bump} version` : `after ${current} comes ${next} (${bump})`}`
}

function shown(value: unknown): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return code(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
