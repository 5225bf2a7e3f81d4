/** Whether the templates parse, and whether each entry fills the slots of the template it is written in. */
import { suggest, type ContractProblem } from './contract-error.ts'
import type { EntryDeclaration, EnvelopeDeclaration, WebSocketDeclaration } from '../declare/declaration.ts'
import { checkHeaderValue } from './check-entry.ts'
import { checkTextDetails } from './check-text-details.ts'
import { nearestName } from './nearest-name.ts'
import { checkClose } from './check-close.ts'
import { inWords } from './template-words.ts'
import { bodyFormatOf, contentTypeFault, type BodyFormat } from '../write/body-format.ts'
import { parseTemplate } from '../write/parse-template.ts'
import { formatSlot, parseHeader, suggestSlot } from '../write/slot-text.ts'
import { itemSlots, placedDetails, placedSlotsOf, type Slot, type TemplateNode } from '../write/template.ts'
import { templateParserFor } from '../write/template-parser.ts'

type Report = (problem: ContractProblem) => void
type Entries = readonly (readonly [string, EntryDeclaration])[]

export function checkEnvelope(envelope: EnvelopeDeclaration, entries: Entries, report: Report): void {
  const { contentType, families = {}, stream, webSocket } = envelope
  if (contentType !== undefined) checkContentType(contentType, report)
  const parse = templateParserFor(contentType)
  const format = bodyFormatOf(contentType) ?? 'json'
  if (format === 'xml' || format === 'form') checkTextDetails(entries, format, report)
  // A stream, and a message of a WebSocket, without a form of its own is written in this one, whatever the family.
  const standsIn = (stream !== undefined && stream.data === undefined) || (webSocket !== undefined && webSocket.frame === undefined)
  const inErrorForm = standsIn ? entries : entries.filter(([, { family }]) => family === undefined)
  checkFilled(parse(envelope.error, 'envelope.error', report), 'envelope.error', inErrorForm, report)
  if (envelope.batch === true) checkBatch(envelope, format, report)
  for (const [family, template] of Object.entries(families)) {
    const path = `envelope.families.${family}`
    checkFilled(parse(template, path, report), path, entries.filter(([, entry]) => entry.family === family), report)
  }
  for (const [id, { family }] of entries) {
    if (family === undefined || Object.hasOwn(families, family)) continue
    report({
      path: `entries.${id}.family`,
      value: family,
      problem: 'is not one of envelope.families',
      mend: suggest(nearestName(family, Object.keys(families)), 'declare it there, or leave it out'),
    })
  }
  if (envelope.success !== undefined) checkSuccess(parse(envelope.success, 'envelope.success', report), report)
  if (webSocket !== undefined) checkWebSocket(webSocket, entries, format, report)
  if (stream === undefined) return
  if (stream.data !== undefined) checkFilled(parseTemplate(stream.data, 'envelope.stream.data', report), 'envelope.stream.data', entries, report)
  else checkStandIn('envelope.stream.data', format, report)
  const ends = [stream.end ?? []].flat()
  const lines = [['event', stream.event], ['afterError', stream.afterError], ...ends.flatMap(({ data, event }): (readonly [string, string | undefined])[] => [['end.data', data], ['end.event', event]])] as const
  for (const [name, value] of lines) {
    if (value !== undefined && /[\r\n]/.test(value)) report({
      path: `envelope.stream.${name}`,
      value,
      problem: 'has a line break, which ends an SSE line',
      mend: 'write one line',
    })
  }
  for (const { event, data } of ends) {
    if (event !== undefined && data === undefined && event === stream.event) report({
      path: 'envelope.stream.end',
      value: event,
      problem: 'is the event of an error too, so that a stream that fails would be whole',
      mend: 'name the event with which a whole stream ends',
    })
  }
}

/** What an error is sent as once a WebSocket is open: the message, the close and its code. */
function checkWebSocket(form: WebSocketDeclaration, entries: Entries, format: BodyFormat, report: Report): void {
  const path = 'envelope.webSocket'
  if (form.frame === undefined) checkStandIn(`${path}.frame`, format, report)
  else if (form.frame !== null) checkFilled(parseTemplate(form.frame, `${path}.frame`, report), `${path}.frame`, entries, report)
  checkClose(form, entries, checkHeaderSlot, report)
}

