/** `tollgate requests list` and `tollgate request`: what happened to a request. */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import { addAdminCommand, addCommand, openSession } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import { printable, type Colours } from './colours.ts'
import { formatTable } from './table.ts'

type Paragraph = ReplyOf<'requests.show'>['explanation'][number]

interface ListOptions {
  readonly account?: string
  readonly api?: string
  readonly entry?: string
  readonly clientRequestId?: string
  readonly route?: string
  readonly reason?: string
  readonly status?: string
  readonly since?: string
  readonly before?: string
  readonly after?: string
  readonly max?: string
}

export function addRequestCommands(program: Command, io: CliIo): void {
  const requests = addCommand(program, 'requests', { description: 'the request log' })

  addAdminCommand(requests, 'list', {
    description: 'list requests, the newest first',
    examples: ['tollgate requests list --account acme --max 20', 'tollgate requests list --entry dailyQuota --before 2026-11-22T00:00:00Z', 'tollgate requests list --client-request-id order-17', 'tollgate requests list --status 5xx --since 1h --route "POST /v1/messages"'],
  })
    .option('--account <id>', 'only those of this account')
    .option('--api <api>', 'only those of this API')
    .option('--entry <entry>', 'only those that ended in this entry of the contract')
    .option('--client-request-id <id>', 'only those that the caller gave this id')
    .option('--route <route>', 'only those of this route: its name, else "POST /v1/messages"')
    .option('--reason <reason>', 'only those that were refused for this: rate.limited, or a family: rate.*')
    .option('--status <status>', 'only those with this status, or class: 5xx')
    .option('--since <when>', 'only later ones: an instant, or how long ago: 1h')
    .option('--before <when>', 'only earlier ones: than an instant, or so long ago: 1h')
    .option('--after <cursor>', 'go on after this page')
    .option('--max <rows>', 'at most so many')
    .action(async (options: ListOptions, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('requests.list', { query: { ...filtersOf(options), after: options.after, limit: options.max } })
      session.show(reply, (colours) => (reply.requests.length === 0 ? 'No request fits.\n' : requestTable(reply, colours)))
    })

  addAdminCommand(requests, 'top', {
    description: 'sum up the log: who makes the most requests, by account unless said otherwise, in the last 24 hours',
    examples: ['tollgate requests top', 'tollgate requests top --by address --since 1h', 'tollgate requests top --by route --status 5xx', 'tollgate requests top --by key --account acme --reason "rate.*"'],
  })
    .option('--by <what>', 'account, key, user, address, api, route, entry, reason, status or plan')
    .option('--account <id>', 'only those of this account')
    .option('--api <api>', 'only those of this API')
    .option('--entry <entry>', 'only those that ended in this entry of the contract')
    .option('--route <route>', 'only those of this route')
    .option('--reason <reason>', 'only those that were refused for this: rate.limited, or a family: rate.*')
    .option('--status <status>', 'only those with this status, or class: 5xx')
    .option('--since <when>', 'since an instant, or so long ago (default: 24h)')
    .option('--before <when>', 'only earlier ones: than an instant, or so long ago: 1h')
    .option('--max <rows>', 'at most so many')
    .action(async ({ by, ...options }: ListOptions & { readonly by?: string }, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('requests.top', { query: { ...filtersOf(options), by, limit: options.max } })
      session.show(reply, (colours) => (reply.requests === 0 ? 'No request fits.\n' : topTable(reply, colours)))
    })

  addAdminCommand(program, 'request <id>', {
    description: 'explain one request: who, what was decided and why, what to do',
    examples: ['tollgate request 3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77'],
  }).action(async (id: string, _, command: Command) => {
    const session = openSession(command, io)
    const reply = await session.call('requests.show', { params: { id } })
    session.show(reply, (colours) => reply.explanation.map((paragraph) => paragraphText(paragraph, colours)).join('\n'))
  })
}

function filtersOf({ account, api, entry, clientRequestId, route, reason, status, since, before }: ListOptions) {
  return { account, api, entry, clientRequestId, route, reason, status, since, before }
}

function topTable({ by, requests, since, isPart, groups, top }: ReplyOf<'requests.top'>, colours: Colours): string {
  const table = formatTable<ReplyOf<'requests.top'>['top'][number]>(
    [
      { title: by.toUpperCase(), value: ({ of }) => of ?? '(none)' },
      { title: 'REQUESTS', value: (sum) => sum.requests, right: true },
      { title: 'REFUSED', value: ({ refused }) => refused, right: true },
      { title: 'FAILED', value: ({ failed }) => failed, right: true },
      { title: 'MEAN MS', value: ({ meanMs }) => meanMs, right: true },
      { title: 'BYTES OUT', value: ({ bytesOut }) => bytesOut, right: true },
    ],
    top,
    colours,
  )
  const part = isPart ? '; there are older ones, which are not summed up: say --before or another --since' : ''
  return `${table}${colours.dim(`${requests} requests since ${since ?? '?'}, ${top.length} of ${groups} shown${part}`)}\n`
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

function requestTable({ requests, next }: ReplyOf<'requests.list'>, colours: Colours): string {
  const table = formatTable<ReplyOf<'requests.list'>['requests'][number]>(
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
  return next === undefined ? table : `${table}${colours.dim(`There are more: --after ${printable(next)}`)}\n`
}
