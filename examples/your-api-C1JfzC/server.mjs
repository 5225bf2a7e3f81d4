// Your own service, as it is today: it knows nothing of keys or limits, and answers its own errors in its own envelope. Any language will do.
import { createServer } from 'node:http'

createServer((request, response) => {
  const account = request.headers['tollgate-account'] // who is calling, as the gateway has proven
  response.setHeader('content-type', 'application/json')
  const id = request.url.replace('/v1/reports/', '')
  if (id === 'none') {
    response.writeHead(404)
    response.end(JSON.stringify({ ok: false, error: { code: 'not_found', message: `There is no report ${id}.` } }))
    return
  }
  response.end(JSON.stringify({ ok: true, account, report: 'All is well.' }))
}).listen(Number(process.env.PORT ?? 25858), '127.0.0.1')
