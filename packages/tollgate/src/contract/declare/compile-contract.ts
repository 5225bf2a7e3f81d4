/** Turns a checked declaration into what answers and reads. All the work that can be done once is done here. */
import { suggest, type ContractProblem } from '../check/contract-error.ts'
import type { Contract, Entry } from './contract.ts'
import type { ContractDeclaration } from './declaration.ts'
import { detailsIn } from './details.ts'
import { otherCodesOf, sayingOf } from '../read/recognition.ts'
import { createEntryChoice } from '../read/entry-choice.ts'
import { toEntry } from './entry-rules.ts'
import { factFaults } from './fact-faults.ts'
import type { Facts } from './facts.ts'
import { arrangedBy, saysIssueCount, shownDetails, shownIssue, withFirstIssue, withIssueCount } from './issues.ts'
import { compileHeaders, successHeaders, type HeadersWriter } from '../write/http-duties.ts'
import { defaultSentences, languagesOf, sentencesIn, translationsOf } from './messages.ts'
import type { ReadErrorOf } from './inferred.ts'
import { deriveLoss } from '../read/loss.ts'
import { compileMessage, compileSentences } from '../write/message.ts'
import { nearestName } from '../check/nearest-name.ts'
import { createHiddenRefusals } from '../read/hidden-refusals.ts'
import { wholeParts } from '../read/parts/whole-parts.ts'
import { codecFor } from '../read/parts/reading-parts.ts'
import { createErrorReader } from '../read/read-error.ts'
import { createSocketReader } from '../read/read-socket.ts'
import { formatRateLimitHeaders } from '../values/rate-limit-headers.ts'
import type { Reader } from '../read/reader.ts'
import type { XmlParser } from '../read/xml-tree.ts'
import { bodyFormatOf } from '../write/body-format.ts'
import { createReadingFinder, type FamilyTemplate, type ReadingPlan } from '../read/reading.ts'
import { shapesOf } from '../read/envelope-shapes.ts'
import { readBack, readEndBack } from '../read/read-back.ts'
import { refuse, type Refusal, type RefusalOptions } from './refusal.ts'
import { RefusalError } from './refusal-error.ts'
import { docsUrlOf } from '../values/docs-address.ts'
import { echoesOfBatch } from '../values/echo.ts'
import { writeBatch } from '../write/write-batch.ts'
import { completeError, renderError, renderErrors, type RenderPlan, type Translations } from '../write/render-error.ts'
import { createRequestIdMinter } from '../values/request-id.ts'
import { REQUEST_ID_HEADER } from '../values/request-id-header.ts'
import { formatStreamFrame } from '../write/stream-frame.ts'
import { headerSlots } from '../write/slot-text.ts'
import { eachOf, placedSlotsOf, slotsOf, type TemplateNode } from '../write/template.ts'
import type { AnswerContext, LossMask, TextAnswer, WireError } from './wire.ts'
import { writeSuccess } from '../write/write-success.ts'
import { compileWebSocketEnd, type WebSocketEndWriter } from '../write/web-socket-end.ts'
import { compileWriter, type BodyWriter, type EntryLookup } from '../write/write-template.ts'

interface CompiledEntry extends RenderPlan {
  readonly template: TemplateNode
  readonly writeBody: BodyWriter
  readonly writeHeaders: HeadersWriter
  readonly writeStreamData: BodyWriter | undefined
  readonly writeWebSocketEnd: WebSocketEndWriter | undefined
}

/** What goes along with a declaration: its reader, and what its check has told beside problems. */
export interface CompileOptions {
  readonly reader?: Reader | undefined
  readonly parseXml?: XmlParser | undefined
  readonly warnings: readonly ContractProblem[]
}

