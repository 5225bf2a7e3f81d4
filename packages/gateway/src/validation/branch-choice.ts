/**
 * Of `anyOf` and `oneOf` that nothing fits: which branch speaks. The one that the value has chosen: by its type, by a field that is a constant in each
 * branch (`kind: cat`), else the one that it breaks least of. Where the choice itself is wrong or missing, that is what is said.
 */
import { isSameJson } from './equality.ts'
import { isSamePath, type Fault, type Path } from './fault.ts'
import type { SchemaNode } from './schema-node.ts'
import { isGroup } from '../config/group.ts'

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
  const chosen = isGroup(value) ? chosenByField(value, path, fitting) : { branches: fitting }
  if ('fault' in chosen) return [chosen.fault]
  const [first] = chosen.branches.toSorted((one, other) => wrongForms(one) - wrongForms(other) || one.faults.length - other.faults.length)
  return first?.faults ?? [{ keyword, path, asked: undefined }]
}

/** Several of one kind become one that names all that would do. */
function merged(keyword: 'type' | 'enum', path: Path, faults: readonly Fault[]): Fault {
  const values = faults.flatMap(({ keyword: rule, asked }) => (rule === 'const' ? [asked] : Array.isArray(asked) ? (asked as readonly unknown[]) : [asked]))
  const asked = values.filter((one, at) => values.findIndex((other) => isSameJson(one, other)) === at)
  return { keyword, path, asked }
}

/** What says that another form was meant, more than that this one was filled in wrongly. */
function wrongForms({ faults }: FailedBranch): number {
  return faults.filter(({ keyword }) => keyword === 'const' || keyword === 'type' || keyword === 'additionalProperties' || keyword === 'unevaluatedProperties').length
}

type Chosen = { readonly branches: readonly FailedBranch[] } | { readonly fault: Fault }

function chosenByField(value: { readonly [name: string]: unknown }, path: Path, branches: readonly FailedBranch[]): Chosen {
  let left = branches
  for (const { name, valuesOf } of choosingFields(branches)) {
    if (!Object.hasOwn(value, name)) {
      const asking = left.map(({ faults }) => faults.find((fault) => fault.keyword === 'required' && isSamePath(fault.path, [...path, name])))
      const [first] = asking
      if (first !== undefined && !asking.includes(undefined)) return { fault: first }
      continue
    }
    const said = value[name]
    const fitting = left.filter(({ node }) => valuesOf(node)?.some((allowed) => isSameJson(allowed, said)) ?? true)
    if (fitting.length === 0) return { fault: merged('enum', [...path, name], left.map(({ node }) => ({ keyword: 'enum', path, asked: valuesOf(node) }))) }
    left = fitting
  }
  return { branches: left }
}

interface ChoosingField {
  readonly name: string
  /** Undefined: the branch leaves the field alone. */
  valuesOf(node: SchemaNode): readonly unknown[] | undefined
}

/** Fields that have constants in two branches or more, no two of which allow the same. */
function choosingFields(branches: readonly FailedBranch[]): readonly ChoosingField[] {
  const fields = new Map(branches.map(({ node }) => [node, constantFields(node)]))
  const names = new Set([...fields.values()].flatMap((each) => [...each.keys()]))
  return [...names].flatMap((name): readonly ChoosingField[] => {
    const valuesOf = (node: SchemaNode) => fields.get(node)?.get(name)
    const all = branches.flatMap(({ node }) => valuesOf(node) ?? [])
    const saying = branches.filter(({ node }) => valuesOf(node) !== undefined)
    const isApart = new Set(all.map((each) => JSON.stringify(each))).size === all.length
    return saying.length > 1 && isApart ? [{ name, valuesOf }] : []
  })
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
