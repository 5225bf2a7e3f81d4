/** HAProxy, its limit in a stick table. */
import type { ForeignServer } from './foreign-server.ts'
import { authorization, challenge, limit, refusalText } from './task.ts'

export const haproxy: ForeignServer = {
  name: 'HAProxy',
  command: 'haproxy',
  versionArgs: ['-v'],
  configFile: 'haproxy.cfg',
  args: ({ directory }) => ['-f', `${directory}/haproxy.cfg`, '-db'],
  configuration: ({ port, upstreamPort }) => `
global
  nbthread 1
  maxconn 9500
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  timeout http-keep-alive 60s
  unique-id-format req_%[uuid(),regsub(-,,g)]
frontend front
  bind 127.0.0.1:${port} backlog 4096
  stick-table type string len 64 size 100k expire 60s store http_req_rate(60s)
  acl good req.hdr(authorization) -m str "${authorization}"
  http-request return status 401 content-type application/json hdr X-Request-Id %[unique-id] hdr Cache-Control no-store hdr WWW-Authenticate '${challenge}' lf-string '${refusalText('%[unique-id]', '%[date,utime("%Y-%m-%dT%H:%M:%SZ")]')}' unless good
  http-request track-sc0 req.hdr(authorization)
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt ${limit} }
  http-request set-header X-Request-Id %[unique-id]
  http-response set-header X-Request-Id %[unique-id]
  http-response set-header X-RateLimit-Limit ${limit}
  default_backend service
backend service
  http-reuse always
  server upstream 127.0.0.1:${upstreamPort}
`,
}