function checkStandIn(path: string, format: BodyFormat, report: Report): void {
  if (format !== 'json') report({ path, problem: `is missing, and ${format === 'xml' ? 'an XML document' : format === 'form' ? 'a form' : 'a text'} cannot stand in for it`, mend: 'write the JSON of a frame' })
}

/** A family that no entry is written in is a name misspelt somewhere. `entries`: all there are. */
export function checkFamilies({ families = {} }: EnvelopeDeclaration, entries: Entries, report: Report): void {
  for (const family of Object.keys(families)) {
    if (entries.some(([, entry]) => entry.family === family)) continue
    report({ path: `envelope.families.${family}`, problem: 'is the shape of no entry', mend: `name it in an entry (family: ${family}), or leave it out` })
  }
}

function checkContentType(contentType: string, report: Report): void {
  const path = 'envelope.contentType'
  checkHeaderValue(contentType, path, report)
  const fault = contentTypeFault(contentType)
  if (fault !== undefined) report({ path, value: contentType, ...fault })
}

/** A slot without a suffix promises that each entry has a value for it. */
function checkFilled(node: TemplateNode, path: string, entries: Entries, report: Report): void {
  for (const [at, slot] of placedSlotsOf(node, path)) checkSlot(slot, at, entries, report)
  checkSpreads(node, path, entries, report)
  checkList(node, path, report)
}

/** Each request of a batch is answered by an object that says which of them it answers. */
function checkBatch({ error, families = {}, contentType }: EnvelopeDeclaration, format: BodyFormat, report: Report): void {
  const path = 'envelope.batch'
  if (format !== 'json') return report({ path, value: true, problem: `makes a list of answers, which is JSON, and not ${contentType}`, mend: 'leave it out' })
  for (const [at, template] of [['error', error], ...Object.entries(families).map(([name, shape]) => [`families.${name}`, shape] as const)] as const) {
    const slots = [...placedSlotsOf(parseTemplate(template, '', () => {}), '')]
    if (!slots.some(([, { kind }]) => kind === 'request')) report({ path, value: true, problem: `answers each request by itself, and envelope.${at} does not say which it answers`, mend: 'write what it says again of the request: $request.id' })
    if (slots.some(([place]) => place.endsWith('.$each'))) report({ path, value: true, problem: `makes a list of answers, and envelope.${at} is one already`, mend: 'leave one of them out' })
  }
}

/** The issues of a refusal stand in one place. */
function checkList(node: TemplateNode, path: string, report: Report): void {
  const lists = [...placedSlotsOf(node, path)].filter(([at]) => at.endsWith('.$each'))
  for (const [at] of lists.slice(1)) report({ path: at, problem: `is the second list of ${path}`, mend: 'list the fields at fault once' })
  for (const [at, slot] of placedSlotsOf(node, path)) {
    if (slot.kind === 'errors' && !at.endsWith('.$each')) report({ path: at, value: formatSlot(slot), problem: 'is a list', mend: 'write the form of its items: { $each: $errors, as: { code: $code, message: $message } }' })
  }
}

