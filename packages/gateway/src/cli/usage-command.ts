/** `tollgate usage`: what an account has used, holds and keeps alive. */
import type { Command } from 'commander'
import type { ReplyOf } from '../operator/operation-call.ts'
import type { ShownFields } from '../config/kinds/meter-settings.ts'
import { addAdminCommand, openSession } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'
import type { Colours } from './colours.ts'
import { formatTable } from './table.ts'

export function addUsageCommand(program: Command, io: CliIo): void {
  addAdminCommand(program, 'usage <account>', { description: 'what an account has used, what it can spend, what it keeps alive', examples: ['tollgate usage acme'] }).action(
    async (id: string, _, command: Command) => {
      const session = openSession(command, io)
      const reply = await session.call('usage.show', { params: { id } })
      // Loaded here: no other command needs what the kinds of a configuration are made of.
      const kinds = await import('../config/kinds/meter-kinds.ts')
      session.show(reply, (colours) => (reply.meters.length === 0 ? 'Nothing is counted for this account.\n' : usageTables(reply, colours, kinds)))
    },
  )
}

/** A table for kinds that have something in common: counts, money and living things have little. */
function usageTables({ meters }: ReplyOf<'usage.show'>, colours: Colours, { displayOf, meterKinds }: typeof import('../config/kinds/meter-kinds.ts')): string {
  const tables = new Set(Object.values(meterKinds).map(({ display }) => display.table))
  return [...tables].flatMap((table) => {
    const shown = meters.filter(({ kind }) => displayOf(kind).table === table)
    const columns = table.filter(({ field, ifAny }) => ifAny !== true || shown.some((reading: ShownFields) => reading[field] !== undefined))
    return shown.length === 0 ? [] : [formatTable(columns.map((column) => ({ ...column, value: (reading: ShownFields) => reading[column.field] })), shown, colours)]
  }).join('\n')
}
