/** `tollgate contract …`: what a contract answers, and what it understands, without a gateway. Contracts in files and shipped ones alike. */
import { STATUS_CODES } from 'node:http'
import type { Command } from 'commander'
import { compact, contractSchema, explainReading, nearestName, nearestReason, sentencesIn, parseBoundedJson, refuse, serverReasons, valueAt, type Answer, type AnswerContext, type Contract, type Entry, type Facts, type FactValue, type Loss, type ReadError, type ReadingExplanation, type Refusal } from 'tollgate/contract'
import { suggestion } from '../config/read/suggestion.ts'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours, printable } from './colours.ts'
import { parseHttpAnswer } from 'tollgate/explain'
import { openContract } from './open-contract.ts'
import { formatTable, type Column } from './table.ts'
import { formatWebSocketEnd, readWebSocketText } from './web-socket-text.ts'

export function addContractCommands(program: Command, io: CliIo): void {
  const colours = createColours(io)
  const contracts = addCommand(program, 'contract', { description: 'contracts: how an API refuses' })

  addCommand(contracts, 'check <contract>', { description: 'check a contract in YAML or JSON', examples: ['tollgate contract check ./my-contract.yaml'] })
    .option('--json', 'print the summary as JSON')
    .action(async (ref: string, { json }: { json?: boolean }) => {
      const warnings: string[] = []
      const summary = { ...summaryOf(await openContract(ref, io, warnings)), warnings }
      const { name, entries, codes, loss, webSocketLoss } = summary
      const text = `${colours.green('The contract is fine.')}\n${name}: ${entries} entries, ${codes.length === 0 ? 'no codes' : `${codes.length} codes: ${codes.join(', ')}`}\nLost on the wire: ${loss.length === 0 ? 'nothing' : loss.join(', ')}\n${lossLines(webSocketLoss)}`
      io.stdout(json === true ? `${JSON.stringify(summary, null, 2)}\n` : text)
      if (json !== true) for (const warning of warnings) io.stderr(`${colours.yellow('warning:')} ${warning}\n`)
    })

  addCommand(contracts, 'entries <contract>', { description: 'list the entries: what is sent, for which reason, and what a client may do', examples: ['tollgate contract entries chatads'] })
    .option('--json', 'print them as JSON, whole')
    .action(async (ref: string, { json }: { json?: boolean }) => {
      const entries = [...(await openContract(ref, io)).entries.values()]
      io.stdout(json === true ? `${JSON.stringify(entries, null, 2)}\n` : formatTable(entryColumns, entries, colours))
    })

  addCommand(contracts, 'answer <contract> <entry-or-reason> [facts...]', {
    description: 'print the answer that a refusal becomes; facts are written name=value, times in milliseconds',
    examples: ['tollgate contract answer ./my-contract.yaml rate.limited limit=60 retryAfterMs=7000', 'tollgate contract answer chatads dailyQuotaExceeded used=120 limit=100'],
  })
    .option('--request <json>', 'the body of the request that it answers, where the contract says something of it again')
    .option('--language <languages>', 'what the request says in Accept-Language: "de, en;q=0.5"')
    .option('--web-socket', 'print how it ends a WebSocket that is open: the message, and the close')
    .action(async (ref: string, what: string, facts: readonly string[], { request, language, webSocket }: { request?: string; language?: string; webSocket?: boolean }) => {
      const contract = await openContract(ref, io)
      const refusal = refusalOf(contract, what, Object.fromEntries(facts.map(toFact)))
      const context = { ...contextOf(contract, refusal.facts), request: lookupIn(request), acceptLanguage: language }
      if (webSocket !== true) return io.stdout(formatAnswer(contract.answer(refusal, context)))
      const end = contract.webSocketEnd(refusal, context)
      if (end === undefined) throw new CliFailure(1, noWebSocket(contract))
      io.stdout(formatWebSocketEnd(end))
    })

  addCommand(contracts, 'read <contract>', {
    description: 'say what an answer on stdin means, as `curl -i` prints it',
    examples: ['curl -si localhost:8080/v1/things | tollgate contract read ./my-contract.yaml'],
  })
    .option('--json', 'print it as JSON')
    .option('--web-socket', 'stdin is what `contract answer --web-socket` prints: "frame", a message; "close", a code and a reason')
    .action(async (ref: string, { json, webSocket }: { json?: boolean; webSocket?: boolean }) => {
      const contract = await openContract(ref, io)
      if (webSocket === true) {
        if (contract.declaration.envelope.webSocket === undefined) throw new CliFailure(1, noWebSocket(contract))
        const { error, form } = readWebSocketText(contract, await io.readStdin())
        if (error === undefined) throw new CliFailure(1, `this is no refusal of "${contract.name}": neither its message nor its close says one`)
        return io.stdout(json === true ? `${JSON.stringify({ ...error, explanation: { form } }, null, 2)}\n` : formatRead(error, { form, chosenBy: [], alike: [], empty: [], undeclared: [], because: [] }))
      }
      const answer = parseHttpAnswer(await io.readStdin())
      if (answer === undefined) throw new CliFailure(2, 'stdin is no HTTP answer: it begins with a line such as "HTTP/1.1 429 Too Many Requests"; let curl print it with -i')
      const { error, ...explanation } = explainReading(contract, answer)
      if (error === undefined) throw new CliFailure(1, printable(`this is no refusal of "${contract.name}": ${explanation.because.join('; ')}`))
      io.stdout(json === true ? `${JSON.stringify({ ...error, explanation }, null, 2)}\n` : formatRead(error, explanation))
    })

  addCommand(contracts, 'schema', { description: 'print the JSON Schema of contracts, for editors' }).action(() => {
    io.stdout(`${JSON.stringify(contractSchema, null, 2)}\n`)
  })
}

