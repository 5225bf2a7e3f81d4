import type { Change } from './change.ts'
import { changeRules } from './change-rules.ts'

/** Which part of a version grows. */
export type VersionBump = 'major' | 'minor' | 'patch' | 'none'

/**
 * What the changes ask for, by semver: breaking is major, what is risky or new is minor, other words a patch.
 *
 * @example
 * suggestBump([]) // => 'none'
 */
export function suggestBump(changes: readonly Change[]): VersionBump {
  if (changes.length === 0) return 'none'
  if (changes.some((change) => change.class === 'breaking')) return 'major'
  return changes.some(({ rule, class: how }) => how === 'risky' || changeRules[rule]?.isNew === true) ? 'minor' : 'patch'
}

/**
 * The version that follows; undefined where it is none. Before 1.0.0 what breaks is a minor version (semver.org, 4), and whatever else a patch.
 *
 * @example
 * nextVersion('1.4.2', 'major') // => '2.0.0'
 * nextVersion('0.4.2', 'major') // => '0.5.0'
 */
export function nextVersion(current: string, bump: VersionBump): string | undefined {
  const [, prefix = '', ...figures] = /^(v?)(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})(?:[-+].*)?$/.exec(current.trim()) ?? []
  const [major, minor, patch] = figures.map(Number)
  if (major === undefined || minor === undefined || patch === undefined) return undefined
  if (bump === 'none') return `${prefix}${major}.${minor}.${patch}`
  const part = major > 0 ? bump : bump === 'major' ? 'minor' : 'patch'
  if (part === 'major') return `${prefix}${major + 1}.0.0`
  return part === 'minor' ? `${prefix}${major}.${minor + 1}.0` : `${prefix}${major}.${minor}.${patch + 1}`
}
