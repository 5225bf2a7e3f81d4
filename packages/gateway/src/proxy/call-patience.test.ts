import { createManualClock } from 'tollgate/testing'
import { describe, expect, it } from 'vitest'
import { defaultLimits } from '../http/limits.ts'
import { CallPatience, type RunOut } from './call-patience.ts'

const timeouts = { connectMs: 1_000, headersMs: 2_000, idleMs: 3_000 }
const limits = { ...defaultLimits, stallMs: 4_000, aloneMs: 10_000 }

function patient() {
  const clock = createManualClock(0)
  const told: RunOut[] = []
  const outgoing = { callerIsDue: false }
  const patience = new CallPatience({ clock, limits }, timeouts, outgoing, (what) => told.push(what))
  return { clock, told, outgoing, patience }
}

const timeout = (phase: 'connect' | 'headers' | 'body', detail: string): RunOut => ({ kind: 'upstream', failure: { kind: 'timeout', phase, detail } })

describe('who is waited for in vain', () => {
  it.each<[string, (patience: CallPatience) => void, number, RunOut]>([
    ['a connection', (patience) => patience.forConnection(), 1_000, timeout('connect', 'no connection within 1000 ms')],
    ['the head of an answer', (patience) => patience.forHead(undefined), 2_000, timeout('headers', 'no answer within 2000 ms')],
    ['the next of an answer', (patience) => patience.forUpstream(), 3_000, timeout('body', 'silent for 3000 ms')],
    ['the caller', (patience) => patience.forCaller(), 4_000, { kind: 'caller' }],
    ['the end of an answer that nobody takes', (patience) => patience.forEndAlone(), 10_000, { kind: 'alone', limitMs: 10_000 }],
  ])('%s', (_, wait, forMs, what) => {
    const { clock, told, patience } = patient()
    wait(patience)
    clock.advance(forMs - 1)
    expect(told).toEqual([])
    clock.advance(1)
    expect(told).toEqual([what])
  })

  it('is the caller, as long as more of its request is to come; then the upstream', () => {
    const { clock, told, outgoing, patience } = patient()
    outgoing.callerIsDue = true
    patience.forHead(500)
    clock.advance(500)
    expect(told).toEqual([{ kind: 'body' }])
    outgoing.callerIsDue = false
    patience.forHead(undefined)
    clock.advance(2_000)
    expect(told.at(-1)).toEqual(timeout('headers', 'no answer within 2000 ms'))
  })
})

it('waits for one thing at a time: each sign of life begins anew', () => {
  const { clock, told, patience } = patient()
  patience.forConnection()
  clock.advance(999)
  patience.forHead(undefined)
  clock.advance(1_999)
  for (let signs = 0; signs < 5; signs += 1) {
    patience.forUpstream()
    clock.advance(2_999)
  }
  patience.forCaller()
  clock.advance(3_999)
  expect(told).toEqual([])
})

it('no sign of life moves the end of an answer that nobody takes, nor a second word of it', () => {
  const { clock, told, patience } = patient()
  patience.forEndAlone()
  for (let seconds = 0; seconds < 9; seconds += 1) {
    patience.forUpstream()
    patience.forEndAlone()
    clock.advance(1_000)
  }
  expect(told).toEqual([])
  patience.forUpstream()
  clock.advance(1_000)
  expect(told).toEqual([{ kind: 'alone', limitMs: 10_000 }])
})

it('waits for nothing when it is cleared', () => {
  const { clock, told, patience } = patient()
  patience.forUpstream()
  patience.forEndAlone()
  patience.clear()
  clock.advance(1_000_000)
  expect(told).toEqual([])
})
