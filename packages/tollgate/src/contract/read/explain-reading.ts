/** Why an answer is read as it is: for people, beside `Contract.read`, which says only what. */
import type { Contract, Entry } from '../declare/contract.ts'
import type { ReadError, ReceivedAnswer } from '../declare/wire.ts'
import { bodyFormatOf } from '../write/body-format.ts'
import { isJsonObject } from '../values/json-object.ts'
import { formatSlot } from '../write/slot-text.ts'
import { placedSlotsOf, type Slot, type TemplateNode } from '../write/template.ts'
import { toBody } from './body.ts'
import { toBoundedText } from './bounded-json.ts'
import type { FoundSlots } from './found-slots.ts'
import { wholeParts } from './parts/whole-parts.ts'
import { readTemplate } from './read-template.ts'
import { recognitionOf } from './recognition.ts'
import { createReadingFinder, detailOf, formOf, type ReadingAttempt, type AnswerReading } from './reading.ts'
import { shapesOf, type Shapes } from './envelope-shapes.ts'
import { markShared } from './shared-constants.ts'
import { inShapeOf } from './xml-tree.ts'
import { candidateOf, type Candidate } from './wire-entry-choice.ts'

/** What `explainReading` has to say. All of it in words, for people. */
export interface ReadingExplanation {
  readonly error: ReadError | undefined
  /** The shape that fits: `envelope.error`, one of `envelope.families`, or `reader`. */
  readonly form: string | undefined
  /** By what its entry was chosen: `its code`, `its status`, `attribute type`, `its sentence`. */
  readonly chosenBy: readonly string[]
  /** Entries that fit as well; the primary of them was read, or the first. */
  readonly alike: readonly string[]
  /** The slots in which nothing stands: `error.details ($details?)`. */
  readonly empty: readonly string[]
  /** Details that came and that the entry does not declare. */
  readonly undeclared: readonly string[]
  /** Why it is no refusal; empty where it is one. */
  readonly because: readonly string[]
}

/**
 * Never throws, whatever came.
 *
 * @example
 * explainReading(contract, { status: 200, headers: {}, body: '{"pong":true}' }).because // why it is no refusal of this contract
 */
export function explainReading(contract: Contract, answer: ReceivedAnswer): ReadingExplanation {
  const error = contract.read(answer)
  const unread = (because: readonly string[]): ReadingExplanation => ({ error, form: undefined, chosenBy: [], alike: [], empty: [], undeclared: [], because })
  const text = toBoundedText(answer.body)
  if (text === undefined) return unread(['its body is too large, or not UTF-8'])
  const format = bodyFormatOf(contract.declaration.envelope.contentType)
  const body = toBody(text, format, contract.parseXml)
  const parts = wholeParts(contract.parseXml)
  const shapes = shapesOf(contract.declaration, parts)
  const attempts: ReadingAttempt[] = []
  const plan = { declaration: contract.declaration, entries: contract.entries, templates: shapes.families, success: shapes.success, stream: shapes.stream, reader: contract.reader, parts, readTemplate }
  createReadingFinder(plan)(body, text, { status: answer.status, headers: answer.headers ?? {}, event: undefined }, (attempt) => void attempts.push(attempt))
  const read = attempts.find(({ outcome }) => outcome === 'read')
  if (body === undefined && error === undefined) return unread([format === 'xml' ? 'its body is no XML that is read here' : format === 'form' ? 'its body is no form' : 'its body is no JSON, or nested too deeply'])
  if (error === undefined || read?.reading === undefined) return unread(reasonsAgainst(body, shapes, attempts, answer))
  const { reading, form } = read
  const node = shapes.families.find(({ family }) => formOf(family) === form)?.node
  const declared = new Set(error.entry === undefined ? [] : contract.detailsOf(error.entry).map(({ name }) => name))
  return {
    error,
    form,
    ...choiceOf(reading, contract, shapes.families.find(({ family }) => formOf(family) === form)?.family),
    empty: node === undefined ? [] : emptySlots(node, reading),
    undeclared: Object.keys(error.details).filter((name) => !declared.has(name)),
    because: [],
  }
}

function choiceOf({ found, answer, entry }: AnswerReading, { entries }: Contract, family: string | undefined): Pick<ReadingExplanation, 'chosenBy' | 'alike'> {
  if (entry === undefined) return { chosenBy: [], alike: [] }
  const evidence = { code: found.code, status: answer.status, family, message: found.message, value: (name: string) => found.attributes.get(name) ?? detailOf(found, name) }
  const chosen = candidateOf(entry, recognitionOf(entry), evidence)
  const isAlike = (other: Candidate): boolean =>
    other.code === chosen.code && other.status === chosen.status && other.attributes === chosen.attributes && other.sentence === chosen.sentence && other.entry.family === entry.family
  return {
    chosenBy: [
      ...(found.code === undefined ? [] : [chosen.code === Infinity ? 'its code' : `the code "${found.code}" that its read takes`]),
      ...(answer.status === undefined ? [] : [statusWords(chosen.status, answer.status, entry)]),
      ...Object.keys(entry.attributes ?? {}).flatMap((name) => (evidence.value(name) === undefined ? [] : [`attribute ${name}`])),
      ...(chosen.sentence > 0 ? ['its sentence'] : []),
    ],
    alike: [...entries.values()].flatMap((other) => (other.id !== entry.id && isAlike(candidateOf(other, recognitionOf(other), evidence)) ? [other.id] : [])),
  }
}

