/** Shows what meters say, and takes nothing. */
import { refusedByStore } from './store-failure.ts'
import { takesOf } from './takes.ts'
import type { Step } from './step.ts'

export const read: Step<'read'> = {
  key: 'read',
  plan({ meters }, api, fail) {
    for (const name of meters) if (!Object.hasOwn(api.meters, name)) fail(`there is no meter "${name}"`)
    return {}
  },
  async run({ api, call, log }, { meters }, { store, alert }) {
    try {
      log.count(await store.peek(takesOf(api, meters, log.principal, call.remoteAddress)), [])
      return undefined
    } catch (error) {
      return refusedByStore(error, alert, log.requestId)
    }
  },
}
