/**
 * The analyser of Japanese: an old machine beside the service, which it still asks over a wire of its own. It gets a line of text and answers with
 * one of morphemes. It was never taught HTTP, and nobody translates for it: whoever asks for Japanese gets what it says.
 */
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface JapaneseAnalyser {
  listen(): Promise<void>
  /** Its answer as it comes. Rejects if it cannot be reached. */
  ask(text: string): Promise<NodeJS.ReadableStream>
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const LINE_CHARACTERS_MAX = 20_000

export function createJapaneseAnalyser(): JapaneseAnalyser {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    let line = ''
    sockets.add(socket)
    socket.setEncoding('utf8')
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    socket.on('data', (text) => {
      line += text.toString()
      if (line.includes('\n')) socket.end(answerTo(line.slice(0, line.indexOf('\n'))))
      else if (line.length > 2 * LINE_CHARACTERS_MAX) socket.destroy()
    })
  })

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject).listen(0, LOOPBACK, resolve)
      }),
    ask: (text) =>
      new Promise((resolve, reject) => {
        const address = server.address() as AddressInfo | null
        if (address === null) return reject(new Error('the analyser of Japanese is not running'))
        const socket = connect(address.port, LOOPBACK)
        socket.once('error', reject)
        socket.once('connect', () => {
          socket.write(`${text.replaceAll(/\s+/g, ' ')}\n`)
          resolve(socket)
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function answerTo(text: string): string {
  const morphemes = [...new Intl.Segmenter('ja', { granularity: 'word' }).segment(text)].filter(({ isWordLike }) => isWordLike === true).map(({ segment }) => segment)
  return `KOTOBA/1 ${morphemes.length}\n${morphemes.join('\t')}\n`
}
