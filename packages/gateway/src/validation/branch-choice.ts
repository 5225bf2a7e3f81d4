/**
 * Of `anyOf` and `oneOf` that nothing fits: which branch speaks. The one that the value has chosen: by its type, by a field that is a constant in each
 * branch (`kind: cat`), otherwise the one that it breaks least of. Where the choice itself is wrong or missing, that is what is said.
 */
import { isGroup } from '../config/read/group.ts'
import { sortedJson, isSameJson } from './equality.ts'
import type { Path } from '../config/read/config-problem.ts'
import { isSamePath, type Fault } from './fault.ts'
import { NAMED_MAX } from './issue-text.ts'
import type { SchemaNode } from './schema-node.ts'

export interface FailedBranch {
  readonly node: SchemaNode
  readonly faults: readonly Fault[]
}

export function tellingFaults(keyword: 'anyOf' | 'oneOf', value: unknown, path: Path, branches: readonly FailedBranch[]): readonly Fault[] {
  const here = (fault: Fault, rule: string): boolean => fault.keyword === rule && isSamePath(fault.path, path)
  const fitting = branches.filter(({ faults }) => !faults.some((fault) => here(fault, 'type')))
  if (fitting.length === 0) return [merged('type', path, branches.flatMap(({ faults }) => faults.filter((fault) => here(fault, 'type'))))]
  const isChoice = (fault: Fault): boolean => here(fault, 'const') || here(fault, 'enum')
  if (fitting.every(({ faults }) => faults.some(isChoice))) return [merged('enum', path, fitting.flatMap(({ faults }) => faults.filter(isChoice)))]
  const chosen: Chosen = isGroup(value) ? chosenByField(value, path, fitting) : { kind: 'branches', branches: fitting }
  if (chosen.kind === 'fault') return [chosen.fault]
  const [first] = chosen.branches.toSorted((one, other) => wrongForms(one) - wrongForms(other) || one.faults.length - other.faults.length)
  return first?.faults ?? [{ keyword, path, asked: undefined }]
}

/** Several of one kind become one that names all that would do. */
function merged(keyword: 'type' | 'enum', path: Path, faults: readonly Fault[]): Fault {
  const asked = new Map<string, unknown>()
  for (const { keyword: rule, asked: own } of faults) {
    for (const value of rule !== 'const' && Array.isArray(own) ? (own as readonly unknown[]) : [own]) {
      // More of them are not shown, and a hostile body can ask for many such lists.
      if (asked.size > NAMED_MAX) break
      asked.set(sortedJson(value), value)
    }
  }
  return { keyword, path, asked: [...asked.values()] }
}

/** What says that another form was meant, more than that this one was filled in wrongly. */
function wrongForms({ faults }: FailedBranch): number {
  return faults.filter(({ keyword }) => keyword === 'const' || keyword === 'type' || keyword === 'additionalProperties' || keyword === 'unevaluatedProperties').length
}

type Chosen = { readonly kind: 'branches'; readonly branches: readonly FailedBranch[] } | { readonly kind: 'fault'; readonly fault: Fault }

/** The branches whose constants the value has most of, and misses least: `kind: cat` speaks for the cats, also where the next constant is wrong. */
function chosenByField(value: { readonly [name: string]: unknown }, path: Path, branches: readonly FailedBranch[]): Chosen {
  const judged = branches.map((branch) => ({ branch, ...judge(value, constantFields(branch.node)) }))
  const best = Math.max(...judged.map(({ score }) => score))
  const chosen = judged.filter(({ score }) => score === best)
  const [first] = chosen
  if (first === undefined || chosen.length === 1) return { kind: 'branches', branches: chosen.map(({ branch }) => branch) }
  const wrong = [...first.wrong.keys()].find((name) => chosen.every((each) => each.wrong.has(name)))
  if (wrong !== undefined) return { kind: 'fault', fault: merged('enum', [...path, wrong], chosen.map((each) => ({ keyword: 'enum', path, asked: each.wrong.get(wrong) }))) }
  const requiring = (name: string) => chosen.map(({ branch }) => branch.faults.find(({ keyword, path: at }) => keyword === 'required' && isSamePath(at, [...path, name])))
  for (const name of first.missing) {
    const [fault, ...others] = requiring(name)
    if (fault !== undefined && !others.includes(undefined)) return { kind: 'fault', fault }
  }
  return { kind: 'branches', branches: chosen.map(({ branch }) => branch) }
}

interface Judgement {
  readonly score: number
  /** The constants that it has otherwise, with what is allowed. */
  readonly wrong: ReadonlyMap<string, readonly unknown[]>
  readonly missing: readonly string[]
}

function judge(value: { readonly [name: string]: unknown }, constants: ReadonlyMap<string, readonly unknown[]>): Judgement {
  let score = 0
  const wrong = new Map<string, readonly unknown[]>()
  const missing: string[] = []
  for (const [name, allowed] of constants) {
    if (!Object.hasOwn(value, name)) {
      missing.push(name)
      continue
    }
    // One word names a form; a list of them may be any field's.
    if (allowed.some((each) => isSameJson(each, value[name]))) score += allowed.length === 1 ? 2 : 1
    else {
      score -= 1
      wrong.set(name, allowed)
    }
  }
  return { score, wrong, missing }
}

/** The fields whose values a node lists, through what it refers to. */
function constantFields(node: SchemaNode): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, readonly unknown[]>()
  for (const each of withConjuncts(node)) {
    for (const [name, property] of each.properties ?? []) {
      const allowed = withConjuncts(property).find((part) => part.allowed !== undefined)?.allowed
      if (allowed !== undefined && !found.has(name)) found.set(name, allowed)
    }
  }
  return found
}

function withConjuncts(node: SchemaNode, found: Set<SchemaNode> = new Set()): readonly SchemaNode[] {
  if (!found.has(node)) {
    found.add(node)
    for (const part of node.conjuncts) withConjuncts(part, found)
  }
  return [...found]
}