function checkSlot(slot: Slot, path: string, entries: Entries, report: Report): void {
  if (slot.kind === 'data' && (slot.policy === 'always' || path.endsWith('.$each'))) report({ path, value: formatSlot(slot), problem: 'is known in a success only', mend: 'write null, or "$data|null" where an error may come with data all the same' })
  if (slot.kind === 'code' && slot.policy === 'always') {
    const [id, { code } = {}] = entries.find(([, entry]) => entry.code === undefined || entry.code === '') ?? []
    if (id !== undefined) report({
      path: `entries.${id}.code`,
      value: code,
      problem: `is ${code === undefined ? 'missing' : 'empty'}, but "$code" of ${path} always stands there`,
      mend: 'give it a code, or write "$code|null" or "$code?"',
    })
  }
  if (slot.kind !== 'attribute' && slot.kind !== 'detail') return
  const member = slot.kind === 'attribute' ? 'attributes' : 'details'
  const has = ([, entry]: Entries[number]): boolean => Object.hasOwn(entry[member] ?? {}, slot.name)
  const known = entries.some(has)
  if (slot.kind === 'attribute' && !known && entries.length > 0) {
    const attributes = entries.flatMap(([, entry]) => Object.keys(entry.attributes ?? {}))
    report({ path, value: formatSlot(slot), problem: 'is filled by nothing', mend: slot.name === 'request' ? 'name what it says again of the request: $request.id' : itemMend(slot.name) ?? suggestSlot(slot.name, attributes) })
  } else if (slot.kind === 'detail' && !known && entries.length > 0) {
    const nearest = nearestName(slot.name, entries.flatMap(([, entry]) => Object.keys(entry.details ?? {})))
    const mend = suggest(nearest === undefined ? undefined : `$details.${nearest}`, `give an entry the detail "${slot.name}"`)
    report({ path, value: formatSlot(slot), problem: 'is filled by nothing', mend })
  } else if (slot.policy === 'always') {
    for (const [id, entry] of entries) {
      if (has([id, entry])) continue
      report({
        path: `entries.${id}.${member}`,
        problem: `has no "${slot.name}", which ${path} always shows`,
        mend: `add it, or write "${formatSlot(slot)}?" or "${formatSlot(slot)}|null" there`,
      })
    }
  }
}

/** Details that are spread stand beside the members of the object and must not repeat one. */
function checkSpreads(node: TemplateNode, path: string, entries: Entries, report: Report, placed: ReadonlySet<string> = placedDetails(node)): void {
  if (node.kind === 'array') for (const item of node.items) checkSpreads(item, path, entries, report, placed)
  if (node.kind === 'each') checkSpreads(node.item, `${path}.as`, entries, report, placed)
  if (node.kind !== 'object') return
  const keys = new Set(node.members.flatMap((member) => (member.kind === 'member' ? [member.key] : [])))
  const spreads = node.members.some((member) => member.kind === 'spread')
  for (const [id, { details = {} }] of spreads ? entries : []) {
    for (const name of Object.keys(details)) {
      if (keys.has(name) && !placed.has(name)) report({
        path: `entries.${id}.details.${name}`,
        value: name,
        problem: `stands already in ${path}, where details are spread`,
        mend: 'choose another name',
      })
    }
  }
  for (const member of node.members) if (member.kind === 'member') checkSpreads(member.node, path, entries, report, placed)
}

/** `$field` outside of a list is taken for an attribute. */
function itemMend(name: string): string | undefined {
  return itemSlots.some((slot) => slot === name) ? `write it into the items of a list: { $each: $fields, as: { place: $${name} } }` : undefined
}

function checkSuccess(node: TemplateNode, report: Report): void {
  for (const [path, slot] of placedSlotsOf(node, 'envelope.success')) {
    if (slot.kind === 'data' || slot.kind === 'requestId' || slot.kind === 'timestamp' || slot.kind === 'status' || slot.kind === 'request') continue
    report({
      path,
      value: formatSlot(slot),
      problem: 'is not known in a success',
      mend: 'use $data, $requestId, $timestamp, $status or $request.NAME',
    })
  }
}

/** A header of every refusal may have slots. */
export function checkHeaderSlot(value: string, path: string, entries: Entries, report: Report): void {
  if (value.startsWith('$') && !value.startsWith('$$') && parseHeader(value).every((part) => typeof part === 'string')) {
    report({ path, value, problem: 'is not a slot that fits in a header', mend: headerMend })
  }
  for (const slot of parseHeader(value, path, inWords(report))) {
    if (typeof slot === 'string') continue
    if (slot.kind === 'details' || slot.kind === 'fields' || slot.kind === 'errors') report({ path, value, problem: 'is not a slot that fits in a header', mend: headerMend })
    // Where one of several is empty, the header is left out.
    else checkSlot(value.startsWith('$') ? slot : { ...slot, policy: 'absent' }, path, entries, report)
  }
}

const headerMend = 'use "$code", "$message", "$requestId", "$details.NAME" or an attribute'
