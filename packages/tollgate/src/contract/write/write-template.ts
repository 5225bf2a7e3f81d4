/**
 * Compiles a template for one entry into a writer that concatenates strings. Everything that the entry fixes (code, status, attributes, keys,
 * commas) is folded into constants at definition; only message, details, fields, id and time are written per answer.
 */
import type { Detail } from '../declare/details.ts'
import type { JsonValue } from '../declare/facts.ts'
import { segmentsOf } from '../values/field-path.ts'
import { isPath, placedDetails, type EachNode, type Slot, type TemplateMember, type TemplateNode } from './template.ts'
import type { WireError } from '../declare/wire.ts'
import { compileKeys, formatMap, type KeyedItem } from './write-map.ts'
import { asText, compileSlot, orNull, quoteJson, run, writeMembers, type EntryConstants, type Part, type PieceWriter } from './write-slot.ts'
import { formatForm } from './form.ts'
import { formatXml, toXmlNames } from './xml.ts'

export type BodyWriter = (error: WireError) => string

/** What an entry fixes, by its id: each item of a list may be of another one. */
export type EntryLookup = (id: string) => { readonly entry: EntryConstants; readonly details: readonly Detail[] } | undefined

export function compileWriter(node: TemplateNode, entry: EntryConstants, details: readonly Detail[], lookup: EntryLookup = () => undefined): BodyWriter {
  if (node.kind === 'text') return concatenate(node.parts.map((part) => (typeof part === 'string' ? part : asText(compileSlot(part, entry, details)))))
  const write = concatenate(compileNode(node, { entry, details, placed: placedDetails(node), lookup }))
  if (node.kind === 'object' && node.isForm === true) return (error) => formatForm(JSON.parse(write(error)) as JsonValue)
  return node.kind === 'object' && node.document !== undefined ? (error) => formatXml(JSON.parse(write(withNames(error))) as JsonValue) : write
}

/** What the caller has sent may have any names. */
function withNames(error: WireError): WireError {
  return error.echo === undefined ? error : { ...error, echo: Object.fromEntries(Object.entries(error.echo).map(([path, value]) => [path, toXmlNames(value)])) }
}

interface Constants {
  readonly entry: EntryConstants
  readonly details: readonly Detail[]
  /** Those that have a place of their own in the template, and are not spread. */
  readonly placed: ReadonlySet<string>
  readonly lookup: EntryLookup
}

/** Folds neighbouring constants and runs the rest. */
function concatenate(parts: readonly Part[]): BodyWriter {
  let head = ''
  const steps: { readonly write: PieceWriter; after: string }[] = []
  for (const part of parts) {
    const last = steps.at(-1)
    if (typeof part !== 'string') steps.push({ write: part, after: '' })
    else if (last === undefined) head += part
    else last.after += part
  }
  if (steps.length === 0) return () => head
  return (error) => {
    let text = head
    for (const step of steps) text += step.write(error) + step.after
    return text
  }
}

function compileNode(node: TemplateNode, constants: Constants): readonly Part[] {
  switch (node.kind) {
    case 'literal':
      return [JSON.stringify(node.value)]
    case 'slot':
      // Outside an object nothing can be absent: null stands in.
      return [orNull(compileSlot(node.slot, constants.entry, constants.details))]
    case 'sentence':
      return [compileSentence(node.parts, constants)]
    case 'array':
      return compileArray(node.items, constants)
    case 'each':
      return [orNull(compileEach(node, constants))]
    case 'object':
      return compileObject(node.members, constants)
    case 'text':
      return []
  }
}

/** The segments of `$path` are items of their own; all else is one. */
function compileArray(items: readonly TemplateNode[], constants: Constants): readonly Part[] {
  const parts = items.map((item): readonly Part[] => (isPath(item) ? [({ issues }) => segmentsOf(issues?.[0]?.field).map((segment) => JSON.stringify(segment)).join(',')] : compileNode(item, constants)))
  if (!items.some(isPath)) return ['[', ...parts.flatMap((part, index) => [index === 0 ? '' : ',', ...part]), ']']
  return [(error) => `[${parts.map((part) => part.map((piece) => run(piece, error)).join('')).filter((text) => text !== '').join(',')}]`]
}

/** One item for each issue, or for each error. Empty where there is none and the list is then left out. */
function compileEach(node: EachNode, constants: Constants): PieceWriter {
  const { of, policy, map } = node
  const own = compileItem(node, constants)
  const none = policy === 'null' ? 'null' : policy === 'absent' ? '' : map === undefined ? '[]' : '{}'
  const format = (items: readonly KeyedItem[]): string => (map === undefined ? `[${items.map(({ json }) => json).join(',')}]` : formatMap(items, map.holds) || none)
  if (of === 'fields') {
    return (error) => {
      const { issues = [] } = error
      return issues.length === 0 ? none : format(issues.map((issue) => own({ ...error, issues: [issue] })))
    }
  }
  const writers = new Map<string, ItemWriter>()
  const writerOf = ({ entry: id }: WireError): ItemWriter => {
    const known = id === undefined ? own : writers.get(id)
    if (known !== undefined || id === undefined) return known ?? own
    const found = constants.lookup(id)
    const writer = found === undefined ? own : compileItem(node, { ...constants, ...found })
    writers.set(id, writer)
    return writer
  }
  return (error) => format(error.errors === undefined ? [own(error)] : error.errors.map((each) => writerOf(each)({ ...each, requestId: error.requestId ?? '', echo: error.echo })))
}

