import { assertTakes } from '../admission/stage.ts'
import type { Command } from '../admission/store.ts'
import { toJsonText } from './stored-json.ts'

/** Throws for what no store may take, before anything took effect. */
export function assertCommand(command: Command): void {
  if (command.kind === 'admit') assertTakes(command.takes, command.nowMs)
  else if (command.kind === 'uncount') assertTakes(command.receipts, command.nowMs)
  else if (command.kind === 'put') toJsonText(command.value, `${command.collection} ${command.id}`)
}
