/** Where there is neither Valkey nor Redis, what needs one says so and is skipped; with `CI` set that is a failure. */
import { valkeyPrograms } from '../../examples/servers/src/valkey.ts'

export * from '../../examples/servers/src/valkey.ts'

/** False where such a server is missing and nobody insists. With `CI` set it is missed, as `startValkey` says. */
export const mayUseValkey = valkeyPrograms.length > 0 || process.env['CI'] !== undefined
if (!mayUseValkey) process.stderr.write('Tests over Valkey or Redis are skipped: there is neither valkey-server nor redis-server on PATH\n')
