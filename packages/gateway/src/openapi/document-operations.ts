/** The operations of an OpenAPI document, and by which names they are chosen. */
import { isGroup, type Group } from '../config/read/group.ts'
import { METHODS } from './operation-features.ts'

export interface ListedOperation {
  readonly path: readonly string[]
  /** `createThing`, `POST /things`. */
  readonly names: readonly string[]
  readonly item: Group
  readonly method: string
  readonly data: Group
}

export function operationsOf(document: Group): readonly ListedOperation[] {
  return Object.entries(groupAt(document, ['paths'])).flatMap(([path, item]) => {
    if (!isGroup(item) || typeof item['$ref'] === 'string') return []
    return METHODS.flatMap((method): readonly ListedOperation[] => {
      const data = own(item, method)
      if (!isGroup(data)) return []
      const { operationId } = data
      return [{ path: ['paths', path, method], names: [...(typeof operationId === 'string' ? [operationId] : []), `${method.toUpperCase()} ${path}`], item, method, data }]
    })
  })
}

/** By the names that its operations have. */
export function unknownOperations(document: Group, patterns: readonly string[]): { readonly unknown: readonly string[]; readonly names: readonly string[] } {
  const names = operationsOf(document).flatMap((each) => each.names)
  return { unknown: patterns.filter((pattern) => !names.some((name) => fitsPattern(pattern, name))), names }
}

/** `*` stands for anything. */
export function fitsPattern(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('.*')}$`, 's').test(name)
}

/** What stands there, if it is a map; otherwise one without members. */
export function groupAt(group: Group, path: readonly string[]): Group {
  const found = path.reduce<unknown>((at, name) => (isGroup(at) ? own(at, name) : undefined), group)
  return isGroup(found) ? found : {}
}

export function own(group: Group, name: string): unknown {
  return Object.hasOwn(group, name) ? group[name] : undefined
}
