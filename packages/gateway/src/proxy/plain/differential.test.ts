/**
 * What is read of answers without undici, Node's parser reads to the same bytes: status, each name and value, body, and where the answer ends. Every case is tried
 * whole and cut in two at each byte; answers that were changed at random, by a seed, are tried in their thousands, and by `npm run prove` in their million.
 */
import { describe, expect, test } from 'vitest'
import { mutantMessages, seeds } from '../../../../../test/runs.ts'
import { mutants } from '../../http/plain/fixtures/mutants.ts'
import { contradiction, NodeReader, plainReading, type Asked } from './fixtures/response-readings.ts'
import { responses } from './fixtures/responses.ts'

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Case {
  readonly bytes: Buffer
  readonly asked: Asked
  readonly cuts: readonly number[]
}

async function expectSame(cases: readonly Case[]): Promise<void> {
  const ready = cases.map(({ asked }) => [new NodeReader(asked), new NodeReader(asked)] as const)
  await nextTurn()
  for (const [at, { bytes, asked, cuts }] of cases.entries()) {
    const readers = ready[at]
    if (readers === undefined) continue
    const found = contradiction(bytes, asked, cuts, readers)
    for (const reader of readers) reader.close()
    if (found !== undefined) throw new Error(`${asked}, cut at ${JSON.stringify(cuts)}: ${JSON.stringify(bytes.toString('latin1'))}: ${found}: ${JSON.stringify(plainReading(bytes, asked, cuts))}`)
  }
}

const asked: readonly Asked[] = ['GET', 'HEAD']

describe('what is read of answers without undici, beside Node', () => {
  test.each(responses.plain.map((text) => [text]))('reads %j as Node does, and nothing behind it', async (text) => {
    const whole = bytesOf(text + responses.behind)
    expect(plainReading(whole, 'GET')).toMatchObject({ state: 'done', at: text.length })
    const cases = asked.flatMap((method) =>
      Array.from({ length: whole.length - 1 }, (_, at) => [
        { bytes: whole, asked: method, cuts: [at + 1] },
        { bytes: whole.subarray(0, at + 1), asked: method, cuts: [] },
      ]).flat(),
    )
    await expectSame([{ bytes: whole, asked: 'GET', cuts: [] }, ...cases])
  })

  test.each(responses.odd.map((text) => [text]))('takes nothing of %j in another way', async (text) => {
    const whole = bytesOf(text + responses.behind)
    expect(plainReading(whole, 'GET').state).toMatch(/^(?:left|broken|more)$/)
    await expectSame(asked.flatMap((method) => Array.from({ length: whole.length - 1 }, (_, at) => ({ bytes: whole, asked: method, cuts: [at + 1] }))))
  })

  test('would see two readings that differ', async () => {
    const short = bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc')
    const [node, behind] = [new NodeReader('HEAD'), new NodeReader('GET')]
    await nextTurn()
    expect(contradiction(short, 'GET', [], [node, behind])).toBe('Node saw its end earlier')
  })

  test.each(seeds)('reads nothing in another way, of answers that were changed (seed %i)', async (seed) => {
    const { next } = mutants(seed, responses)
    let taken = 0
    for (let count = 0; count < mutantMessages; count += 500) {
      const cases = Array.from({ length: 500 }, (_, at): Case => {
        const bytes = next()
        return { bytes, asked: at % 8 === 0 ? 'HEAD' : 'GET', cuts: at % 4 === 0 ? [at % bytes.length] : [] }
      })
      await expectSame(cases)
      taken += cases.filter((each) => plainReading(each.bytes, each.asked, each.cuts).state === 'done').length
    }
    // One that leaves all to Node contradicts nothing.
    expect(taken).toBeGreaterThan(mutantMessages / 5)
  })
})
