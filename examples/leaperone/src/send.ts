/** A reply as bytes on the wire. */
import type { ServerResponse } from 'node:http'
import { bare } from './reply.ts'
import type { EventReply, Reply, WholeReply } from './reply.ts'

/** Never rejects; `onError` learns what broke. */
export async function send(reply: Reply, response: ServerResponse, gone: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  if (reply.kind === 'events') await sendEvents(reply, response, gone, onError)
  else sendWhole(reply, response)
}

function sendWhole(reply: WholeReply, response: ServerResponse): void {
  response.writeHead(reply.status, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) }).end(reply.body)
}

/** A stream that breaks ends without its end, so that nobody takes it for whole; the gateway in front then adds the words for it. */
async function sendEvents({ headers, events }: EventReply, response: ServerResponse, gone: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  try {
    for await (const event of events) {
      if (gone.aborted) return
      if (!response.headersSent) response.writeHead(200, headers)
      await written(response, event, gone)
    }
    response.end()
  } catch (error) {
    onError(error)
    if (response.headersSent) response.destroy()
    else sendWhole(bare(500), response)
  }
}

/** Resolves when the connection has taken it, or nobody is there to take it: so no more is made than is read. */
function written(response: ServerResponse, event: string, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      gone.removeEventListener('abort', end)
      resolve()
    }
    gone.addEventListener('abort', end)
    response.write(event, end)
  })
}