export function compileContract<D extends ContractDeclaration>(declaration: D, { reader, parseXml, warnings }: CompileOptions): Contract<D, ReadErrorOf<D>> {
  const { envelope } = declaration
  const parts = wholeParts(parseXml)
  const { families, successTemplate, success, stream, frame, readTemplate } = shapesOf(declaration, parts)
  const echoes = echoesOf([...families.map(({ node }) => node), successTemplate, stream, frame].flatMap((node) => node ?? []), declaration.headers)
  const compiled = new Map<string, CompiledEntry>()
  const lookup: EntryLookup = (id) => compiled.get(id)
  for (const [id, entry] of Object.entries(declaration.entries)) compiled.set(id, compileEntry(declaration, { ...toEntry(id, entry, declaration.alwaysStatus), docsUrl: docsUrlOf(declaration.docs, id) }, { families, stream, frame, lookup, echoes }))
  const entries = new Map([...compiled].map(([id, { entry }]) => [id, entry]))
  const allEntries = [...entries.values()]
  const [first] = compiled.values()
  if (first === undefined) throw new Error('a checked contract has entries')

  const told = saysIssueCount(declaration.entries) ? (facts: Facts): Facts => withIssueCount(withFirstIssue(facts)) : withFirstIssue
  const chooseEntry = createEntryChoice(allEntries, first.entry)
  const entryFor: Contract['entryFor'] = (reason, facts, named) => (named === undefined ? undefined : entries.get(named)) ?? chooseEntry(reason, told(facts))
  const compiledFor = ({ reason, facts, entry }: Refusal): CompiledEntry => compiled.get(entryFor(reason, facts, entry).id) ?? first

  const refuseAs = (id: string, facts: Facts = {}, options: Omit<RefusalOptions, 'entry'> = {}): Refusal => {
    const plan = compiled.get(id)
    if (plan === undefined) throw new RefusalError(declaration.name, id, [`there is no such entry; ${suggest(nearestName(id, entries.keys()), `it has ${[...entries.keys()].join(', ')}`)}`])
    const faults = factFaults(plan.entry, plan.details, facts, 'fact')
    if (faults.length > 0) throw new RefusalError(declaration.name, id, faults)
    return refuse(plan.entry.reason, facts, { source: plan.entry.source ?? 'api', ...options, entry: id })
  }
  /** Of a list of errors the worst speaks for all. */
  const rendered = (given: Refusal, context: AnswerContext): { readonly plan: CompiledEntry; readonly error: WireError } => {
    const facts = told(given.facts)
    const refusal = facts === given.facts ? given : { ...given, facts }
    const plan = compiledFor(refusal)
    const error = renderError(plan, refusal, context)
    if (plan.list === undefined) return { plan, error }
    const listed = renderErrors(error, plan, refusal, context, compiledFor)
    return { plan: (listed.entry === undefined ? undefined : compiled.get(listed.entry)) ?? plan, error: listed }
  }
  const render = (refusal: Refusal, context: AnswerContext): WireError => rendered(refusal, context).error
  const writeAs = ({ entry, writeBody, writeHeaders }: CompiledEntry, error: WireError, context: AnswerContext): TextAnswer => ({
    status: entry.sentAs,
    headers: writeHeaders(error, context),
    body: writeBatch(envelope.batch === true ? echoesOfBatch(echoes, context.request) : [], error, writeBody),
  })
  const write = (given: WireError, context: AnswerContext): TextAnswer => {
    const plan = given.entry === undefined ? undefined : compiled.get(given.entry)
    // What was read with a code that the contract does not declare must not leave: what is left is that something failed.
    const failed = refuse('internal')
    return plan === undefined ? writeAs(compiledFor(failed), render(failed, context), context) : writeAs(plan, completeError(plan, given, context), context)
  }

  const readPlan: ReadingPlan = {
    declaration,
    entries,
    templates: families,
    success,
    stream,
    reader,
    parts,
    readTemplate,
  }
  const details = new Map([...compiled].map(([id, plan]) => [id, plan.details]))
  const readers = createErrorReader({ declaration, details, success, parts, findReading: createReadingFinder(readPlan), codec: codecFor(envelope.contentType, parts) })
  const socket = createSocketReader(readPlan, frame, readers)
  const mintRequestId = createRequestIdMinter(declaration.requestId)

  const findLoss = (): LossMask =>
    deriveLoss({
      declaration,
      entries: allEntries,
      detailsOf: ({ id }) => compiled.get(id)?.details ?? [],
      templateOf: ({ id }) => compiled.get(id)?.template ?? first.template,
      readBack: (entry) => readBack(contract as unknown as Contract, entry)[0]?.read?.entry,
      frame,
      readEnd: (entry) => readEndBack(contract as unknown as Contract, entry),
    })
  let loss: LossMask | undefined

  const contract: Contract<D, ReadErrorOf<D>> = {
    declaration,
    name: declaration.name,
    entries,
    languages: languagesOf(declaration),
    reader,
    parseXml,
    warnings,
    // Only tests and docs ask; most programs never do.
    get loss() {
      return (loss ??= findLoss())
    },
    entryFor,
    refuse: refuseAs,
    render,
    write,
    answer: (refusal, context) => {
      const { plan, error } = rendered(refusal, context)
      return writeAs(plan, error, context)
    },
    success: (data, context, status = 200) => ({
      status,
      headers: successHeaders(declaration, context),
      body: writeSuccess(successTemplate, { status, data, context }, bodyFormatOf(envelope.contentType)),
    }),
    streamFrame: (refusal, context) => {
      if (envelope.stream === undefined) return undefined
      const { plan, error } = rendered(refusal, context)
      return plan.writeStreamData === undefined ? undefined : formatStreamFrame(envelope.stream, plan.writeStreamData(error))
    },
    webSocketEnd: (refusal, context) => {
      if (envelope.webSocket === undefined) return undefined
      const { plan, error } = rendered(refusal, context)
      return plan.writeWebSocketEnd?.(error)
    },
    rateLimitHeaders: (limits, nowMs) => (declaration.rateLimitHeaders === undefined ? [] : formatRateLimitHeaders(declaration.rateLimitHeaders, limits, nowMs)),
    // Each declared detail has been held against its type by the reader: the types say no more than that.
    read: readers.read as Contract<D, ReadErrorOf<D>>['read'],
    readStreamEvent: readers.readStreamEvent as Contract<D, ReadErrorOf<D>>['readStreamEvent'],
    readFrame: socket.readFrame as Contract<D, ReadErrorOf<D>>['readFrame'],
    readClose: socket.readClose as Contract<D, ReadErrorOf<D>>['readClose'],
    echoes,
    hidden: createHiddenRefusals({ declaration, entries: allEntries, templates: families, success, reader, parseXml }),
    detailsOf: (id) => compiled.get(id)?.details ?? [],
    mintRequestId,
    requestIdHeader: declaration.requestId?.header ?? REQUEST_ID_HEADER,
  }
  return contract
}

