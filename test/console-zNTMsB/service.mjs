import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { callOf } from 'tollgate/service'

const HOUR_MS = 3_600_000
let rooms = 0

/** Those who own the rooms for longer than a day do not always answer. */
createServer(async (request, response) => {
  const { hours = 1 } = JSON.parse(await text(request))
  if (hours > 24) return response.writeHead(504).end()
  const id = `room_${++rooms}`
  await callOf(request.headers).bindLease(id, new Date(Date.now() + hours * HOUR_MS))
  response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id, hours }))
}).listen(29941, '127.0.0.1')
