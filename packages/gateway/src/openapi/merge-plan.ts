/**
 * What must change in a document so that the errors of a contract stand in it: a list of places with what is to stand there. What bears our mark is ours and written
 * anew; what does not is never touched, but named as a conflict. The same document and the same contract give the same plan; of what it gave, an empty one.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Contract } from 'tollgate/contract'
import { isGroup, type Group } from '../config/read/group.ts'
import { formatPath } from '../config/read/config-problem.ts'
import { MARK, type ErrorComponents } from './error-components.ts'
import { featuresOf, follow, METHODS } from './operation-features.ts'
import { possibleErrors } from './possible-errors.ts'

/** `value` undefined: nothing stands there any more. */
export interface Edit {
  readonly path: readonly string[]
  readonly value: unknown
}

export interface MergePlan {
  readonly edits: readonly Edit[]
  /** What stands where something of ours belongs: `components.schemas.InternalError`. */
  readonly conflicts: readonly string[]
  /** What the reader of a terminal should know, in words. */
  readonly notes: readonly string[]
}

export interface MergeOptions {
  /** The names of operations, or of their methods and paths, with stars. Undefined: all. */
  readonly operations: readonly string[] | undefined
  /** What stands there and is not ours: `keep` leaves it, `replace` does not, and `name` makes a conflict of it. */
  readonly existing: 'name' | 'keep' | 'replace'
}

interface Operation {
  readonly path: readonly string[]
  readonly name: string
  readonly wanted: ReadonlyMap<string, unknown>
  readonly data: Group
}

export function planMerge(document: Group, contract: Contract, components: ErrorComponents, { operations, existing }: MergeOptions): MergePlan {
  const edits: Edit[] = []
  const conflicts: string[] = []
  const notes: string[] = []
  const isMarked = (value: unknown): boolean => isGroup(value) && isGroup(value[MARK]) && value[MARK]['contract'] === contract.name
  const isOurs = (value: unknown): boolean => isMarked(value) || (isGroup(value) && typeof value['$ref'] === 'string' && value['$ref'].startsWith('#/components/responses/') && isMarked(follow(document, value)))

  const put = (path: readonly string[], value: unknown, found: unknown, ours: boolean): void => {
    if (found !== undefined && isDeepStrictEqual(plain(found), plain(value))) return
    if (found === undefined || ours || existing === 'replace') edits.push({ path, value })
    else if (existing === 'name') conflicts.push(formatPath(path))
    else notes.push(`kept what stands at ${formatPath(path)}`)
  }

  const listed = operationsOf(document)
  const takesKeys = contract.declaration.idempotencyKey !== undefined && listed.some(({ data, item, method }) => featuresOf(document, item, method, data).headers.has(contract.declaration.idempotencyKey?.toLowerCase() ?? ''))
  const chosen = listed.filter(({ names }) => operations === undefined || operations.some((pattern) => names.some((name) => fitsPattern(pattern, name))))
  const used = new Set<string>()
  const answered = new Set<string>()

  const planned = chosen.map(({ path, names, data, item, method }): Operation => {
    const possible = possibleErrors(contract, featuresOf(document, item, method, data), takesKeys)
    const wanted = new Map<string, unknown>()
    for (const [status, all] of components.byStatus) {
      const some = all.filter((id) => possible.has(id))
      if (some.length === 0) continue
      for (const id of some) answered.add(id)
      const name = components.responseName(status)
      if (some.length === all.length) used.add(name)
      wanted.set(String(status), some.length === all.length ? { $ref: `#/components/responses/${name}` } : components.responseOf(some))
    }
    return { path, name: names[0] ?? '', wanted, data }
  })
  // Operations that were chosen another time keep what they got.
  for (const { data } of listed) {
    for (const response of Object.values(isGroup(data['responses']) ? data['responses'] : {})) {
      const ref = isGroup(response) && isOurs(response) ? response['$ref'] : undefined
      if (typeof ref === 'string' && !chosen.some((each) => each.data === data)) used.add(ref.slice('#/components/responses/'.length))
    }
  }

  const responses = Object.fromEntries([...components.byStatus].flatMap(([status, all]) => {
    const name = components.responseName(status)
    return used.has(name) || all.some((id) => !answered.has(id)) ? [[name, components.responseOf(all)]] : []
  }))
  const generated = { schemas: components.schemas, responses, examples: components.examples, headers: components.headers }
  for (const [kind, parts] of Object.entries(generated)) {
    const there = groupAt(document, ['components', kind])
    for (const [name, value] of Object.entries(parts)) put(['components', kind, name], value, own(there, name), isMarked(own(there, name)))
    for (const [name, value] of Object.entries(there)) {
      if (!isMarked(value) || Object.hasOwn(parts, name)) continue
      edits.push({ path: ['components', kind, name], value: undefined })
      notes.push(`took away components.${kind}.${name}: the contract has it no more`)
    }
  }

  for (const { path, wanted, data } of planned) {
    const there = groupAt(data, ['responses'])
    for (const [status, value] of wanted) put([...path, 'responses', status], value, own(there, status), isOurs(own(there, status)))
    for (const [status, value] of Object.entries(there)) if (isOurs(value) && !wanted.has(status)) edits.push({ path: [...path, 'responses', status], value: undefined })
    planStream(path, data)
  }

  function planStream(path: readonly string[], data: Group): void {
    if (components.streamName === undefined) return
    const ours = { $ref: `#/components/schemas/${components.streamName}` }
    for (const [status, response] of Object.entries(groupAt(data, ['responses']))) {
      const stream = status.startsWith('2') && isGroup(response) ? groupAt(response, ['content'])['text/event-stream'] : undefined
      if (!isGroup(stream)) continue
      const at = [...path, 'responses', status, 'content', 'text/event-stream', 'itemSchema']
      const item = stream['itemSchema']
      const branches = isGroup(item) ? (['anyOf', 'oneOf'] as const).find((keyword) => Array.isArray(item[keyword])) : undefined
      const list = branches === undefined || !isGroup(item) ? [] : (item[branches] as readonly unknown[])
      if (list.some((each) => isDeepStrictEqual(each, ours))) continue
      if (item === undefined) edits.push({ path: at, value: { anyOf: [{ type: 'object', description: 'An event of the service itself.' }, ours] } })
      else if (branches !== undefined) edits.push({ path: [...at, branches], value: [...list, ours] })
      else notes.push(`${formatPath(at)} has no anyOf, so that the errors of its stream are not in it; write anyOf with what stands there and $ref: '${ours.$ref}'`)
    }
  }

  notes.push(...remarks(document, contract, listed, chosen.length, planned))
  return { edits, conflicts, notes }
}

