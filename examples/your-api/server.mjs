// Your own service: it knows nothing of keys, limits or error shapes. Any language will do.
import { createServer } from 'node:http'

createServer((request, response) => {
  const account = request.headers['tollgate-account'] // who is calling, as the gateway has proven
  response.setHeader('content-type', 'application/json')
  if (request.url === '/v1/reports/none') {
    // A refusal of the service's own: name the entry, the gateway answers in your envelope.
    response.writeHead(404, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ entry: 'notFound', issue: 'there is no such report' }))
    return
  }
  response.end(JSON.stringify({ ok: true, account, report: 'All is well.' }))
}).listen(Number(process.env.PORT ?? 9000), '127.0.0.1')
