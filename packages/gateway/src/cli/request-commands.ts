/** `tollgate requests list` and `tollgate request`: what happened to a request. */
import type { Command } from 'commander'
import type { showRequest } from '../admin/requests.ts'
import type { Paragraph } from '../admin/explain-request.ts'
import { addAdminCommand, addCommand, openSession, queryOf } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { formatTable } from './table.ts'

type ShownRequest = ReturnType<typeof showRequest>

interface ListOptions {
  readonly account?: string
  readonly api?: string
  readonly entry?: string
  readonly clientRequestId?: string
  readonly before?: string
  readonly max?: string
}

export function addRequestCommands(program: Command, io: CliIo): void {
  const requests = addCommand(program, 'requests', { description: 'the request log' })

  addAdminCommand(requests, 'list', {
    description: 'list requests, the newest first',
    examples: ['tollgate requests list --account acme --max 20', 'tollgate requests list --entry dailyQuota --before 2026-11-22T00:00:00Z', 'tollgate requests list --client-request-id order-17'],
  })
    .option('--account <id>', 'only those of this account')
    .option('--api <api>', 'only those of this API')
    .option('--entry <entry>', 'only those that ended in this entry of the contract')
    .option('--client-request-id <id>', 'only those that the caller gave this id')
    .option('--before <instant>', 'only earlier ones')
    .option('--max <rows>', 'at most so many')
    .action(async ({ max, ...filters }: ListOptions, command: Command) => {
      const session = openSession(command, io)
      const { account, api, entry, clientRequestId, before } = filters
      const reply = (await session.ask('GET', `/v1/requests${queryOf({ account, api, entry, clientRequestId, before, limit: max })}`)) as { readonly requests: readonly ShownRequest[] }
      session.show(reply, (colours) => (reply.requests.length === 0 ? 'No request fits.\n' : requestTable(reply.requests, colours)))
    })

  addAdminCommand(program, 'request <id>', {
    description: 'explain one request: who, what was decided and why, what to do',
    examples: ['tollgate request 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77'],
  }).action(async (id: string, _, command: Command) => {
    const session = openSession(command, io)
    const reply = (await session.ask('GET', `/v1/requests/${encodeURIComponent(id)}`)) as { readonly explanation: readonly Paragraph[] }
    session.show(reply, (colours) => reply.explanation.map((paragraph) => paragraphText(paragraph, colours)).join('\n'))
  })
}

const headings: { readonly [about in Paragraph['about']]: string } = {
  who: 'Who and when',
  decision: 'What was decided',
  meters: 'What was counted',
  money: 'How its money moved',
  upstream: 'What the service did',
  answer: 'What the caller was told',
  advice: 'What they should do',
  timing: 'How long it took',
  operator: 'For the operator only',
}

function paragraphText({ about, sentences }: Paragraph, { bold }: Colours): string {
  return `${bold(headings[about])}\n${sentences.map((sentence) => `  ${printable(sentence)}\n`).join('')}`
}

function requestTable(requests: readonly ShownRequest[], colours: Colours): string {
  return formatTable<ShownRequest>(
    [
      { title: 'AT', value: ({ at }) => at.slice(0, 19).replace('T', ' ') },
      { title: 'REQUEST', value: ({ requestId }) => requestId },
      { title: 'ACCOUNT', value: ({ accountId }) => accountId },
      { title: 'STATUS', value: ({ status }) => status, right: true },
      { title: 'ENTRY', value: ({ refusal }) => refusal?.entry ?? '' },
      { title: 'MS', value: ({ durationMs }) => Math.round(durationMs), right: true },
      { title: 'ROUTE', value: ({ route, method, path }) => route ?? `${method} ${path}` },
    ],
    requests,
    colours,
  )
}
