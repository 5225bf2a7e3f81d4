/** What of a server's settings lets counts be lost, to be said when a gateway starts. */
import type { ValkeyClient } from './valkey-client.ts'
import { toStoreError } from './valkey-client.ts'

/** A server that evicts forgets counts as if they had never been: its limits then let more through. */
export async function memoryWarnings(client: ValkeyClient): Promise<readonly string[]> {
  const text = await client.command('INFO', ['memory']).catch((error: unknown) => Promise.reject(toStoreError(error)))
  const fields = new Map(String(text).split(/\r?\n/).map((line) => line.split(':', 2) as [string, string]))
  const policy = fields.get('maxmemory_policy')
  if (policy === undefined) return ['the counters\' server does not say its maxmemory-policy: where it is not noeviction, it forgets counts when its memory is full, and limits let more through']
  if (policy === 'noeviction') return []
  return [`maxmemory-policy of the counters' server is ${policy}: when its memory is full it forgets counts, and limits let more through. Set it to noeviction: then it refuses, and what is done about that is said by onStoreFailure`]
}
