/** Every dialect of the catalog on one page: what it covers, where a wait is told, what a stream says, and what its codes mean. */
import type { Contract, Entry } from 'tollgate/contract'
import { recognisedBy } from '../../packages/tollgate/src/contract/read/recognition.ts'
import { headerSets } from '../../packages/tollgate/src/contract/values/rate-limit-headers.ts'
import { toldWaits } from './told-waits.ts'

export function formatDialectsPage(contracts: readonly Contract[]): string {
  return [
    '# Dialects',
    '',
    '<!-- Generated from the catalog by `npx vitest run test/reference-pages -u`. -->',
    '',
    'How known APIs refuse, as data: a file each in `packages/tollgate/src/catalog`. `tollgate/dialects` has the half that reads, small enough for a browser; `tollgate/catalog` the whole',
    'contracts, which a gateway may speak and a mock may play. Rate, quota, concurrency and money are told apart in each, whatever status they share. Facts are from the',
    "providers' own pages, specifications and SDKs, or from answers that were captured in public; where one was uncertain it was left out.",
    '',
    '```ts',
    "import { anthropic } from 'tollgate/dialects'",
    '',
    `const body = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'`,
    "anthropic.read({ status: 529, headers: {}, body })?.retry // => 'backoff'",
    '```',
    '',
    '| Dialect | Covers | A wait is told in | In a stream |',
    '|---|---|---|---|',
    ...contracts.map((contract) => `| [\`${contract.name}\`](#${contract.name}) | ${contract.declaration.title} | ${cell(waitsOf(contract))} | ${cell(streamOf(contract))} |`),
    '',
    'A wait may stand in `Retry-After` in each of them, and is read there first. A stream of a dialect whose streams have an end, and that ends without it, was cut off.',
    '',
    ...contracts.flatMap(sectionOf),
  ].join('\n')
}

function cell(parts: readonly string[]): string {
  return parts.join('; ').replaceAll('|', '\\|')
}

function waitsOf({ name, declaration, entries }: Contract): readonly string[] {
  const details = [...entries.values()].flatMap((entry) => Object.entries(entry.details ?? {}))
  const told = details.flatMap(([detail, text]) => (text.endsWith('from retryAfterMs') || text.endsWith('from resetAtMs') ? [`\`${detail}\``] : []))
  const resets = headerSets(declaration.rateLimitHeaders).flatMap(({ reset, resetUnit = 'seconds' }) => (reset === undefined ? [] : [`\`${reset}\` (${resetUnit})`]))
  return [
    ...new Set(told),
    ...(declaration.waitInMessage === true ? ['the message, in words'] : []),
    ...resets.slice(0, 1),
    ...(declaration.rateLimitHeaders === 'draft-11' ? ['`RateLimit`'] : []),
    ...(Object.hasOwn(toldWaits, name) ? (toldWaits[name] ?? []).map(({ where }) => where) : []),
  ]
}

function streamOf({ declaration: { envelope } }: Contract): readonly string[] {
  const { stream, webSocket } = envelope
  const socket = webSocket === undefined ? [] : ['a frame of a WebSocket, and its close']
  if (stream === undefined) return socket
  const ends = [stream.end ?? []].flat().map(({ data, event }) => `\`${data ?? event ?? ''}\``)
  const form = stream.data === undefined ? 'the same object' : `\`${JSON.stringify(stream.data)}\``
  return [`${stream.event === undefined ? '' : `\`event: ${stream.event}\`, `}${form}`, ...(ends.length === 0 ? [] : [`ends with ${ends.join(' or ')}`]), ...socket]
}

function sectionOf(contract: Contract): readonly string[] {
  const { name, declaration, entries } = contract
  const { title, docs, decodeOnly, idempotencyKey, rateLimitHeaders } = declaration
  const limits = rateLimitHeaders === 'draft-11' ? ['`RateLimit`, `RateLimit-Policy`'] : headerSets(rateLimitHeaders).map(({ of, limit, remaining, used, reset, resetUnit = 'seconds' }) => {
    const names = [limit, remaining, used, reset].flatMap((header) => (header === undefined ? [] : [`\`${header}\``])).join(', ')
    return `${of === undefined ? '' : `${of}: `}${names}${reset === undefined ? '' : ` (${resetUnit})`}`
  })
  return [
    `## ${name}`,
    '',
    `${title}.${docs === undefined ? '' : ` Its own page: <${docs}>.`} Request ids: \`${contract.requestIdHeader}\`.${idempotencyKey === undefined ? '' : ` Takes a key in \`${idempotencyKey}\`.`}`,
    ...(limits.length === 0 ? [] : [`Limits: ${limits.join('; ')}.`]),
    ...(decodeOnly === true ? [] : [`Written, too: [contracts/${name}.md](contracts/${name}.md).`]),
    '',
    '| Code | Status | Reason | Repeat | |',
    '|---|---|---|---|---|',
    ...[...entries.values()].map((entry) => `| ${codesOf(entry)} | ${statusesOf(entry)} | ${entry.reason} | ${entry.retry} | ${cell([entry.description])} |`),
    '',
  ]
}

/** Its own, and those that are read as it; the constants beside it, and a sentence, where that is what tells it. */
function codesOf(entry: Entry): string {
  const { code, message } = recognisedBy(entry)
  const codes = [...(entry.code === '' ? [] : [entry.code]), ...code].map((each) => `\`${each}\``)
  const constants = Object.entries(entry.attributes ?? {}).flatMap(([name, value]) => (name === 'title' || value === null ? [] : [`${name} \`${String(value)}\``]))
  return cell([[...codes, ...constants, ...message.map((sentence) => `"${sentence}"`)].join(', ')])
}

function statusesOf(entry: Entry): string {
  return [...new Set([entry.status, entry.sentAs, ...recognisedBy(entry).status])].join(', ')
}
