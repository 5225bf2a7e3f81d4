import { expect, test } from 'vitest'
import { StoreUnavailableError } from '../../engine/store-error.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { Disk, DiskAnswers, DiskOutcome, CallName } from './disk.ts'
import { createCallNames, keysOfNames } from './call-names.ts'
import { createCallNamesLearning } from './call-names-learning.ts'
import { hashesOf } from './name-filter.ts'

const callsFrom = (first: number, count: number): CallName[] => Array.from({ length: count }, (_, at) => [`c${first + at}`, at % 2 === 0 ? `k${first + at}` : null])
const hasAll = (done: ReturnType<typeof createCallNames>, calls: readonly CallName[]) => calls.every(([id, scope]) => done.mayHave(id) && (scope === null || done.mayHaveScope(scope)))
const newOnes = (done: ReturnType<typeof createCallNames>, count: number) => callsFrom(1_000_000, count).filter(([id]) => !done.mayHave(id)).length

/** A disk with these calls, which answers when it is told to, or fails. */
function diskWith(calls: readonly CallName[]) {
  const asked: ((failure?: StoreUnavailableError) => void)[] = []
  const disk: Pick<Disk, 'ask'> = {
    ask(question, told) {
      if (question.kind !== 'call-names') throw new Error(`nobody asks for ${question.kind} here`)
      const slice = calls.slice(question.after, question.after + question.limit)
      const value: DiskAnswers['call-names'] = { hashes: hashesOf(keysOfNames(slice)), last: slice.length < question.limit ? undefined : question.after + slice.length }
      asked.push((error) => (told as (outcome: DiskOutcome<unknown>) => void)(error === undefined ? { kind: 'done', value } : { kind: 'failed', error }))
    },
  }
  return { disk, asked, answer: (failure?: StoreUnavailableError) => asked.shift()?.(failure) }
}

test('few calls are known by name: one that is removed is new again', () => {
  const done = createCallNames(callsFrom(0, 3), 10)
  expect(hasAll(done, callsFrom(0, 3))).toBe(true)
  expect([done.mayHave('c3'), done.mayHaveScope('k3'), done.isKnown()]).toEqual([false, false, true])
  done.remove('c0')
  expect([done.mayHave('c0'), done.mayHaveScope('k0')]).toEqual([false, false])
  expect(done.wantsLearning()).toBe(false)
})

test('more calls than are kept by name are all still found, and nearly every other name is still known to be new', () => {
  const done = createCallNames([], 100, 4_096)
  for (const [id, scope] of callsFrom(0, 2_000)) done.add(id, scope)
  expect(hasAll(done, callsFrom(0, 2_000))).toBe(true)
  expect(newOnes(done, 1_000)).toBeGreaterThan(980)
  expect([done.isKnown(), done.wantsLearning()]).toEqual([true, false])
})

test('where there are too many to begin with, any call may be done until all names were read; a disk that fails is asked again', () => {
  const clock = createManualClock(0)
  const done = createCallNames(undefined, 100, 4_096)
  const { disk, asked, answer } = diskWith(callsFrom(0, 1_000))
  const learning = createCallNamesLearning(disk, done, clock, 300)
  learning.check()
  learning.check()
  expect(asked).toHaveLength(1)
  answer()
  // What is done meanwhile may lie where was read already.
  done.add('late', 'klate')
  clock.advance(0)
  answer(new StoreUnavailableError('the disk is away'))
  expect([done.isKnown(), done.mayHave('new')]).toEqual([false, true])
  clock.advance(30_000)
  for (let slice = 0; slice < 3; slice += 1) {
    answer()
    clock.advance(0)
  }
  expect(done.isKnown()).toBe(true)
  expect(hasAll(done, [...callsFrom(0, 1_000), ['late', 'klate']])).toBe(true)
  expect(newOnes(done, 1_000)).toBeGreaterThan(980)
  expect(asked).toHaveLength(0)
})

test('a filter that has grown full of calls that are forgotten learns anew, once, and knows all meanwhile', () => {
  const clock = createManualClock(0)
  const done = createCallNames([], 100, 1_024)
  for (const [id, scope] of callsFrom(0, 1_000)) done.add(id, scope)
  expect(done.wantsLearning()).toBe(true)
  const { disk, answer } = diskWith(callsFrom(900, 100))
  const learning = createCallNamesLearning(disk, done, clock)
  learning.check()
  expect([done.wantsLearning(), done.mayHave('c0')]).toEqual([false, true])
  done.add('late', null)
  answer()
  expect(hasAll(done, [...callsFrom(900, 100), ['late', null]])).toBe(true)
  expect(callsFrom(0, 900).filter(([id]) => done.mayHave(id)).length).toBeLessThan(20)
  expect(done.wantsLearning()).toBe(false)
})

test('a key that passes from one call to another is still known, in whatever order the two are written', () => {
  for (const order of [['gone', 'comes'], ['comes', 'gone']]) {
    const done = createCallNames([['gone', 'k']], 10)
    for (const each of order) {
      if (each === 'gone') done.remove('gone')
      else done.add('comes', 'k')
    }
    expect([done.mayHave('gone'), done.mayHaveScope('k')]).toEqual([false, true])
  }
})