function echoesOf(templates: readonly TemplateNode[], headers: ContractDeclaration['headers'] = {}): readonly string[] {
  const slots = [...templates.flatMap((node) => [...slotsOf(node)]), ...Object.values(headers).flatMap(headerSlots)]
  return [...new Set(slots.flatMap((slot) => (slot.kind === 'request' ? [slot.name] : [])))]
}

/** What an entry is compiled with, beside itself. */
interface EntryShapes {
  readonly families: readonly FamilyTemplate[]
  readonly stream: TemplateNode | undefined
  readonly frame: TemplateNode | undefined
  readonly lookup: EntryLookup
  readonly echoes: readonly string[]
}

function compileEntry(declaration: ContractDeclaration, entry: Entry, { families, stream, frame, lookup, echoes }: EntryShapes): CompiledEntry {
  const template = (families.find(({ family }) => family === entry.family) ?? families[0])?.node ?? { kind: 'literal', value: null }
  const details = detailsIn(entry)
  const waits = details.filter(({ from }) => from === 'retryAfterMs')
  const { webSocket } = declaration.envelope
  const shapes = [template, stream, frame].flatMap((node) => node ?? [])
  const [list] = shapes.flatMap((shape) => eachOf(shape) ?? [])
  const slots = shapes.flatMap((shape) => [...slotsOf(shape)])
  return {
    entry,
    details,
    template,
    message: compileMessage(defaultSentences(entry.message, declaration.language), entry.description),
    language: declaration.language,
    translations: translate(entry),
    tellsWait: waits.length > 0 || sentencesIn(entry.message).some((message) => message.includes('retryAfterMs')),
    maySay: sayingOf(entry),
    takesCode: otherCodesOf(entry),
    waits,
    showsTimestamp: slots.some(({ kind }) => kind === 'timestamp'),
    showsDocsUrl: [...slots, ...Object.values(declaration.headers ?? {}).flatMap(headerSlots)].some(({ kind }) => kind === 'docsUrl'),
    // A list of them shows those for which its items have a place.
    showsFields: shapes.some((shape) => [...placedSlotsOf(shape, '')].some(([path, { kind }]) => kind === 'fields' && !path.endsWith('.$each'))),
    echoes,
    list: list && { of: list.of, shown: shownIssue(list), shownDetails: shownDetails(list), arranged: arrangedBy(list) },
    writeBody: compileWriter(template, entry, details, lookup),
    writeHeaders: compileHeaders(declaration, entry, details),
    writeStreamData: stream === undefined ? undefined : compileWriter(stream, entry, details, lookup),
    writeWebSocketEnd: webSocket && compileWebSocketEnd(webSocket, frame, entry, details, lookup),
  }
}

function translate({ message }: Entry): Translations | undefined {
  const translations = translationsOf(message)
  return translations && new Map(translations.map(([language, sentences]) => [language.toLowerCase(), { language, write: compileSentences(sentences) }]))
}
