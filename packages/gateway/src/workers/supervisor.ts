/**
 * Several processes that take calls at the same addresses, and one that looks after them. What is said to one (a signal, an operator's reload or stop) reaches all;
 * one that dies is replaced. The supervisor itself takes no calls and opens no store, so that there is little in it that could die.
 */
import type { Clock } from 'tollgate/engine'
import type { Log } from '../platform/log.ts'
import type { FromWorker, Question, StartedWorker, ToWorker } from './messages.ts'
import { afterDeath, noDeaths, type Deaths } from './respawn-delay.ts'

export interface WorkerProcess {
  readonly pid: number | undefined
  /** To one that has ended, nothing. */
  send(message: ToWorker): void
  onMessage(hear: (message: FromWorker) => void): void
  onExit(ended: (code: number | null, signal: string | null) => void): void
}

export interface SupervisorSetup {
  readonly count: number
  /** Which of the workers it will be, from 1. */
  readonly fork: (place: number) => WorkerProcess
  readonly clock: Clock
  readonly log: Log
  /** 0 to 1. */
  readonly chance: () => number
}

export interface Supervisor {
  /** When all of them take calls. Rejects with a `WorkerStartFault`, when all have ended again, where one cannot. */
  readonly started: Promise<StartedWorker>
  /** Resolves when all have answered, or have not in time. */
  reload(): Promise<void>
  /** Resolves when all have ended; rejects where one has not in order. */
  close(): Promise<void>
  readonly stopAsked: Promise<void>
}

/** Why a worker could not start. */
export class WorkerStartFault extends Error {
  override readonly name = 'WorkerStartFault'
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Who has not answered by then is gone, or will not. */
const ANSWER_WITHIN_MS = 10_000

interface Member {
  readonly process: WorkerProcess
  readonly place: number
  readonly bornMs: number
  hasStarted: boolean
  fault: WorkerStartFault | undefined
}

interface Round {
  readonly left: Set<Member>
  readonly values: unknown[]
  done(): void
}

export function createSupervisor({ count, fork, clock, log, chance }: SupervisorSetup): Supervisor {
  const members = new Set<Member>()
  const rounds = new Map<number, Round>()
  const deathsAt = new Map<number, Deaths>()
  const respawns = new Set<() => void>()
  let asked = 0
  let isClosing = false
  let isUp = false
  let disorder: string | undefined
  let noteUp: (worker: StartedWorker) => void = () => undefined
  let noteFault: (fault: WorkerStartFault) => void = () => undefined
  let noteStop = (): void => undefined
  let noteEnd = (): void => undefined
  const started = new Promise<StartedWorker>((resolve, reject) => void ([noteUp, noteFault] = [resolve, reject]))
  const stopAsked = new Promise<void>((resolve) => void (noteStop = resolve))
  const ended = new Promise<void>((resolve) => void (noteEnd = resolve))

  function spawn(place: number): void {
    const member: Member = { process: fork(place), place, bornMs: clock.monotonicMs(), hasStarted: false, fault: undefined }
    members.add(member)
    member.process.onMessage((message) => hear(member, message))
    member.process.onExit((code, signal) => leave(member, code, signal))
  }

  function hear(member: Member, message: FromWorker): void {
    switch (message.kind) {
      case 'started':
        member.hasStarted = true
        if (!isUp && members.size === count && [...members].every(({ hasStarted }) => hasStarted)) {
          isUp = true
          noteUp(message.started)
        } else if (isUp) log.info('a worker takes calls', { worker: member.place, pid: member.process.pid })
        return
      case 'failed':
        member.fault = new WorkerStartFault(message.message, message.exitCode)
        return
      case 'ask':
        return void ask(message.question, member).then((values) => member.process.send({ kind: 'answers', id: message.id, values }))
      case 'answer':
        return answered(rounds.get(message.id), member, message.value)
      case 'stop-all':
        return noteStop()
    }
  }

  /** All that have started, but for who asks. */
  function ask(question: Question, asker?: Member): Promise<readonly unknown[]> {
    const left = new Set([...members].filter((member) => member !== asker && member.hasStarted))
    if (left.size === 0) return Promise.resolve([])
    const id = (asked += 1)
    return new Promise((resolve) => {
      const values: unknown[] = []
      const cancel = clock.after(ANSWER_WITHIN_MS, () => round.done())
      const round: Round = {
        left,
        values,
        done() {
          cancel()
          rounds.delete(id)
          resolve(values)
        },
      }
      rounds.set(id, round)
      for (const { process } of left) process.send({ kind: 'question', id, question })
    })
  }

  function answered(round: Round | undefined, member: Member, value: unknown): void {
    if (round?.left.delete(member) !== true) return
    round.values.push(value)
    if (round.left.size === 0) round.done()
  }

  function leave(member: Member, code: number | null, signal: string | null): void {
    members.delete(member)
    for (const round of rounds.values()) if (round.left.delete(member) && round.left.size === 0) round.done()
    const how = signal ?? `exit ${code}`
    if (isClosing) {
      if (code !== 0) disorder ??= `a worker ended with ${how}`
    } else if (!isUp) {
      // What stands in the way of one stands in the way of all.
      noteFault(member.fault ?? new WorkerStartFault(`a worker ended with ${how} before it took calls`, 1))
      // How the others end is beside the point.
      void close().catch(() => undefined)
    } else {
      const livedMs = clock.monotonicMs() - member.bornMs
      const { deaths, delayMs } = afterDeath(deathsAt.get(member.place) ?? noDeaths, livedMs, chance())
      deathsAt.set(member.place, deaths)
      log.error('a worker has ended, and is replaced', { worker: member.place, pid: member.process.pid, how, because: member.fault?.message, afterMs: delayMs })
      const cancel = clock.after(delayMs, () => {
        respawns.delete(cancel)
        spawn(member.place)
      })
      respawns.add(cancel)
    }
    if (isClosing && members.size === 0) noteEnd()
  }

  async function close(): Promise<void> {
    if (!isClosing) {
      isClosing = true
      for (const cancel of respawns) cancel()
      for (const { process } of members) process.send({ kind: 'stop' })
      if (members.size === 0) noteEnd()
    }
    await ended
    if (disorder !== undefined) throw new Error(disorder)
  }

  // Who closes it hears of it.
  started.catch(() => undefined)
  for (let place = 1; place <= count; place += 1) spawn(place)
  return {
    started: started.catch(async (fault: unknown) => {
      await close().catch(() => undefined)
      throw fault
    }),
    reload: async () => void (await ask('reload')),
    close,
    stopAsked,
  }
}
