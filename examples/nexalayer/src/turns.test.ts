import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('works on one name follow each other, works on others do not wait', async () => {
  const inTurn = createTurns()
  const log: string[] = []
  let endFirst = () => {}
  const first = inTurn('a', () => new Promise<void>((resolve) => (endFirst = resolve)).then(() => void log.push('a1')))
  const second = inTurn('a', async () => void log.push('a2'))
  await inTurn('b', async () => void log.push('b'))
  endFirst()
  await Promise.all([first, second])
  expect(log).toEqual(['b', 'a1', 'a2'])
})

test('a work that fails keeps nobody waiting', async () => {
  const inTurn = createTurns()
  const failing = inTurn('a', () => Promise.reject(new Error('broken')))
  const next = inTurn('a', async () => 'done')
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe('done')
})
