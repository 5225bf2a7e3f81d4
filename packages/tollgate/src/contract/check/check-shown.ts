/** An attribute that no answer shows is a slip, in the entry or in the envelope. (Details may: not each dialect has a place for them, and the loss says so.) */
import type { ContractProblem } from './contract-error.ts'
import type { EntryDeclaration, EnvelopeDeclaration } from '../declare/declaration.ts'
import { sentencesIn } from '../declare/messages.ts'
import { parseMessage, placeholdersOf } from '../write/message.ts'
import { parseTemplate } from '../write/parse-template.ts'
import { headerSlots } from '../write/slot-text.ts'
import { slotsOf, type Slot } from '../write/template.ts'
import { templateParserFor } from '../write/template-parser.ts'

type Report = (problem: ContractProblem) => void
type Entries = readonly (readonly [string, EntryDeclaration])[]

export function checkShown(envelope: EnvelopeDeclaration, headers: { readonly [name: string]: string }, entries: Entries, report: Report): void {
  const { families = {}, stream, webSocket } = envelope
  const parse = templateParserFor(envelope.contentType)
  const shared = [
    ...Object.values(headers).flatMap(headerSlots),
    ...(stream === undefined ? [] : slotsOf(parseTemplate(stream.data ?? envelope.error, '', ignore))),
    ...(webSocket === undefined ? [] : [...slotsOf(parseTemplate(webSocket.frame ?? null, '', ignore)), ...headerSlots(webSocket.close?.reason ?? '')]),
  ]
  for (const [id, entry] of entries) {
    const template = entry.family === undefined ? envelope.error : families[entry.family]
    checkEntryShown(id, entry, [...shared, ...slotsOf(parse(template, '', ignore))], report)
  }
}

/** Sentences and headers of the entry show figures too; a detail shows the attribute of its name, which tells entries apart. */
function checkEntryShown(id: string, entry: EntryDeclaration, slots: readonly Slot[], report: Report): void {
  const { attributes = {}, details = {}, message, headers = {} } = entry
  const told = new Set([...sentencesIn(message), ...Object.values(headers)].flatMap((text) => placeholdersOf(parseMessage(text, ignore)).map(({ name }) => name)))
  const has = (kind: 'detail' | 'attribute', name: string): boolean => slots.some((slot) => (slot.kind === 'detail' || slot.kind === 'attribute') && slot.kind === kind && slot.name === name)
  const showsAll = slots.some(({ kind }) => kind === 'details')
  const isDetailShown = (name: string): boolean => showsAll || told.has(name) || has('detail', name)
  for (const name of Object.keys(attributes)) {
    const isShown = told.has(name) || has('attribute', name) || (Object.hasOwn(details, name) && isDetailShown(name))
    if (!isShown) report({
      path: `entries.${id}.attributes.${name}`,
      problem: 'is shown by no template, message or header',
      mend: `give the envelope the slot "$${name}", or leave it out`,
    })
  }
}

function ignore(): void {}
