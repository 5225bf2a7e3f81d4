/** A contract as a page for people: one section an entry, under a heading that a link can name. */
import { sentencesIn, type Contract, type Entry } from 'tollgate/contract'
import { closeCodeOf } from '../../packages/tollgate/src/contract/declare/close-code.ts'

export function formatContractTable(contract: Contract): string {
  const { title, docs, alwaysStatus, requestId, envelope } = contract.declaration
  const sections = [...contract.entries.values()].flatMap((entry) => sectionOf(entry, alwaysStatus, envelope.webSocket && closeCodeOf(entry, envelope.webSocket)))
  return [
    `# ${title}`,
    '',
    '<!-- Generated from the contract by `npx vitest run test/reference-pages -u`. -->',
    '',
    ...(docs === undefined ? [] : [`The API's own page: <${docs}>`, '']),
    '```json',
    JSON.stringify(envelope.error, null, 2),
    '```',
    '',
    `Request ids: ${requestId?.prefix === undefined ? '' : `\`${requestId.prefix}\` and `}${requestId?.format ?? '`req_` and base62'} in \`${contract.requestIdHeader}\`.${envelope.contentType === undefined ? '' : ` Sent as \`${envelope.contentType}\`.`}${alwaysStatus === undefined ? '' : ` Always sent with status ${alwaysStatus}.`}`,
    '',
    ...(envelope.webSocket === undefined ? [] : ['Once a WebSocket is open, `frame` is the message, and `close` ends it:', '', '```json', JSON.stringify(envelope.webSocket, null, 2), '```', '']),
    ...sections,
  ].join('\n')
}

const retryWords: { readonly [rule in Entry['retry']]: string } = {
  never: 'A client does not repeat it by itself',
  wait: 'A client waits for `Retry-After`, then repeats',
  backoff: 'A client repeats with growing pauses',
  refresh: 'A client gets new credentials, then repeats once',
}

function sectionOf(entry: Entry, alwaysStatus: number | undefined, closeCode: number | undefined): readonly string[] {
  const { id, code, status, sentAs, reason, when = {}, message, details = {}, attributes = {}, retry, action, retryAfterSeconds, description, remedy } = entry
  const conditions = Object.entries(when).map(([fact, value]) => `${fact} is ${[value].flat().map((one) => `\`${String(one)}\``).join(' or ')}`)
  const constants = Object.entries(attributes).map(([name, value]) => `- \`${name}\`: always \`${String(value)}\``)
  const figures = Object.entries(details).flatMap(([name, declaration]) => (Object.hasOwn(attributes, name) ? [] : [`- \`${name}\`: ${wordsOf(declaration)}`]))
  const wait = retryAfterSeconds === undefined ? '' : `; \`Retry-After\` is ${retryAfterSeconds} s where no exact wait is known`
  return [
    `### ${id}`,
    '',
    `**${code === '' ? 'No code' : `\`${code}\``}, HTTP ${status}${sentAs === (alwaysStatus ?? status) ? '' : `, sent as ${sentAs}`}** (${reason}${conditions.length === 0 ? '' : `, where ${conditions.join(' and ')}`})`,
    '',
    ...sentencesIn(message).map((sentence) => `> ${sentence}\n`),
    description,
    ...(remedy === undefined ? [] : ['', `*What to do:* ${remedy}`]),
    '',
    `*Repeating:* ${retryWords[retry]}${wait}. For people: ${action.replaceAll('_', ' ')}.${closeCode === undefined ? '' : ` A WebSocket is closed with ${closeCode}.`}`,
    '',
    ...(constants.length + figures.length === 0 ? [] : [...constants, ...figures, '']),
  ]
}

/** `timestamp? from resetAtMs` is "timestamp, absent when unknown". */
function wordsOf(declaration: string): string {
  const [, type = '', suffix] = /^(\w+)(\?|\|null)?/.exec(declaration) ?? []
  return type + (suffix === '?' ? ', absent when unknown' : suffix === '|null' ? ', null when unknown' : '')
}
