import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { LoopTurn } from './loop-turn.ts'

/** What has left each socket, in the order in which it left. */
function createSockets(count: number) {
  const left: string[] = []
  const sockets = Array.from({ length: count }, (_, at) => new PassThrough().on('data', (chunk) => left.push(`${at}: ${chunk}`)) as unknown as Socket)
  return { sockets, left }
}

const turnEnds = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what has come is worked on when all of it has been read, and what is written leaves after that', async () => {
  const { sockets, left } = createSockets(2)
  const turn = new LoopTurn()
  const happened: string[] = []
  for (const [at, socket] of sockets.entries()) {
    happened.push(`read ${at}`)
    turn.queue({
      next() {
        happened.push(`worked on ${at}`)
        turn.hold(socket)
        socket.write('head')
        turn.hold(socket)
        socket.write(' and body')
        expect(left).toEqual([])
      },
    })
  }
  await turnEnds()
  expect(happened).toEqual(['read 0', 'read 1', 'worked on 0', 'worked on 1'])
  expect(left).toEqual(['0: head', '0:  and body', '1: head', '1:  and body'])
})

test('what is written outside of any work leaves at the end of its turn too', async () => {
  const { sockets: [socket], left } = createSockets(1)
  const turn = new LoopTurn()
  if (socket === undefined) throw new Error('one was made')
  turn.hold(socket)
  socket.write('an event')
  expect(left).toEqual([])
  await turnEnds()
  expect(left).toEqual(['0: an event'])
})

test('no more than sixteen sockets wait for each other', () => {
  const { sockets, left } = createSockets(17)
  const turn = new LoopTurn()
  for (const socket of sockets) {
    turn.hold(socket)
    socket.write('!')
  }
  expect(sockets.filter(({ writableCorked }) => writableCorked > 0)).toHaveLength(1)
  expect(left.length).toBeLessThanOrEqual(16)
})

test('one that throws keeps back neither what others have said nor the turns to come', async () => {
  const { sockets: [socket], left } = createSockets(1)
  const turn = new LoopTurn()
  if (socket === undefined) throw new Error('one was made')
  const fails = { next() { turn.hold(socket); socket.write('said'); throw new Error('broken') } }
  turn.queue(fails)
  expect(() => turn.end()).toThrow('broken')
  await turnEnds()
  expect(left).toEqual(['0: said'])
  turn.hold(socket)
  socket.write('later')
  await turnEnds()
  expect(left).toEqual(['0: said', '0: later'])
})