function summaryOf({ name, entries, loss }: Contract) {
  const { frame, close } = loss.webSocket ?? {}
  return {
    name,
    entries: entries.size,
    codes: [...new Set([...entries.values()].map(({ code }) => code))].filter((code) => code !== ''),
    loss: listLoss(loss),
    webSocketLoss: compact({ frame: frame && listLoss(frame), close: close && listLoss(close) }),
  }
}

function listLoss({ members, entries }: Loss): readonly string[] {
  return [...members, ...Object.entries(entries).map(([id, as]) => `${id} (read as ${as})`)]
}

function lossLines({ frame, close }: ReturnType<typeof summaryOf>['webSocketLoss']): string {
  const lines = [frame && `in the message of a WebSocket: ${frame.join(', ') || 'nothing'}`, close && `in its close: ${close.join(', ') || 'nothing'}`]
  return lines.flatMap((line) => (line === undefined ? [] : [`Lost ${line}\n`])).join('')
}

function noWebSocket({ name }: Contract): string {
  return `"${name}" has no form for WebSockets; write envelope: { webSocket: {} }`
}

const entryColumns: readonly Column<Entry>[] = [
  { title: 'ENTRY', value: ({ id }) => id },
  { title: 'STATUS', value: ({ status, sentAs }) => (sentAs === status ? status : `${status} as ${sentAs}`) },
  { title: 'CODE', value: ({ code }) => code },
  { title: 'REASON', value: ({ reason, when = {} }) => [reason, ...Object.entries(when).map(([fact, value]) => `${fact}=${[value].flat().join('|')}`)].join(' ') },
  { title: 'RETRY', value: ({ retry }) => retry },
  { title: 'MESSAGE', value: ({ message }) => sentencesIn(message)[0] },
]

/** An entry is named as a service would; a reason leaves the choice to the contract, as the gateway does. */
function refusalOf(contract: Contract, what: string, facts: Facts): Refusal {
  const entry = contract.entries.get(what)
  if (entry !== undefined) return refuse(entry.reason, facts, { entry: entry.id })
  const reason = serverReasons.find((known) => known === what)
  if (reason === undefined) {
    const known = [...contract.entries.keys(), ...serverReasons]
    const meant = nearestName(what, known) ?? nearestReason(what)
    throw new CliFailure(2, `"${what}" is neither an entry of "${contract.name}" nor a reason${meant === undefined ? suggestion(what, known) : `; did you mean "${meant}"?`}`)
  }
  return refuse(reason, facts)
}

/** `limit=60`, `field=grams`, `resetAtMs=2036-12-01`: a value is JSON where it can be, an instant where the name says so, otherwise the text itself. */
function toFact(text: string): readonly [string, FactValue] {
  const [, name, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new CliFailure(2, `"${text}" is no fact; write name=value`)
  const parsed = parseBoundedJson(value)
  if (parsed !== undefined) return [name, parsed as FactValue]
  const atMs = name.endsWith('Ms') ? Date.parse(value) : Number.NaN
  return [name, Number.isNaN(atMs) ? value : atMs]
}

/** The id is always the same, so that two answers differ only where they do. */
function contextOf(contract: Contract, { limit, remaining, resetAtMs }: Facts) {
  const requestId = contract.mintRequestId(Uint8Array.from({ length: 16 }, (_, at) => at))
  const isLimited = typeof limit === 'number' && typeof remaining === 'number' && typeof resetAtMs === 'number'
  return compact({ requestId, nowMs: Date.now(), limits: isLimited ? [{ name: 'default', limit, remaining, resetAtMs }] : undefined })
}

/** A body that is no JSON says nothing again. */
function lookupIn(body: string | undefined): AnswerContext['request'] {
  const value = body === undefined ? undefined : parseBoundedJson(body)
  return (path) => valueAt(value, path.split('.'))
}

function formatAnswer({ status, headers, body }: Answer): string {
  const lines = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1] ?? ''}`] : []))
  return `${[`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(), ...lines].join('\n')}\n\n${body}\n`
}

function formatRead({ entry, code, status, reason, retry, action, message, details, requestId, retryAfterSeconds, issues, errors, succeeded, ...rest }: ReadError, { form, chosenBy, alike, empty, undeclared }: Omit<ReadingExplanation, 'error'>): string {
  const listed = (words: readonly string[]): string | undefined => (words.length === 0 ? undefined : words.join(', '))
  const members = {
    entry: entry ?? 'none has this code',
    code,
    status,
    reason,
    retry,
    'retry after': retryAfterSeconds === undefined ? undefined : `${retryAfterSeconds} s`,
    action,
    message,
    details: Object.keys(details).length === 0 ? undefined : details,
    issues,
    errors: errors?.map((error) => `${error.index}: ${error.entry ?? error.code ?? error.status}`).join(', '),
    succeeded: succeeded === undefined ? undefined : `${succeeded} of ${succeeded + (errors?.length ?? 1)}`,
    'request id': requestId,
    ...rest,
    form,
    'chosen by': listed(chosenBy),
    'fits too': listed(alike),
    'no value at': listed(empty),
    undeclared: listed(undeclared),
  }
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(11)}  ${printable(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll('\n', ' ')}\n`)
    .join('')
}
