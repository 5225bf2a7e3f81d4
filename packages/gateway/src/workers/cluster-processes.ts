/** The processes themselves, by node:cluster: workers share the sockets on which the supervisor listens for them. */
import cluster, { type Worker } from 'node:cluster'
import type { SupervisorPort } from './fellows.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import type { WorkerProcess } from './supervisor.ts'

/** Which of them it is, told to a worker by its environment. */
const PLACE = 'TOLLGATE_WORKER'

/** Runs this program once more, with the same arguments. */
export function forkWorker(place: number): WorkerProcess {
  const worker: Worker = cluster.fork({ [PLACE]: String(place) })
  return {
    pid: worker.process.pid,
    // A channel that has just closed is no failure: its end is told besides.
    send: (message: ToWorker) => void (worker.isConnected() && worker.send(message, () => undefined)),
    onMessage: (hear) => void worker.on('message', (message: FromWorker) => hear(message)),
    onExit: (ended) => void worker.on('exit', ended),
  }
}

/** Undefined where this process is no worker. */
export function supervisorPort(): SupervisorPort | undefined {
  const { worker } = cluster
  if (worker === undefined || !cluster.isWorker) return undefined
  return {
    pid: process.ppid,
    worker: Number(process.env[PLACE] ?? 0),
    send: (message: FromWorker) => void (process.connected && process.send?.(message, undefined, undefined, () => undefined)),
    onMessage: (hear) => void process.on('message', (message: ToWorker) => hear(message)),
    onGone: (run) => void process.on('disconnect', run),
  }
}
