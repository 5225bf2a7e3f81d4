/** `tollgate admin …`: the operator's API itself, without a gateway. */
import type { Command } from 'commander'
import { programVersion } from '../platform/version.ts'
import { addCommand } from './admin-command.ts'
import type { CliIo } from './cli-io.ts'

export function addAdminApiCommands(program: Command, io: CliIo): void {
  const admin = addCommand(program, 'admin', { description: 'the API that these commands are clients of' })

  addCommand(admin, 'openapi', { description: 'print the OpenAPI 3.1 document of the admin API; a gateway serves its own at /openapi.json', examples: ['tollgate admin openapi > openapi.json'] }).action(async () => {
    // Loaded here: most of what the operations are made of, no other command without a gateway needs.
    const [{ openApiOf }, { operations }] = await Promise.all([import('../operator/open-api.ts'), import('../operator/operations.ts')])
    io.stdout(`${JSON.stringify(openApiOf(operations, programVersion()), null, 2)}\n`)
  })
}
