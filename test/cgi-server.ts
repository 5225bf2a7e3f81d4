/** For tests: a web server in small that answers each request by running a CGI program (RFC 3875). */
import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer, text } from 'node:stream/consumers'

export function createCgiServer(program: string, environment: { readonly [name: string]: string }) {
  return createServer((request, response) => {
    run(request, response).catch(() => response.writeHead(500).end())
  })

  async function run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const headers = Object.entries(request.headers).map(([name, value]) => [`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, String(value)])
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    const meta = { REQUEST_METHOD: request.method ?? 'GET', PATH_INFO: path, QUERY_STRING: query, CONTENT_LENGTH: String(body.length) }
    const child = spawn(program, { env: { PATH: process.env['PATH'] ?? '', ...environment, ...Object.fromEntries(headers), ...meta }, stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.on('error', () => undefined).end(body)
    const output = await text(child.stdout)
    const end = output.indexOf('\n\n')
    const lines = output.slice(0, end).split('\n').map((line) => line.split(/:\s*/, 2) as [string, string])
    const status = Number(lines.find(([name]) => name === 'Status')?.[1] ?? 500)
    response.writeHead(status, Object.fromEntries(lines.filter(([name]) => name !== 'Status'))).end(output.slice(end + 2))
  }
}
