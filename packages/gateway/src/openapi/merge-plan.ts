/**
 * What must change in a document so that the errors of a contract stand in it: a list of places with what is to stand there. What bears our mark is ours and written
 * anew; what does not is never touched, but named as a conflict. The same document and the same contract give the same plan; of what it gave, an empty one.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Contract } from 'tollgate/contract'
import { isGroup, type Group } from '../config/read/group.ts'
import { formatPath } from '../config/read/config-problem.ts'
import { MARK, type ErrorComponents } from './error-components.ts'
import { fitsPattern, groupAt, operationsOf, own, type ListedOperation } from './document-operations.ts'
import { featuresOf, follow } from './operation-features.ts'
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

export function planMerge(document: Group, contract: Contract, components: ErrorComponents, { operations, existing }: MergeOptions): MergePlan {
  const plan = createPlan(document, contract.name, existing)
  const listed = operationsOf(document)
  const takesKeys = takesIdempotencyKeys(document, contract, listed)
  // One that has answers of ours was chosen another time, and is kept up to date.
  const chosen = listed.filter(({ names, data }) => operations === undefined || operations.some((pattern) => names.some((name) => fitsPattern(pattern, name))) || Object.values(groupAt(data, ['responses'])).some(plan.isOurs))
  const answers = chosen.map((operation) => ({ operation, possible: possibleErrors(contract, featuresOf(document, operation.item, operation.method, operation.data), takesKeys) }))

  const used = new Set<string>()
  const answered = new Set(answers.flatMap(({ possible }) => [...possible]))
  for (const { operation, possible } of answers) {
    const wanted = responsesFor(possible, components)
    for (const response of wanted.values()) if (response.component !== undefined) used.add(response.component)
    planResponses(plan, operation, wanted)
    planStream(plan, operation, components.streamName)
  }

  const responses = Object.fromEntries([...components.byStatus].flatMap(([status, all]) => {
    const name = components.responseName(status)
    // Also where an entry is the answer of no operation: somewhere it has to stand.
    return used.has(name) || all.some((id) => !answered.has(id)) ? [[name, components.responseOf(all)]] : []
  }))
  planComponents(plan, document, { schemas: components.schemas, responses, headers: components.headers, examples: components.examples })
  return { edits: plan.edits, conflicts: plan.conflicts, notes: [...plan.notes, ...remarks(document, contract, listed, chosen)] }
}

/** What becomes of a document, place by place. */
interface Plan {
  readonly edits: Edit[]
  readonly conflicts: string[]
  readonly notes: string[]
  /** Bears our mark, by itself or where its reference leads. */
  isOurs(value: unknown): boolean
  /** `found`: what stands there. */
  put(path: readonly string[], value: unknown, found: unknown): void
}

function createPlan(document: Group, contract: string, existing: MergeOptions['existing']): Plan {
  const edits: Edit[] = []
  const conflicts: string[] = []
  const notes: string[] = []
  const isMarked = (value: unknown): boolean => isGroup(value) && isGroup(value[MARK]) && value[MARK]['contract'] === contract
  const isOurs = (value: unknown): boolean => isMarked(value) || (isGroup(value) && typeof value['$ref'] === 'string' && value['$ref'].startsWith('#/components/responses/') && isMarked(follow(document, value)))
  return {
    edits,
    conflicts,
    notes,
    isOurs,
    put(path, value, found) {
      if (found !== undefined && isDeepStrictEqual(plain(found), plain(value))) return
      if (found === undefined || isOurs(found) || existing === 'replace') edits.push({ path, value })
      else if (existing === 'name') conflicts.push(formatPath(path))
      else notes.push(`kept what stands at ${formatPath(path)}`)
    },
  }
}

function takesIdempotencyKeys(document: Group, { declaration }: Contract, listed: readonly ListedOperation[]): boolean {
  const header = declaration.idempotencyKey?.toLowerCase()
  return header !== undefined && listed.some(({ data, item, method }) => featuresOf(document, item, method, data).headers.has(header))
}

interface Wanted {
  readonly value: unknown
  /** Of the component that it refers to. */
  readonly component: string | undefined
}

/** By status: a reference where all entries of a status can be, otherwise a response of its own. */
function responsesFor(possible: ReadonlySet<string>, components: ErrorComponents): ReadonlyMap<string, Wanted> {
  return new Map([...components.byStatus].flatMap(([status, all]): readonly (readonly [string, Wanted])[] => {
    const some = all.filter((id) => possible.has(id))
    if (some.length === 0) return []
    const component = some.length === all.length ? components.responseName(status) : undefined
    return [[String(status), { value: component === undefined ? components.responseOf(some) : { $ref: `#/components/responses/${component}` }, component }]]
  }))
}

function planResponses({ edits, put, isOurs }: Plan, { path, data }: ListedOperation, wanted: ReadonlyMap<string, Wanted>): void {
  const there = groupAt(data, ['responses'])
  for (const [status, { value }] of wanted) put([...path, 'responses', status], value, own(there, status))
  for (const [status, value] of Object.entries(there)) if (isOurs(value) && !wanted.has(status)) edits.push({ path: [...path, 'responses', status], value: undefined })
}

function planComponents({ edits, notes, put, isOurs }: Plan, document: Group, generated: { readonly [kind: string]: { readonly [name: string]: unknown } }): void {
  for (const [kind, parts] of Object.entries(generated)) {
    const there = groupAt(document, ['components', kind])
    for (const [name, value] of Object.entries(parts)) put(['components', kind, name], value, own(there, name))
    for (const [name, value] of Object.entries(there)) {
      if (!isOurs(value) || Object.hasOwn(parts, name)) continue
      edits.push({ path: ['components', kind, name], value: undefined })
      notes.push(`took away components.${kind}.${name}: nothing of the contract needs it any more`)
    }
  }
}

/** An event of a stream may be an error, beside what the service itself says of its events. */
function planStream({ edits, notes }: Plan, { path, data }: ListedOperation, streamName: string | undefined): void {
  if (streamName === undefined) return
  const ours = { $ref: `#/components/schemas/${streamName}` }
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

function remarks(document: Group, contract: Contract, listed: readonly ListedOperation[], chosen: readonly ListedOperation[]): readonly string[] {
  const entries = [...contract.entries.values()]
  const hidden = entries.filter(({ sentAs }) => sentAs < 300)
  const asked = listed.some(({ item, method, data }) => featuresOf(document, item, method, data).hasSecurity)
  const isAsking = entries.some(({ reason }) => reason.startsWith('credential.'))
  return [
    ...(hidden.length === 0 ? [] : [`${hidden.length} entries are answered with a status of success, where the operation's own response stands; they have schemas and examples, and no response`]),
    ...(chosen.length > 0 && isAsking && !asked ? ['no operation asks for credentials (`security`), so that none is answered with what is wrong with them'] : []),
    ...(Object.values(groupAt(document, ['paths'])).some((item) => isGroup(item) && typeof item['$ref'] === 'string') ? ['paths that stand in other files ($ref) are left as they are'] : []),
  ]
}

/** Without prototypes and undefined members. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
