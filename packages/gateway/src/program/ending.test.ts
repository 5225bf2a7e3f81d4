import { createManualClock } from 'tollgate/testing'
import { describe, expect, it } from 'vitest'
import { createEnding } from './ending.ts'

/** What happened, in order. */
function opened({ delayMs = 0, fails = false } = {}) {
  const clock = createManualClock(0)
  const told: string[] = []
  let reloaded = (): void => undefined
  const reload = new Promise<void>((resolve) => (reloaded = resolve))
  const closers = [
    () => void told.push('store closed'),
    () => {
      told.push('listener closed')
      if (fails) throw new Error('the port is stuck')
    },
  ]
  const ending = createEnding({ clock, closers })
  const begin = (): void => ending.begin({ settled: () => reload, stopping: () => void told.push('says that it stops'), delayMs: () => delayMs })
  return { clock, told, ending, begin, reloaded }
}

const turns = async (): Promise<void> => {
  for (let count = 0; count < 20; count += 1) await Promise.resolve()
}

describe('the end of a gateway', () => {
  it('comes once, however often it is asked for, and closes what was opened last first', async () => {
    const { told, ending, begin, reloaded } = opened()
    begin()
    reloaded()
    const first = ending.close()
    expect(ending.close()).toBe(first)
    await first
    expect(told).toEqual(['says that it stops', 'listener closed', 'store closed'])
  })

  it('waits for the reload that is under way, and then as long as those in front need to notice', async () => {
    const { clock, told, ending, begin, reloaded } = opened({ delayMs: 5_000 })
    begin()
    const closed = ending.close()
    await turns()
    expect(told).toEqual([])
    reloaded()
    await turns()
    clock.advance(4_999)
    await turns()
    expect(told).toEqual(['says that it stops'])
    clock.advance(1)
    await closed
    expect(told).toHaveLength(3)
  })

  it('closes all, whatever fails, and tells whoever closes what failed; whoever stops it is told of the stop alone', async () => {
    const { told, ending, begin, reloaded } = opened({ fails: true })
    begin()
    reloaded()
    ending.stop()
    await ending.stopAsked
    await expect(ending.close()).rejects.toThrow('the port is stuck')
    expect(told).toContain('store closed')
  })
})

describe('what dies', () => {
  it('before there is something to end, is in the way of the start', () => {
    const { told, ending, begin } = opened()
    ending.died(new Error('the thread has ended'))
    expect(begin).toThrow('the thread has ended')
    expect(told).toEqual([])
  })

  it('later, ends the gateway, which says so when all is closed', async () => {
    const { told, ending, begin, reloaded } = opened()
    begin()
    reloaded()
    ending.died(new Error('the thread has ended'))
    await ending.stopAsked
    await expect(ending.close()).rejects.toThrow('the thread has ended')
    expect(told).toEqual(['says that it stops', 'listener closed', 'store closed'])
  })
})
