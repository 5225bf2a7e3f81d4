/** From zod's issues to problems that name the value and the mend. */
import { nearestReason, valueAt } from 'tollgate/contract'
import type { z } from 'zod'
import { suggestion } from './suggestion.ts'
import { nearestName } from 'tollgate/contract'
import { quote, type ConfigProblem, type Path } from './config-problem.ts'

/** `data` is what was written (placeholders unfilled): it is what messages quote. */
export function toProblems(issues: readonly z.core.$ZodIssue[], data: unknown, parent: Path = []): readonly ConfigProblem[] {
  return issues.flatMap((issue) => describeIssue(issue, data, [...parent, ...(issue.path as Path)]))
}

const COMMA_IN_VALUE = '; if the comma before it belongs to a value, put that in quotes; a decimal is written 0.25'

/** Within braces `price: 0,25` is a price of 0 and a setting "25" without a value, `on: GET, HEAD /x` one "HEAD /x". */
function isCutAtComma(key: string, value: unknown): boolean {
  return value === null && /^\d|[\s/]/.test(key)
}

function describeIssue(issue: z.core.$ZodIssue, data: unknown, path: Path): readonly ConfigProblem[] {
  const value = valueAt(data, path)
  const problem = (message: string): readonly ConfigProblem[] => [{ path, message }]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message.split(' ')
      return issue.keys.map((key) => ({ path: [...path, key], message: `there is no setting "${key}" here${isCutAtComma(key, valueAt(value, [key])) ? COMMA_IN_VALUE : suggestion(key, known)}` }))
    }
    case 'invalid_union':
      return describeUnion(issue, data, path, value)
    case 'invalid_type':
      if (value === undefined) return problem('is missing')
      return problem(issue.message.startsWith('must') ? `${quote(value)} ${issue.message}` : `must be ${kindName(issue.expected)}, not ${quote(value)}`)
    case 'invalid_value': {
      if (value === undefined) return problem(`is missing; it is one of ${issue.values.join(', ')}`)
      const known = issue.values.map(String)
      const nearest = typeof value === 'string' ? (nearestName(value, known) ?? (known.includes('rate.limited') ? nearestReason(value) : undefined)) : undefined
      if (nearest !== undefined) return problem(`must not be ${quote(value)}; did you mean "${nearest}"?`)
      return problem(`must be ${list(known)}, not ${quote(value)}`)
    }
    case 'invalid_key':
      return problem(`the name ${issue.issues[0]?.message ?? 'is not valid'}`)
    case 'too_small':
      return problem(issue.origin === 'array' ? 'must have at least one item' : `${quote(value)} ${issue.message}`)
    default:
      return problem(value === undefined || typeof value === 'object' ? issue.message : `${quote(value)} ${issue.message}`)
  }
}

/** Of several forms the one that the value has the type of is meant; without such a form, all are named. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, data: unknown, path: Path, value: unknown): readonly ConfigProblem[] {
  if (value === undefined) return [{ path, message: 'is missing' }]
  const ofItsType = issue.errors.filter((branch) => !branch.some((each) => each.path.length === 0 && isTypeMismatch(each, value)))
  const meant = ofItsType.toSorted((one, other) => one.length - other.length)[0]
  if (meant !== undefined && !meant.some(isAboutTheWhole)) return toProblems(meant, data, path)
  const forms = issue.errors.flatMap((branch) => branch.slice(0, 1).flatMap(formNames))
  return [{ path, message: `must be ${list([...new Set(forms)])}, not ${quote(value)}` }]
}

/** Nothing inside is wrong: the value is none of the words that there are. */
function isAboutTheWhole(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_value' || issue.code === 'custom')
}

function isTypeMismatch(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some((each) => each.path.length === 0 && isTypeMismatch(each, value)))
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && issue.values.every((each) => typeof each !== typeof value))
}

function formNames(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_union') return issue.errors.flatMap((branch) => branch.slice(0, 1).flatMap(formNames))
  if (issue.code === 'invalid_type') return [kindName(issue.expected)]
  if (issue.code === 'invalid_value') return issue.values.map((value) => `"${String(value)}"`)
  return [issue.message.replace(/^must be /, '')]
}

function kindName(expected: string): string {
  const names: { readonly [kind: string]: string } = {
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a group of settings',
    record: 'a group of names',
  }
  return names[expected] ?? expected
}

function list(words: readonly string[]): string {
  if (words.length > 12) return `one of ${words.slice(0, 12).join(', ')}, …`
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
