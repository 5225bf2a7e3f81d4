import { expect, it } from 'vitest'
import { CliFailure } from './cli-io.ts'
import { untilStopped } from './until-stopped.ts'

type Signal = 'SIGHUP' | 'SIGTERM' | 'SIGINT'

function world() {
  const handlers = new Map<string, () => void>()
  const exits: number[] = []
  const io = {
    onSignal: (signal: Signal, run: () => void) => (handlers.set(signal, run), () => void handlers.delete(signal)),
    exit: (code: number) => void exits.push(code),
  }
  const done: string[] = []
  const gateway = { close: async () => void done.push('closed'), reload: async () => (done.push('reloaded'), { ok: true as const }) }
  return { io, exits, done, gateway, handlers, send: (signal: Signal) => handlers.get(signal)?.() }
}

it('a reload that is asked for while the gateway starts is done once it has started', async () => {
  const { io, done, gateway, send } = world()
  let started = (): void => undefined
  const end = untilStopped(() => new Promise((resolve) => (started = () => resolve(gateway))), io)
  send('SIGHUP')
  send('SIGHUP')
  expect(done).toEqual([])
  started()
  await expect.poll(() => done).toEqual(['reloaded'])
  send('SIGTERM')
  await end
  expect(done).toEqual(['reloaded', 'closed'])
})

it.each(['SIGTERM', 'SIGINT'] as const)('a %s while the gateway starts closes it as soon as it has started; a second one ends at once', async (signal) => {
  const { io, exits, done, gateway, send, handlers } = world()
  let started = (): void => undefined
  const end = untilStopped(() => new Promise((resolve) => (started = () => resolve(gateway))), io)
  send(signal)
  expect(exits).toEqual([])
  send(signal)
  expect(exits).toEqual([1])
  started()
  await end
  expect(done).toEqual(['closed'])
  expect(handlers.size).toBe(0)
})

it('what asks for the end before the start leaves it out', async () => {
  const { io, done } = world()
  const early = { ...io, onSignal: (signal: Signal, run: () => void) => (signal === 'SIGTERM' && run(), () => undefined) }
  await untilStopped(async () => (done.push('started'), { close: async () => undefined, reload: async () => ({ ok: true }) }), early)
  expect(done).toEqual([])
})

it('a stop that could not write everything ends the command with one sentence; a reload that fails before ends nothing', async () => {
  const { io, handlers, send } = world()
  const gateway = { close: () => Promise.reject(new Error('the database: the disk is full')), reload: () => Promise.reject(new Error('the store cannot read')) }
  const end = untilStopped(async () => gateway, io)
  await Promise.resolve()
  send('SIGHUP')
  send('SIGTERM')
  await expect(end).rejects.toThrow(new CliFailure(1, 'stopped, but not in order: the database: the disk is full'))
  expect(handlers.size).toBe(0)
})
