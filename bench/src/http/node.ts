/** Nothing but node:http and the refusal: what is left when a framework is taken away. */
import { createServer } from 'node:http'
import { listening, type Serve } from './serving.ts'
import { authorization, challenge, mintRequestId, refusal } from './task.ts'

export const serveNode: Serve = () =>
  listening(
    createServer((request, response) => {
      if (request.headers.authorization === authorization) {
        response.writeHead(204).end()
        return
      }
      const requestId = mintRequestId()
      const body = JSON.stringify(refusal(requestId))
      response.writeHead(401, [
        'Content-Type', 'application/json', 'Cache-Control', 'no-store', 'WWW-Authenticate', challenge,
        'X-Request-Id', requestId, 'Content-Length', String(Buffer.byteLength(body)),
      ])
      response.end(body)
    }),
  )
