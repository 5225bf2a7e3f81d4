import { toJsonText } from '../engine/assert-value.ts'
import { assertStateCommand } from '../engine/decide-command.ts'
import type { Command } from './store.ts'

/** Throws for what no store may take, before anything took effect. */
export function assertCommand(command: Command): void {
  switch (command.kind) {
    case 'put':
      toJsonText(command.value, `${command.collection} ${command.id}`)
      return
    case 'delete':
    case 'log':
      return
    default:
      assertStateCommand(command)
  }
}
