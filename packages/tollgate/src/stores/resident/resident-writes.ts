/** What goes to the disk with each commit: all that memory has and the disk has not, and the housekeeping of the file. */
import type { Clock } from '../../engine/clock.ts'
import type { DocumentCommand } from '../../directory/documents.ts'
import type { Disk, DiskOutcome, DocumentResult } from './disk.ts'
import type { PendingRequests } from './pending-requests.ts'
import type { ResidentState } from './resident-state.ts'
import type { PassingTime } from './passing-time.ts'

/** Who waits for a commit, and which documents are to be decided in it. */
export interface Writer {
  readonly documents: readonly DocumentCommand[]
  take(results: readonly DocumentResult[]): void
}

export interface ResidentWrites {
  /** One transaction. */
  write(writers: readonly Writer[], told: (outcome: DiskOutcome<unknown>) => void): void
  /** So many more subjects are looked at when expired ones are next looked for. */
  sweepAlso(subjects: number): void
  /** Nothing is begun any more that nobody asked for. */
  stop(): void
}

export interface ResidentWritesOptions {
  readonly disk: Disk
  readonly state: ResidentState
  readonly pending: PendingRequests
  readonly time: PassingTime
  readonly clock: Clock
  readonly alert: (message: string) => void
  /** After each commit that worked. */
  readonly written: () => void
}

/** So long after a commit at the latest it lies in the database itself and not in the log alone, so that a quiet gateway's log is short. */
const CHECKPOINT_AFTER_MS = 30_000
/** Expired subjects are looked for at most this often. */
const SWEEP_EVERY_MS = 1_000
/** Among so many at a time, and so many more for each one written since. Otherwise strangers would come in faster than they go out. */
const SWEEP_SUBJECTS = 500
const SWEEP_PER_WRITE = 2
/** But no more than delays a commit by a few milliseconds. */
const SWEEP_SUBJECTS_MAX = 20_000

export function createResidentWrites({ disk, state, pending, time, clock, alert, written }: ResidentWritesOptions): ResidentWrites {
  let writtenHighWaterMs = time.highWaterMs()
  let sweptAtMs = writtenHighWaterMs
  /** Subjects to look at in the next round. */
  let sweepDue = SWEEP_SUBJECTS
  let cancelCheckpoint: (() => void) | undefined
  let isStopped = false

  /** What fails here is said by the commits, which need the same disk; and the log keeps all. */
  function checkpoint(): void {
    cancelCheckpoint = undefined
    disk.ask({ kind: 'checkpoint' }, (outcome) => {
      if (outcome.kind === 'failed') checkpointLater()
    })
  }

  function checkpointLater(): void {
    if (!isStopped) cancelCheckpoint ??= clock.after(CHECKPOINT_AFTER_MS, checkpoint)
  }

  return {
    write(writers, told) {
      const atMs = time.highWaterMs()
      const sweeps = atMs - sweptAtMs >= SWEEP_EVERY_MS
      sweepDue = Math.min(SWEEP_SUBJECTS_MAX, sweepDue + SWEEP_PER_WRITE * state.waiting())
      const rows = state.write(atMs)
      const requests = pending.write()
      const sweep = sweeps ? { subjects: sweepDue, nowMs: atMs } : undefined
      const documents = writers.flatMap((writer) => writer.documents)
      disk.write({ ...rows.rows, requests: requests.rows, documents, highWaterMs: atMs > writtenHighWaterMs ? atMs : undefined, sweep }, (outcome) => {
        if (outcome.kind === 'failed') pending.trim()
        else {
          checkpointLater()
          rows.written()
          requests.written()
          writtenHighWaterMs = atMs
          if (sweeps) {
            sweptAtMs = atMs
            sweepDue = SWEEP_SUBJECTS
          }
          let at = 0
          for (const writer of writers) writer.take(outcome.value.slice(at, (at += writer.documents.length)))
          written()
        }
        const dropped = pending.takeDropped()
        if (dropped > 0) alert(`${dropped} rows of the request log were dropped: the store cannot write them`)
        told(outcome)
      })
    },
    sweepAlso: (subjects) => void (sweepDue += subjects),
    stop() {
      isStopped = true
      cancelCheckpoint?.()
    },
  }
}
