/** A contract as a table for people: one row an entry, under the codes as they stand on the wire. */
import type { Contract, Entry } from 'tollgate/contract'

const columns = ['Code', 'HTTP', 'Reason', 'Message', 'Details', 'Retry', 'Action', 'When', 'What to do'] as const

export function formatContractTable(contract: Contract): string {
  const { title, docs, alwaysStatus, requestId, envelope } = contract.declaration
  const rows = [...contract.entries.values()].map((entry) => rowOf(entry))
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
    `Request ids: \`${requestId?.prefix ?? ''}…\` (${requestId?.format ?? 'base62'}) in \`${contract.requestIdHeader}\`.${alwaysStatus === undefined ? '' : ` Always sent with status ${alwaysStatus}.`}`,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n')
}

function rowOf({ code, status, reason, message, details = {}, retry, action, retryAfterSeconds, description, remedy = '' }: Entry): readonly string[] {
  const wait = retryAfterSeconds === undefined ? '' : ` (${retryAfterSeconds} s by default)`
  const names = Object.keys(details).map((name) => `\`${name}\``)
  return [code === '' ? '–' : `\`${code}\``, String(status), reason, [message].flat().join('<br>'), names.join(', '), retry + wait, action, description, remedy]
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}
