import { expect, test } from 'vitest'
import type { StoreUnavailableError } from '../../engine/store-error.ts'
import type { Disk, DiskOutcome } from './disk.ts'
import { subjectDiskKey } from './disk-key.ts'
import { createResidentState } from './resident-state.ts'
import { createWaitingLine, type Turn } from './waiting-line.ts'

const contents = { highWaterMs: 0, records: [], hasAllRecords: false, calls: [], leases: [], callNames: [] }

/** A line before a disk that answers when it is told to: it has no subject. */
function lineBefore() {
  const asked: (() => void)[] = []
  const disk: Pick<Disk, 'ask'> = {
    ask(question, told) {
      if (question.kind !== 'load') throw new Error(`nobody asks for ${question.kind} here`)
      const value = { subjects: question.wanted.subjects.map(() => undefined), calls: [], scopes: [], leases: [], accountLeases: [], movements: [] }
      asked.push(() => (told as (outcome: DiskOutcome<unknown>) => void)({ kind: 'done', value }))
    },
  }
  return { line: createWaitingLine(disk, createResidentState(contents, 100)), answer: () => asked.splice(0).forEach((run) => run()) }
}

function turn(subject: string, run: () => void) {
  const failures: StoreUnavailableError[] = []
  const entered: Turn = { keys: [subjectDiskKey(subject)], due: undefined, run, failed: (error) => void failures.push(error) }
  return { entered, failures }
}

test('a turn that throws fails by itself, and those behind it go on', () => {
  const { line, answer } = lineBefore()
  const ran: string[] = []
  const broken = turn('a', () => {
    throw new Error('no such case')
  })
  line.enter(broken.entered)
  line.enter(turn('a', () => ran.push('same subject')).entered)
  line.enter(turn('b', () => ran.push('another')).entered)
  answer()
  answer()
  line.enter(turn('c', () => ran.push('later')).entered)
  answer()
  expect(ran.toSorted()).toEqual(['another', 'later', 'same subject'])
  expect(broken.failures.map(String)).toEqual([expect.stringContaining('no such case')])
  let idle = false
  line.idle(() => (idle = true))
  expect(idle).toBe(true)
})

test('what throws at once, with nothing to load, fails in the same way', () => {
  const { line } = lineBefore()
  const broken = turn('a', () => {
    throw new Error('no such case')
  })
  line.enter({ ...broken.entered, keys: [] })
  expect(broken.failures).toHaveLength(1)
})
