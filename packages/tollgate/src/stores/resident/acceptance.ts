/** Whether a store over a disk takes commands now. Whatever can fail does so here, before anything takes effect. */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Command } from '../store.ts'
import { beginsWhatLasts, needsDisk } from './durability.ts'
import type { GroupCommit, Member } from './group-commit.ts'
import type { ResidentState } from './resident-state.ts'

/** That the file is not where its next owner will look for it, and for how long. */
export interface Displaced {
  readonly message: string
  readonly forMs: number
}

export interface AcceptanceOptions {
  readonly state: ResidentState
  readonly group: Pick<GroupCommit<Member>, 'assertWorking' | 'stuckForMs' | 'commit' | 'failing'>
  readonly displaced: () => Displaced | undefined
  readonly recordsMax: number
}

/** How long counts may stand in memory alone while no commit works. After that nobody is admitted: a crash would forget all of them. */
const UNWRITTEN_MS_MAX = 1_000
/** For so long all goes on in a file that lost its name, in case it is moved back. */
const DISPLACED_MS_MAX = 5_000

/** Returns what throws a StoreUnavailableError for commands that cannot be taken. */
export function createAcceptance({ state, group, displaced, recordsMax }: AcceptanceOptions): (commands: readonly Command[]) => void {
  return (commands) => {
    if (commands.some((command) => needsDisk(command, state))) group.assertWorking()
    const away = displaced()
    if (away !== undefined && away.forMs >= DISPLACED_MS_MAX && commands.some((command) => beginsWhatLasts(command, state))) {
      throw new StoreUnavailableError(away.message)
    }
    if (group.stuckForMs() > UNWRITTEN_MS_MAX && commands.some(({ kind }) => kind === 'admit')) {
      throw new StoreUnavailableError('the store cannot write what is counted')
    }
    if (state.waiting() < recordsMax) return
    group.commit()
    // What is being written now still counts: as many again may come meanwhile.
    if (group.failing || state.waiting() >= 2 * recordsMax) throw new StoreUnavailableError('the store cannot write, and holds as many unwritten counters as it may')
  }
}
