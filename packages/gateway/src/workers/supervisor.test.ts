/** The supervisor over workers that a test plays: each is a link as a worker has it, at the other end of a pipe. */
import { createManualClock, type ManualClock } from 'tollgate/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { createWorkerLink, type SupervisorPort, type WorkerLink } from './fellows.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { createSupervisor, WorkerStartFault, type Supervisor, type WorkerProcess } from './supervisor.ts'

const here = { url: 'http://127.0.0.1:8080', callsUrl: undefined, adminUrl: 'http://127.0.0.1:9090', adminTokenFile: undefined }
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Played {
  readonly link: WorkerLink
  readonly place: number
  reloads: number
  end(code: number | null, signal?: string): void
}

let clock: ManualClock
let played: Played[]
let said: string[]

function play(): { readonly process: WorkerProcess; readonly worker: Played } {
  let toSupervisor: (message: FromWorker) => void = () => undefined
  let toWorker: (message: ToWorker) => void = () => undefined
  let ended: (code: number | null, signal: string | null) => void = () => undefined
  const port: SupervisorPort = { pid: 1, worker: played.length + 1, send: (message) => toSupervisor(message), onMessage: (hear) => void (toWorker = hear), onGone: () => undefined }
  const worker: Played = { link: createWorkerLink(port), place: played.length + 1, reloads: 0, end: (code, signal) => ended(code, signal ?? null) }
  worker.link.answer({
    reload: async () => void (worker.reloads += 1),
    metrics: async () => [`of ${worker.place}`],
    alerts: () => Promise.reject(new Error('a slip')),
  })
  // As the program does: told to end, it ends in order.
  void worker.link.stopAsked.then(() => worker.end(0))
  return { worker, process: { pid: 100 + worker.place, send: (message) => toWorker(message), onMessage: (hear) => void (toSupervisor = hear), onExit: (run) => void (ended = run) } }
}

function supervise(count: number): Supervisor {
  const note = (message: string, fields?: object): void => void said.push(`${message} ${JSON.stringify(fields)}`)
  return createSupervisor({
    count,
    clock,
    chance: () => 0.5,
    log: { info: note, warn: note, error: note },
    fork() {
      const { process, worker } = play()
      played.push(worker)
      return process
    },
  })
}

beforeEach(() => {
  clock = createManualClock(0)
  played = []
  said = []
})

describe('a supervisor', () => {
  it('has started when all workers have', async () => {
    const supervisor = supervise(3)
    let isUp = false
    void supervisor.started.then(() => (isUp = true))
    for (const { link } of played.slice(0, 2)) link.started(here)
    await settled()
    expect(isUp).toBe(false)
    played[2]?.link.started(here)
    expect(await supervisor.started).toEqual(here)
    await supervisor.close()
  })

  it('says why none of them can start, and that once', async () => {
    const supervisor = supervise(2)
    for (const worker of played) worker.link.failed(1, 'the password is wrong')
    for (const worker of played) worker.end(1)
    await expect(supervisor.started).rejects.toThrow('the password is wrong')
    // What nobody waits for would end the process with a stack in its error output.
    await settled()
  })

  it('says why one cannot start, and ends the others', async () => {
    const supervisor = supervise(2)
    played[0]?.link.started(here)
    played[1]?.link.failed(2, 'tollgate.yaml: is wrong')
    played[1]?.end(2)
    const fault = await supervisor.started.catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(WorkerStartFault)
    expect(fault).toMatchObject({ message: 'tollgate.yaml: is wrong', exitCode: 2 })
    await supervisor.close()
  })

  describe('of three that run', () => {
    let supervisor: Supervisor
    beforeEach(async () => {
      supervisor = supervise(3)
      for (const { link } of played) link.started(here)
      await supervisor.started
    })

    it('replaces one that dies, later each time it dies at once, and says so', async () => {
      played[1]?.end(null, 'SIGKILL')
      expect(played).toHaveLength(3)
      clock.advance(100)
      expect(played).toHaveLength(4)
      expect(said).toEqual([expect.stringMatching(/^a worker has ended, and is replaced .*"worker":2,"pid":102,"how":"SIGKILL","afterMs":100/)])
      played[3]?.end(1)
      clock.advance(199)
      expect(played).toHaveLength(4)
      clock.advance(1)
      expect(played).toHaveLength(5)
      await supervisor.close()
    })

    it('has all reload, also when one of them is asked', async () => {
      await supervisor.reload()
      expect(played.map(({ reloads }) => reloads)).toEqual([1, 1, 1])
      await played[0]?.link.ask('reload')
      expect(played.map(({ reloads }) => reloads)).toEqual([1, 2, 2])
      await supervisor.close()
    })

    it('lets one ask the others, and leaves out who cannot say or has died meanwhile', async () => {
      expect(await played[0]?.link.ask('metrics')).toEqual([['of 2'], ['of 3']])
      expect(await played[0]?.link.ask('alerts')).toEqual([])
      played[2]?.link.answer({ reload: async () => undefined, alerts: async () => [], metrics: () => new Promise(() => undefined) })
      const asked = played[0]?.link.ask('metrics')
      await settled()
      played[2]?.end(1)
      expect(await asked).toEqual([['of 2']])
      await supervisor.close()
    })

    it('waits for no answer for ever', async () => {
      played[2]?.link.answer({ reload: async () => undefined, alerts: async () => [], metrics: () => new Promise(() => undefined) })
      const asked = played[0]?.link.ask('metrics')
      await settled()
      clock.advance(10_000)
      expect(await asked).toEqual([['of 2']])
      await supervisor.close()
    })

    it('ends when one is asked to, and starts nobody any more', async () => {
      played[0]?.end(1)
      played[1]?.link.stopAll()
      await supervisor.stopAsked
      await supervisor.close()
      clock.advance(60_000)
      expect(played).toHaveLength(3)
      expect(clock.pending()).toBe(0)
    })
  })
})

it('one that ends with a failure while all end is said', async () => {
  const supervisor = supervise(1)
  played[0]?.link.started(here)
  await supervisor.started
  const closing = supervisor.close()
  played[0]?.end(1)
  await expect(closing).rejects.toThrow('a worker ended with exit 1')
})