function statusWords(fit: number, status: number, entry: Entry): string {
  if (fit === 3) return 'its status'
  if (fit === 2) return `the status ${status} that it means`
  return fit === 1 ? `the status ${status} that its read takes` : `not its status, which is ${entry.sentAs}`
}

/** The items of a list each have their own, of which one was read. */
function emptySlots(node: TemplateNode, { found }: AnswerReading): readonly string[] {
  return [...placedSlotsOf(node, '')].flatMap(([path, slot]) => (/\.\$each|\.as\b/.test(path) || !isEmpty(slot, found) ? [] : [`${nameOf(path)} (${formatSlot(slot)})`]))
}

/** Of those that are read at all. */
function isEmpty(slot: Slot, found: FoundSlots): boolean {
  switch (slot.kind) {
    case 'attribute':
      return !found.attributes.has(slot.name)
    case 'detail':
      return !found.named.has(slot.name)
    case 'code':
    case 'message':
    case 'details':
    case 'requestId':
    case 'timestamp':
    case 'docsUrl':
    case 'status':
    case 'fields':
      return found[slot.kind] === undefined
    default:
      return false
  }
}

function reasonsAgainst(body: unknown, { families, success, successTemplate }: Shapes, attempts: readonly ReadingAttempt[], { status }: ReceivedAnswer): readonly string[] {
  if (success?.isSaidBy(body) === true && successTemplate !== undefined) {
    const said = [...constantsOf(markShared(successTemplate, families.map(({ node }) => node)), '')].map(([path, value]) => `${nameOf(path)} is ${shown(value)}`)
    return [`it says what only a success says${said.length === 0 ? ' in its root, or in each item' : `: ${said.join(', ')}`}`]
  }
  const because = attempts.flatMap(({ form, outcome, reading }) => {
    const node = families.find(({ family }) => formOf(family) === form)?.node
    if (outcome === 'contradicted' && node !== undefined) return [`${form}: ${contradictionIn(node, body, '') ?? 'the whole does not fit'}`]
    if (outcome === 'codeless' && node !== undefined) {
      const places = [...placedSlotsOf(node, '')].flatMap(([path, { kind }]) => (kind === 'code' ? [nameOf(path)] : []))
      return [`${form}: a code always stands at ${places.join(', ')}, and there is none`]
    }
    if (outcome === 'silent') return [`${form}: nothing stands in it of what an error says`]
    if (outcome === 'doubted') return [`${form}: fits, but with status ${status} nothing shows that it is a refusal: no constant that only errors have, and no entry is named`]
    return outcome === 'read' ? [`${form}: fits, but its code "${reading?.found.code}" is what a success says`] : []
  })
  return because.length === 0 ? ['nothing in it is of this dialect'] : because
}

/** Where a body says otherwise than the template, and how. */
function contradictionIn(node: TemplateNode, value: unknown, path: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (node.kind === 'literal') return node.value === value ? undefined : `${nameOf(path)} is ${shown(value)}, not ${shown(node.value)}`
  if (node.kind === 'object' && node.document !== undefined) {
    const [root] = node.members
    const content = inShapeOf(node.members, value)
    if (root?.kind !== 'member') return undefined
    return content === undefined ? `the root is no ${root.key}` : contradictionIn(root.node, content, `.${root.key}`)
  }
  if (node.kind === 'object') {
    if (!isJsonObject(value)) return `${nameOf(path)} is no object`
    return first(node.members, (member) => (member.kind === 'member' && Object.hasOwn(value, member.key) ? contradictionIn(member.node, value[member.key], `${path}.${member.key}`) : undefined))
  }
  if (node.kind === 'each' && node.map !== undefined) {
    const [name, held] = isJsonObject(value) ? (Object.entries(value)[0] ?? []) : []
    if (!isJsonObject(value)) return `${nameOf(path)} is no map`
    return name === undefined || readTemplate(node, value) !== undefined ? undefined : `nothing in ${nameOf(path)} fits, the first since ${contradictionIn(node.item, held, `${path}.${name}`) ?? 'it has another key'}`
  }
  if (node.kind === 'array' || node.kind === 'each') {
    if (!Array.isArray(value)) return `${nameOf(path)} is no list`
    const inItem = node.kind === 'array' ? first([...node.items.entries()], ([at, item]) => contradictionIn(item, value[at], `${path}[${at}]`)) : undefined
    if (inItem !== undefined || readTemplate(node, value) !== undefined) return inItem
    return node.kind === 'each' ? `no item of ${nameOf(path)} fits, the first since ${contradictionIn(node.item, value[0], `${path}[0]`) ?? 'it is null'}` : `${nameOf(path)} does not fit`
  }
  return readTemplate(node, value) === undefined ? `${nameOf(path)} is ${shown(value)}, which has another form` : undefined
}

function first<Item>(items: readonly Item[], ask: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const said = ask(item)
    if (said !== undefined) return said
  }
  return undefined
}

/** Those by which it is known. */
function* constantsOf(node: TemplateNode, path: string): Generator<readonly [path: string, value: unknown]> {
  if (node.kind === 'literal' && node.value !== null && node.isShared !== true) yield [path, node.value]
  else if (node.kind === 'array') for (const [at, item] of node.items.entries()) yield* constantsOf(item, `${path}[${at}]`)
  else if (node.kind === 'object') for (const member of node.members) if (member.kind === 'member') yield* constantsOf(member.node, `${path}.${member.key}`)
}

function nameOf(path: string): string {
  return path === '' ? 'the body' : path.replace(/^\./, '')
}

/** As far as it is short. */
function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
