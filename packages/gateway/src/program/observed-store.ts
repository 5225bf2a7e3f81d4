import type { RequestRow } from 'tollgate/journal'
import type { Store } from 'tollgate/stores'

/** The same store, whose request log is heard as it is written: by the metrics and by the lines about requests, so that none of them can disagree. */
export function observeRequests(store: Store, heard: (row: RequestRow) => void): Store {
  const { overEngines } = store
  return {
    ...store,
    overEngines: overEngines && ((around) => observeRequests(overEngines(around), heard)),
    apply(commands) {
      for (const command of commands) if (command.kind === 'log') heard(command.row)
      return store.apply(commands)
    },
  }
}
