/** OpenAPI's `discriminator` beside `oneOf` or `anyOf`: the field that names the branch, which then alone decides and speaks. */
import { isGroup } from '../config/read/group.ts'
import type { Fault } from './fault.ts'
import type { KeywordContext } from './keyword.ts'
import { childOf, faultAt, type SchemaNode, type Visit } from './schema-node.ts'

export interface Discriminator {
  /** The branch that the value names; undefined where it names none. */
  branchOf(value: unknown): SchemaNode | undefined
  /** What is wrong with the naming itself; undefined where the branches have more to say. */
  faults(value: unknown, at: Visit): readonly Fault[] | undefined
}

export function discriminatorOf(parts: readonly unknown[], nodes: readonly SchemaNode[], { schema, refer }: KeywordContext): Discriminator | undefined {
  const discriminator = schema['discriminator']
  const field = isGroup(discriminator) ? discriminator['propertyName'] : undefined
  if (!isGroup(discriminator) || typeof field !== 'string') return undefined
  const refs = parts.map((part) => (isGroup(part) && typeof part['$ref'] === 'string' ? part['$ref'] : undefined))
  const branches = new Map<string, SchemaNode>()
  // A schema is named by the last step of the reference to it; a mapping gives it more names.
  for (const [at, ref] of refs.entries()) {
    const node = nodes[at]
    if (ref !== undefined && node !== undefined) branches.set(nameIn(ref), node)
  }
  const byName = new Map(branches)
  for (const [name, target] of Object.entries(isGroup(discriminator['mapping']) ? discriminator['mapping'] : {})) {
    if (typeof target !== 'string') continue
    const named = byName.get(target)
    const found = named === undefined && /[/#.]/.test(target) ? refer(target) : undefined
    const at = refs.findIndex((ref) => ref !== undefined && found !== undefined && refer(ref)?.node === found.node)
    const node = named ?? nodes[at]
    if (node !== undefined) branches.set(name, node)
  }
  return {
    branchOf(value) {
      const name = isGroup(value) && Object.hasOwn(value, field) ? value[field] : undefined
      return typeof name === 'string' ? branches.get(name) : undefined
    },
    faults(value, at) {
      if (!isGroup(value)) return undefined
      if (!Object.hasOwn(value, field)) return [faultAt(childOf(at, field), 'required', [field])]
      // Without a mapping the schemas may list the names that they go by.
      return isGroup(discriminator['mapping']) ? [faultAt(childOf(at, field), 'enum', Object.keys(discriminator['mapping']))] : undefined
    },
  }
}

/** `#/components/schemas/Cat` and `./cat.yaml` → `Cat`, `cat`. */
function nameIn(ref: string): string {
  const last = ref.split(/[/#]/).at(-1) ?? ''
  return ref.includes('#') ? last : last.replace(/\.(?:ya?ml|json)$/, '')
}
