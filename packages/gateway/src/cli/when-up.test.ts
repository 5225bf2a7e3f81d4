import { expect, it } from 'vitest'
import { CliFailure, NotUpYet } from './cli-io.ts'
import { whenUp } from './when-up.ts'

const failure = new CliFailure(1, 'the admin API does not answer')

function world() {
  const slept: number[] = []
  let said = ''
  return { slept, said: () => said, io: { sleep: async (ms: number) => void slept.push(ms), stderr: (text: string) => void (said += text) } }
}

it('asks again until the gateway is up, and says so when that takes a while', async () => {
  const { slept, said, io } = world()
  let asked = 0
  expect(await whenUp(async () => ((asked += 1) < 20 ? Promise.reject(new NotUpYet(failure)) : 'up'), 10_000, io)).toBe('up')
  expect(slept).toHaveLength(19)
  expect(said()).toBe('The gateway is not up yet; waiting for it, for 10 seconds at most …\n')
})

it('gives up after the time that it may take, with its last words', async () => {
  const { slept, io } = world()
  await expect(whenUp(() => Promise.reject(new NotUpYet(failure)), 500, io)).rejects.toBe(failure)
  expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(500)
})

it('waits for nothing else, and not where it may not', async () => {
  const { slept, io } = world()
  await expect(whenUp(() => Promise.reject(failure), 10_000, io)).rejects.toBe(failure)
  await expect(whenUp(() => Promise.reject(new NotUpYet(failure)), 0, io)).rejects.toBe(failure)
  expect(slept).toEqual([])
})
