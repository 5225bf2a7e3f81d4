import { describe, expect, it } from 'vitest'
import { breakStream, reply } from './call-ending.ts'
import { openCaller } from './fixtures/caller.ts'
import { parseAnswer } from './fixtures/loopback.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('a call that does not go through', () => {
  it('is answered by what the gate says', async () => {
    const { caller, call } = await openCaller(GET)
    await reply(caller, async () => ({ status: 502, headers: [], body: 'no' }))
    expect(parseAnswer(await call.until('no'))).toMatchObject({ status: 502 })
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('a mistake'))],
    [
      'throws',
      () => {
        throw new Error('a mistake')
      },
    ],
  ])('is a failure of ours where the gate %s', async (_, decide) => {
    const { caller, reported } = await openCaller(GET)
    await reply(caller, decide)
    expect(reported).toMatchObject([{ message: 'a mistake' }])
  })
})

describe('a stream that breaks', () => {
  const broken = async (over: boolean, decide: () => Promise<string | undefined>) => {
    const { caller, reported } = await openCaller(GET)
    const frames: (string | undefined)[] = []
    await breakStream({ core: caller.core, over }, { breakOff: (frame) => void frames.push(frame) }, decide)
    return { frames, reported }
  }

  it('ends with the frame that the gate gives, or without one', async () => {
    expect(await broken(false, async () => 'data: error\n\n')).toEqual({ frames: ['data: error\n\n'], reported: [] })
    expect(await broken(false, async () => undefined)).toEqual({ frames: [undefined], reported: [] })
  })

  it('ends without a frame where the gate fails, and that is told', async () => {
    const mistake = new Error('a mistake')
    expect(await broken(false, () => Promise.reject(mistake))).toEqual({ frames: [undefined], reported: [mistake] })
  })

  it('writes nothing to a caller that has gone', async () => {
    expect(await broken(true, async () => 'data: error\n\n')).toEqual({ frames: [], reported: [] })
  })
})
