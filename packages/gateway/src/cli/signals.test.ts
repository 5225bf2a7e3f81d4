import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { holdSignals } from './signals.ts'

function held() {
  const process = new EventEmitter()
  const exits: number[] = []
  const onSignal = holdSignals(process, (code) => void exits.push(code))
  return { process, exits, onSignal }
}

it('what comes before anybody listens is handed on, once, and each later one as it comes', () => {
  const { process, exits, onSignal } = held()
  process.emit('SIGHUP')
  process.emit('SIGHUP')
  process.emit('SIGTERM')
  const seen: string[] = []
  onSignal('SIGHUP', () => void seen.push('reload'))
  onSignal('SIGTERM', () => void seen.push('stop'))
  expect(seen).toEqual(['reload', 'stop'])
  process.emit('SIGHUP')
  expect(seen).toEqual(['reload', 'stop', 'reload'])
  expect(exits).toEqual([])
})

it('a second request for the end, while nobody listens, ends at once', () => {
  const { process, exits } = held()
  process.emit('SIGINT')
  expect(exits).toEqual([])
  process.emit('SIGINT')
  expect(exits).toEqual([1])
})

it('a signal after the last listener has gone ends nothing', () => {
  const { process, exits, onSignal } = held()
  onSignal('SIGHUP', () => undefined)()
  expect(process.emit('SIGHUP')).toBe(true)
  expect(exits).toEqual([])
})
