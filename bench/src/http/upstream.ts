/** The service behind the gateways, at the least cost that Node allows, so that it is never what is measured. It reads of a request its path and Content-Length. */
import { createServer, type Socket } from 'node:net'
import { listening, type Serving } from './serving.ts'

export const upstreamBody = JSON.stringify({ success: true, data: { id: 'item_1', text: 'All is well. '.repeat(73) } }).padEnd(1_024)
export const largeBody = JSON.stringify({ success: true, data: { id: 'item_1', text: 'All is well. '.repeat(5_000) } }).padEnd(65_536).slice(0, 65_536)

const answer = answerWith(upstreamBody)
const largeAnswer = answerWith(largeBody)
const eventsHead = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n')
const headEnd = Buffer.from('\r\n\r\n')

export const EVENTS_PER_SECOND = 10
/** Streams are spread over as many moments, so that their events do not come all at once. */
const MOMENTS = 100

function answerWith(body: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

export async function startUpstream(): Promise<Serving> {
  const streams = createStreams()
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (let at = rest.indexOf(headEnd); at !== -1; at = rest.indexOf(headEnd)) {
        const head = rest.toString('latin1', 0, at)
        const requestBytes = at + headEnd.length + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
        if (rest.length < requestBytes) return
        rest = rest.subarray(requestBytes)
        if (head.includes(' /v1/events')) {
          socket.write(eventsHead)
          streams.add(socket)
        } else socket.write(head.includes(' /v1/large') ? largeAnswer : answer)
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => streams.delete(socket))
  })
  return listening(server)
}

/** About 200 bytes, as a model's answer comes, with the moment at which it was written. Its usage is read only by who is told to. */
function eventAt(moment: number): string {
  const data = JSON.stringify({ id: 'chatcmpl-0123456789abcdef', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: ' word' } }], usage: { completion_tokens: 7 }, at: moment })
  const text = `data: ${data}\n\n`
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

interface Streams {
  add(socket: Socket): void
  delete(socket: Socket): void
}

/** Its timer runs while there are streams, so that it costs the other benchmarks nothing. */
function createStreams(): Streams {
  const moments = Array.from({ length: MOMENTS }, () => new Set<Socket>())
  const momentOf = new Map<Socket, Set<Socket>>()
  let opened = 0
  let written = 0
  let startedMs = 0
  let timer: NodeJS.Timeout | undefined

  function write(): void {
    const due = Math.floor(((performance.now() - startedMs) * EVENTS_PER_SECOND * MOMENTS) / 1_000)
    // After a stall each stream has one event to write, not all that it missed.
    for (written = Math.max(written, due - MOMENTS); written < due; written += 1) {
      const event = eventAt(Number(process.hrtime.bigint() / 1_000n))
      for (const socket of moments[written % MOMENTS] ?? []) socket.write(event)
    }
  }

  return {
    add(socket) {
      const moment = moments[(opened += 1) % MOMENTS] ?? new Set()
      moment.add(socket)
      momentOf.set(socket, moment)
      if (timer !== undefined) return
      startedMs = performance.now()
      written = 0
      timer = setInterval(write, 1)
    },
    delete(socket) {
      momentOf.get(socket)?.delete(socket)
      momentOf.delete(socket)
      if (momentOf.size > 0) return
      clearInterval(timer)
      timer = undefined
    },
  }
}