function remarks(document: Group, contract: Contract, listed: readonly Listed[], chosen: number, planned: readonly Operation[]): readonly string[] {
  const hidden = [...contract.entries.values()].filter(({ sentAs }) => sentAs < 300)
  const asked = listed.some(({ item, method, data }) => featuresOf(document, item, method, data).hasSecurity)
  const unauthorised = [...contract.entries.values()].some(({ reason }) => reason.startsWith('credential.'))
  return [
    ...(hidden.length === 0 ? [] : [`${hidden.length} entries are answered with a status of success, where the operation's own response stands; they have schemas and examples, and no response`]),
    ...(chosen > 0 && unauthorised && !asked ? ['no operation asks for credentials (`security`), so that none is answered with what is wrong with them'] : []),
    ...(Object.values(groupAt(document, ['paths'])).some((item) => isGroup(item) && typeof item['$ref'] === 'string') ? ['paths that stand in other files ($ref) are left as they are'] : []),
    ...(planned.length === 0 && listed.length > 0 ? ['no operation was chosen'] : []),
  ]
}

interface Listed {
  readonly path: readonly string[]
  /** `createThing`, `POST /things`. */
  readonly names: readonly string[]
  readonly item: Group
  readonly method: string
  readonly data: Group
}

function operationsOf(document: Group): readonly Listed[] {
  return Object.entries(groupAt(document, ['paths'])).flatMap(([path, item]) => {
    if (!isGroup(item) || typeof item['$ref'] === 'string') return []
    return METHODS.flatMap((method): readonly Listed[] => {
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

function fitsPattern(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('.*')}$`, 's').test(name)
}

function groupAt(group: Group, path: readonly string[]): Group {
  const found = path.reduce<unknown>((at, name) => (isGroup(at) ? own(at, name) : undefined), group)
  return isGroup(found) ? found : {}
}

function own(group: Group, name: string): unknown {
  return Object.hasOwn(group, name) ? group[name] : undefined
}

/** Without prototypes and undefined members. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
