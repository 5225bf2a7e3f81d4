/** How a store over a disk is read: out of memory, or by a question to the disk. */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { RequestQuery } from '../../journal/journal.ts'
import type { RequestRow } from '../../journal/request-row.ts'
import { searchInSlices } from '../../journal/sliced-search.ts'
import type { Disk, DiskAnswers, DiskQuestion } from './disk.ts'
import { toUnavailable } from './disk-error.ts'
import type { DiskKey } from './disk-key.ts'
import { NotLoaded } from './fresh-rows.ts'
import type { GroupCommit, Member } from './group-commit.ts'
import type { PendingRequests } from './pending-requests.ts'
import type { ResidentState } from './resident-state.ts'
import type { WaitingLine } from './waiting-line.ts'

export interface ResidentReads {
  ask<Q extends DiskQuestion>(question: Q): Promise<DiskAnswers[Q['kind']]>
  /** Lists come from the disk, so what waits goes there first. Where it cannot, the list is of what is there. */
  askWritten<Q extends DiskQuestion>(question: Q): Promise<DiskAnswers[Q['kind']]>
  /** Out of memory, after what it needs is there. */
  look<T>(keys: readonly DiskKey[], read: () => T): Promise<T>
  requests(query: RequestQuery): Promise<readonly RequestRow[]>
  /** What is damaged, table by table. */
  damage(): Promise<readonly string[]>
  /** Resolves when all that waits now is on disk, or with why it is not. */
  flush(): Promise<StoreUnavailableError | undefined>
}

export interface ResidentReadsOptions {
  readonly disk: Disk
  readonly state: ResidentState
  readonly line: WaitingLine
  readonly group: Pick<GroupCommit<Member>, 'flush'>
  readonly pending: PendingRequests
  readonly schedule: (run: () => void) => void
  readonly assertOpen: () => void
}

export function createResidentReads({ disk, state, line, group, pending, schedule, assertOpen }: ResidentReadsOptions): ResidentReads {
  const nextTurn = (): Promise<void> => new Promise((resolve) => schedule(resolve))
  const flush = (): Promise<StoreUnavailableError | undefined> => new Promise((resolve) => group.flush(resolve))

  function ask<Q extends DiskQuestion>(question: Q): Promise<DiskAnswers[Q['kind']]> {
    return new Promise((resolve, reject) => {
      assertOpen()
      disk.ask(question, (outcome) => (outcome.kind === 'done' ? resolve(outcome.value) : reject(outcome.error)))
    })
  }

  const search = async (query: RequestQuery): Promise<readonly RequestRow[]> => pending.search(query, await ask({ kind: 'requests', query }))

  return {
    ask,
    async askWritten(question) {
      if (state.waiting() > 0) await flush()
      return ask(question)
    },
    look(keys, read) {
      return new Promise((resolve, reject) => {
        assertOpen()
        line.enter({
          keys,
          due: undefined,
          failed: reject,
          run() {
            try {
              resolve(read())
            } catch (error) {
              if (error instanceof NotLoaded) throw error
              reject(toUnavailable('the store cannot read', error))
            }
          },
        })
      })
    },
    requests: (query) => searchInSlices(query, search, nextTurn),
    async damage() {
      await flush()
      const faults: string[] = []
      for (let table: string | undefined; ; ) {
        const checked: DiskAnswers['damage'] = await ask({ kind: 'damage', table })
        faults.push(...checked.faults)
        table = checked.next
        if (table === undefined) return faults
        await nextTurn()
      }
    },
    flush,
  }
}
