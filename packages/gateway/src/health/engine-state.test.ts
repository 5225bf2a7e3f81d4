import { createManualClock } from 'tollgate/testing'
import { expect, test } from 'vitest'
import { watchEngine } from './engine-state.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function watching() {
  const clock = createManualClock(0)
  const said: string[] = []
  let fault: 'none' | 'fails' | 'hangs' = 'none'
  let release = (): void => undefined
  const watch = watchEngine({
    engine: 'postgres',
    name: 'postgres db:5432/app',
    clock,
    alert: (message) => said.push(message),
    ping() {
      if (fault === 'fails') return Promise.reject(new Error('connection refused'))
      return fault === 'none' ? Promise.resolve() : new Promise<void>((resolve) => void (release = resolve))
    },
  })
  return { clock, said, watch, set: (next: typeof fault) => (fault = next), release: () => release(), isUp: () => watch.state().isUp }
}

test('it is down when it fails and up when it answers again, and each is said once', async () => {
  const { clock, said, watch, set, isUp } = watching()
  set('fails')
  for (let seconds = 0; seconds < 3; seconds += 1) {
    clock.advance(1_000)
    await turn()
  }
  expect([isUp(), said]).toEqual([false, ['postgres db:5432/app does not answer: connection refused']])
  set('none')
  clock.advance(1_000)
  await turn()
  expect([isUp(), said[1]]).toEqual([true, 'postgres db:5432/app answers again'])
  watch.stop()
  expect(clock.pending()).toBe(0)
})

test('one that hangs is down after two seconds, and up when its answer comes after all', async () => {
  const { clock, watch, set, release, isUp } = watching()
  set('hangs')
  clock.advance(1_000)
  await turn()
  clock.advance(1_999)
  expect(isUp()).toBe(true)
  clock.advance(1)
  expect(isUp()).toBe(false)
  release()
  await turn()
  expect(isUp()).toBe(true)
  watch.stop()
})
