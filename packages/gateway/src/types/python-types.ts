/**
 * The errors of a contract as a module of Python: a dataclass for the details of each, an exception for each, a reader of answers and the retry rule. Of the standard
 * library alone, for Python 3.9 and later. `python-runtime.ts` has what is the same for every contract.
 */
import { bodyFormatOf, envelopeTemplates, type Detail, type DetailType, type Entry, type JsonValue, type TemplateNode } from 'tollgate/contract'
import { starPattern } from '../openapi/template-pattern.ts'
import { wordsOfDetail, type ErrorType, type ErrorTypes } from './error-types.ts'
import { pythonRuntime } from './python-runtime.ts'
import { createClassNames, pythonAttributes } from './python-names.ts'

export type PythonModule = { readonly kind: 'module'; readonly text: string } | { readonly kind: 'refused'; readonly message: string }

export function pythonTypes(types: ErrorTypes): PythonModule {
  const { contract, title, errors, allName, stem } = types
  const { declaration } = contract
  const format = bodyFormatOf(declaration.envelope.contentType) ?? 'json'
  if (format === 'xml') return { kind: 'refused', message: `"${contract.name}" answers in XML, which the module for Python does not read; --to json-schema describes the tree of its answers` }
  const nameClass = createClassNames(stem, [allName, ...errors.map(({ name }) => name)])
  const classNames = new Map(errors.map((error) => [error.entry.id, nameClass(error.name)]))
  const nameOf = ({ entry }: ErrorType): string => classNames.get(entry.id) ?? ''
  const text = [
    docstring([`The errors of ${title}. Written by \`tollgate types ${contract.name} --to python\`; do not edit.`, '', 'error = read_error(status, headers, body) gives an exception, or None where the answer is none of them.', 'decide_retry(error, attempt=1) says whether the same request may be sent again, and when.', '', 'For Python 3.9 and later; of the standard library alone.'], ''),
    pythonRuntime(allName, { requestIdHeader: contract.requestIdHeader.toLowerCase(), format }),
    ...errors.map((error) => classOf(error, nameOf(error), allName)),
    `_ENTRIES: List[Dict[str, Any]] = [\n${errors.map((error) => `    ${toPython(rowOf(error), nameOf(error))},\n`).join('')}]\n`,
    `_FORMS: List[Dict[str, Any]] = [\n${formsOf(types).map((form) => `    ${toPython(form)},\n`).join('')}]\n`,
  ].join('\n\n')
  return { kind: 'module', text }
}

const annotations: { readonly [type in DetailType]: string } = { string: 'str', integer: 'int', number: 'float', boolean: 'bool', strings: 'List[str]', money: 'float', timestamp: 'str', unix: 'int', seconds: 'int', digits: 'str', json: 'Any' }

function classOf({ details, detailsName, entry, facts, words }: ErrorType, name: string, base: string): string {
  const attributes = pythonAttributes(details.map((detail) => detail.name))
  const meanings = new Map(facts.map((fact) => [fact.wireName, wordsOfDetail(fact)]))
  const fields = details.toSorted((a, b) => Number(a.whenUnknown !== 'required') - Number(b.whenUnknown !== 'required')).map((detail) => {
    const type = annotations[detail.type]
    const said = [attributes.get(detail.name) === detail.name ? '' : `${JSON.stringify(detail.name)} on the wire.`, meanings.get(detail.name) ?? ''].filter((each) => each !== '').join(' ')
    return `    ${attributes.get(detail.name)}: ${detail.whenUnknown === 'required' ? type : `Optional[${type}] = None`}\n${said === '' ? '' : docstring([said], '    ')}`
  })
  const { id, code, status, sentAs, reason, retry, action } = entry
  const constants = Object.entries({ entry: id, code, status, sent_as: sentAs, reason, retry, action }).map(([member, value]) => `    ${member} = ${toPython(value)}\n`)
  const data = `@dataclass(frozen=True)\nclass ${detailsName}:\n    """What ${name} tells."""\n\n${fields.length === 0 ? '    pass\n' : fields.join('')}`
  return `${data}\n\nclass ${name}(${base}):\n${docstring(words, '    ')}\n${constants.join('')}    details: ${detailsName}\n`
}

/** What the reader must know of an entry. `$class` is written as it is. */
function rowOf({ entry, details, detailsName }: ErrorType): JsonValue {
  const { reason, alsoFor = [], family = null, primary = false, attributes = {}, read } = entry
  const failures = new Set<string>(['upstream.*', 'upstream.failed', 'upstream.timeout', 'internal'])
  const attributeNames = pythonAttributes(details.map((detail) => detail.name))
  return {
    cls: { $name: '' },
    details_cls: { $name: detailsName },
    family,
    primary,
    attributes,
    details: details.map((detail) => [detail.name, attributeNames.get(detail.name) ?? '', detail.type, detail.whenUnknown === 'null']),
    wait: waitDetail(entry, details),
    wait_helps: details.find(({ from }) => from === 'waitHelps')?.name ?? null,
    undone: ['rate.limited', 'concurrency.limited', 'token.expired', 'idempotency.in_progress'].includes(reason),
    undone_503: ['capacity.overloaded', 'service.maintenance', 'upstream.unavailable'].includes(reason) && !alsoFor.some((each) => failures.has(each)),
    recognised: recognisedBy(read),
  }
}