type ItemWriter = (error: WireError) => KeyedItem

function compileItem({ item, map }: EachNode, constants: Constants): ItemWriter {
  const write = concatenate(compileNode(item, constants))
  const keyOf = map === undefined ? () => undefined : compileKeys(map.keys, constants.entry, constants.details)
  return (error) => ({ key: keyOf(error), json: write(error) })
}

function compileSentence(parts: readonly (string | Slot)[], { entry, details }: Constants): Part {
  const texts = parts.map((part) => (typeof part === 'string' ? part : asText(compileSlot(part, entry, details))))
  if (texts.every((text) => typeof text === 'string')) return JSON.stringify(texts.join(''))
  const write = concatenate(texts)
  return (error) => quoteJson(write(error))
}

interface Member {
  readonly parts: readonly Part[]
  /** Its one part may turn out empty, and then takes its comma with it. */
  readonly optional: boolean
}

/** Commas are decided here, not per answer: what stands before the first certain member brings its comma behind itself, all others before. */
function compileObject(members: readonly TemplateMember[], constants: Constants): readonly Part[] {
  const compiled = members.map((member) => compileMember(member, constants)).filter((member) => member.parts.length > 0)
  const firstCertain = compiled.findIndex((member) => !member.optional)
  if (firstCertain === -1) {
    const writers = compiled.flatMap((member) => member.parts)
    return [(error) => `{${writers.map((part) => run(part, error)).filter((text) => text !== '').join(',')}}`]
  }
  const parts = compiled.flatMap((member, index): readonly Part[] => {
    if (!member.optional) return index === firstCertain ? member.parts : [',', ...member.parts]
    return member.parts.map((part) => (error: WireError) => {
      const text = run(part, error)
      return text === '' ? '' : index < firstCertain ? `${text},` : `,${text}`
    })
  })
  return ['{', ...parts, '}']
}

function compileMember(member: TemplateMember, constants: Constants): Member {
  if (member.kind === 'spread') return { parts: spreadDetails(constants), optional: true }
  const key = `${JSON.stringify(member.key)}:`
  const value = valueThatMayBeMissing(member, constants)
  if (value === undefined) return { parts: [key, ...compileNode(member.node, constants)], optional: false }
  if (typeof value === 'string') return { parts: value === '' ? [] : [key + value], optional: false }
  return {
    parts: [
      (error) => {
        const text = value(error)
        return text === '' ? '' : key + text
      },
    ],
    optional: true,
  }
}

function spreadDetails({ details, placed }: Constants): readonly PieceWriter[] {
  const left = details.filter(({ name }) => !placed.has(name))
  return left.length === 0 ? [] : [writeMembers(left)]
}

/** Undefined: it never is. */
function valueThatMayBeMissing({ node, optional }: Extract<TemplateMember, { kind: 'member' }>, constants: Constants): Part | undefined {
  if (optional) return compileWhole(node, constants).part
  if (node.kind === 'slot' && node.slot.policy === 'absent') return compileSlot(node.slot, constants.entry, constants.details)
  return node.kind === 'each' && node.policy === 'absent' ? compileEach(node, constants) : undefined
}

/** A value that is there only if one of its slots has something to say. `said`: what shows whether one has. */
function compileWhole(node: TemplateNode, constants: Constants): { readonly part: Part; readonly said: readonly Part[] } {
  switch (node.kind) {
    case 'literal':
    case 'text':
      return { part: compileNode(node, constants).join(''), said: [] }
    case 'slot': {
      const part = compileSlot({ ...node.slot, policy: 'absent' }, constants.entry, constants.details)
      return { part, said: [part] }
    }
    case 'each': {
      const part = compileEach({ ...node, policy: 'absent' }, constants)
      return { part, said: [part] }
    }
    case 'sentence': {
      const said = node.parts.flatMap((part) => (typeof part === 'string' ? [] : [asText(compileSlot(part, constants.entry, constants.details))]))
      return { part: whereSaid(compileNode(node, constants), said), said }
    }
    case 'array': {
      const said = node.items.flatMap((item) => compileWhole(item, constants).said)
      return { part: whereSaid(compileNode(node, constants), said), said }
    }
    case 'object': {
      const members = node.members.map((member) => {
        if (member.kind === 'spread') return { key: '', part: spreadDetails(constants)[0] ?? '', said: spreadDetails(constants) }
        return { key: `${JSON.stringify(member.key)}:`, ...compileWhole(member.node, constants) }
      })
      const said = members.flatMap((member) => member.said)
      const text = (error: WireError): string => `{${members.flatMap(({ key, part }) => run(part, error) === '' ? [] : [key + run(part, error)]).join(',')}}`
      return { part: whereSaid([text], said), said }
    }
  }
}

function whereSaid(parts: readonly Part[], said: readonly Part[]): PieceWriter {
  return (error) => (said.some((part) => run(part, error) !== '') ? parts.map((part) => run(part, error)).join('') : '')
}
