/** Shows what meters say, and takes nothing. */
import type { Refusal } from '../../contract/declare/refusal.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import { refusedByStore } from './store-failure.ts'
import { takesOf } from './takes.ts'
import type { Step, StepTools } from './step.ts'

export const read: Step<'read'> = {
  key: 'read',
  plan({ meters }, api, fail) {
    for (const name of meters) if (!Object.hasOwn(api.meters, name)) fail(`there is no meter "${name}"`)
    return {}
  },
  prepare: ({ meters }) => (current, tools) => look(current, meters, tools),
}

async function look({ api, call, log }: CallInProgress, meters: readonly string[], { store, alert }: StepTools): Promise<Refusal | undefined> {
  try {
    log.count(await store.peek(takesOf(api, meters, log.principal, call.remoteAddress), log.principal?.account.id), [])
    return undefined
  } catch (error) {
    return refusedByStore(error, alert, log.requestId)
  }
}
