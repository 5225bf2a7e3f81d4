/** Calls of a script: by its hash, since the server has it; where it has forgotten it, which it says before it does anything, with its text. */
import { isReply, type ValkeyClient } from './valkey-client.ts'

export type ScriptCall = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>

export function createScriptCall(client: ValkeyClient, script: string): ScriptCall {
  let hash: string | undefined
  let loading: Promise<string> | undefined

  function load(): Promise<string> {
    loading ??= client.command('SCRIPT', ['LOAD', script]).then(
      (said) => (hash = String(said)),
      (error: unknown) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }

  return async (keys, args) => {
    const rest = [keys.length, ...keys, ...args]
    const known = hash ?? (await load())
    try {
      return await client.command('EVALSHA', [known, ...rest])
    } catch (error) {
      if (!isReply(error) || !error.message.startsWith('NOSCRIPT')) throw error
      return client.command('EVAL', [script, ...rest])
    }
  }
}
