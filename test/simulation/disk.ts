/** What outlives a simulated process: whoever comes next finds what was committed, and nothing else. */
import type { Disk } from 'tollgate/stores/sqlite'
import type { Life } from './life.ts'

export interface SimulatedDisk {
  /** For the next process. The one before is dead, or has closed it. */
  open(life: Life): Disk
  /** What the process that died has begun and not committed never was. */
  forget(): void
  close(): void
}
