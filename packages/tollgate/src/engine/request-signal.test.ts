import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { signalOf } from './request-signal.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('a signal hears of the end although nobody has its request any more', async () => {
  const caller = new AbortController()
  const signals = Array.from({ length: 100 }, () => signalOf(new Request('http://127.0.0.1/', { signal: caller.signal })))
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise(setImmediate)
    collectGarbage()
  }
  caller.abort()
  expect(signals.filter(({ aborted }) => !aborted)).toEqual([])
})