/** The detail that says how long to wait, where the header is missing. */
function waitDetail({ status, retry, retryAfterSeconds }: Entry, details: readonly Detail[]): string | null {
  const mayWait = status === 429 || status === 503 || retry === 'wait' || retry === 'backoff' || retryAfterSeconds !== undefined
  return (mayWait ? details.find(({ type, from }) => type === 'seconds' && from === 'retryAfterMs')?.name : undefined) ?? null
}

/** Each pattern with its weight: how much it names, and whether there is only one text that fits. */
function recognisedBy(read: Entry['read']): JsonValue {
  const { message = [], code = [], status = [] } = (typeof read === 'object' && !Array.isArray(read) ? read : { message: read ?? [] }) as { readonly message?: string | readonly string[]; readonly code?: JsonValue; readonly status?: JsonValue }
  const weighed = (pattern: JsonValue): JsonValue => [starPattern(String(pattern)), String(pattern).replaceAll(/(?<!\*)\*(?!\*)/g, '').length, !/(?<!\*)\*(?!\*)/.test(String(pattern))]
  return { messages: [message].flat().map(weighed), codes: ([code].flat() as readonly JsonValue[]).map(weighed), statuses: [status].flat() as JsonValue }
}

interface Form {
  readonly [name: string]: JsonValue
}

/** Each template once, as a tree of lists: what `_walk` goes along. */
function formsOf({ contract, errors }: ErrorTypes): readonly Form[] {
  const templates = envelopeTemplates(contract.declaration)
  const firstOf = new Map(errors.toReversed().map(({ entry }) => [entry.family ?? null, entry]))
  const families = [...new Set(errors.map(({ entry }) => entry.family ?? null))]
  return families.flatMap((family): readonly Form[] => {
    const entry = firstOf.get(family)
    if (entry === undefined) return []
    const template = templates.of(entry)
    return [{ family, template: toTree(template), shows_code: hasCode(template, false), needs_code: hasCode(template, true) }]
  })
}

function hasCode(node: TemplateNode, always: boolean): boolean {
  switch (node.kind) {
    case 'slot':
      return node.slot.kind === 'code' && (!always || node.slot.policy === 'always')
    case 'text':
    case 'sentence':
      return node.parts.some((part) => typeof part !== 'string' && hasCode({ kind: 'slot', slot: part }, always))
    case 'array':
      return node.items.some((item) => hasCode(item, always))
    case 'each':
      return hasCode(node.item, always)
    case 'object':
      return node.members.some((member) => member.kind === 'member' && hasCode(member.node, always))
    case 'literal':
      return false
  }
}

function toTree(node: TemplateNode): JsonValue {
  switch (node.kind) {
    case 'literal':
      return ['literal', node.value]
    case 'slot':
      return slotTree(node.slot)
    case 'text':
    case 'sentence':
      return ['text', node.parts.map((part) => (typeof part === 'string' ? part : slotTree(part)))]
    case 'array':
      return ['array', node.items.map(toTree)]
    case 'each':
      return ['each', node.of, node.map === undefined, toTree(node.item)]
    case 'object':
      return ['object', node.members.map((member) => (member.kind === 'spread' ? ['...'] : [member.key, toTree(member.node)]))]
  }
}

function slotTree(slot: Extract<TemplateNode, { readonly kind: 'slot' }>['slot']): JsonValue {
  return ['slot', slot.kind, slot.kind === 'detail' || slot.kind === 'attribute' || slot.kind === 'request' ? slot.name : null]
}

/** A literal. What is JSON is Python but for three words; a text of JSON is one of Python. */
function toPython(value: JsonValue, className = ''): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map((each) => toPython(each)).join(', ')}]`
  const members = Object.entries(value as { readonly [name: string]: JsonValue })
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}: ${isName(each) ? each.$name || className : toPython(each)}`).join(', ')}}`
}

function isName(value: JsonValue): value is { readonly $name: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).join() === '$name'
}

/** Nothing that stands in it ends it. */
function docstring(lines: readonly string[], indent: string): string {
  const texts = lines.flatMap((line) => line.split(/[\r\n\f\u2028\u2029]+/)).map((line) => line.trim().replaceAll(/\p{Cc}/gu, ' ').replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
  const [first = '', ...others] = texts
  if (others.length === 0) return `${indent}"""${first}"""\n`
  return `${indent}"""${first}\n${others.map((line) => (line === '' ? '\n' : `${indent}${line}\n`)).join('')}${indent}"""\n`
}
