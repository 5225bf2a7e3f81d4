/** `tollgate usage`: what an account has used, holds and keeps alive. */
import type { Command } from 'commander'
import type { ShownReading } from '../admin/usage.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import type { Colours } from './colours.ts'
import { formatTable } from './table.ts'

interface UsageReply {
  readonly meters: readonly ShownReading[]
}

export function addUsageCommand(program: Command, io: CliIo): void {
  addAdminCommand(program, 'usage <account>', { description: 'what an account has used, what it can spend, what it keeps alive', examples: ['tollgate usage acme'] }).action(
    async (id: string, _, command: Command) => {
      const session = openSession(command, io)
      const reply = (await session.ask('GET', `/v1/accounts/${encodeURIComponent(id)}/usage`)) as UsageReply
      session.show(reply, (colours) => (reply.meters.length === 0 ? 'Nothing is counted for this account.\n' : usageTables(reply, colours)))
    },
  )
}

/** A table for each kind: counts, money and living things have little in common. */
function usageTables({ meters }: UsageReply, colours: Colours): string {
  const counts = meters.flatMap((reading) => (reading.kind === 'window' || reading.kind === 'quota' ? [reading] : []))
  const balances = meters.flatMap((reading) => (reading.kind === 'balance' ? [reading] : []))
  const leases = meters.flatMap((reading) => (reading.kind === 'lease' ? [reading] : []))
  const tables = [
    counts.length > 0 &&
      formatTable(
        [
          { title: 'METER', value: ({ meter }) => meter },
          { title: 'OF', value: ({ subject }) => subject },
          { title: 'USED', value: ({ used }) => used, right: true },
          { title: 'LIMIT', value: ({ limit }) => limit, right: true },
          { title: 'LEFT', value: ({ remaining }) => remaining, right: true },
          { title: 'STARTS ANEW', value: ({ resetAt }) => resetAt },
        ],
        counts,
        colours,
      ),
    balances.length > 0 &&
      formatTable(
        [
          { title: 'BALANCE', value: ({ meter }) => meter },
          { title: 'OF', value: ({ subject }) => subject },
          { title: 'AVAILABLE', value: ({ available }) => available, right: true },
          { title: 'HELD', value: ({ held }) => held, right: true },
        ],
        balances,
        colours,
      ),
    leases.length > 0 &&
      formatTable(
        [
          { title: 'ALIVE', value: ({ meter }) => meter },
          { title: 'OF', value: ({ subject }) => subject },
          { title: 'NOW', value: ({ alive }) => alive, right: true },
          { title: 'AT MOST', value: ({ max }) => max, right: true },
        ],
        leases,
        colours,
      ),
  ]
  return tables.filter((table) => table !== false).join('\n')
}
