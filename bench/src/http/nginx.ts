/** nginx with limit_req. It cannot tell what remains of a limit. */
import type { ForeignServer } from './foreign-server.ts'
import { authorization, challenge, CONNECTIONS_MAX, limit, refusalText } from './task.ts'

export const nginx: ForeignServer = {
  name: 'nginx',
  command: 'nginx',
  versionArgs: ['-v'],
  configFile: 'nginx.conf',
  args: ({ directory }) => ['-p', directory, '-c', 'nginx.conf', '-e', `${directory}/error.log`],
  configuration: ({ port, upstreamPort, directory }) => `
daemon off;
master_process off;
worker_processes 1;
worker_rlimit_nofile ${CONNECTIONS_MAX};
pid nginx.pid;
error_log error.log crit;
events { worker_connections ${CONNECTIONS_MAX}; }
http {
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
  limit_req_zone $http_authorization zone=keys:1m rate=1000000r/s;
  map $http_authorization $good { default 0; "${authorization}" 1; }
  upstream service { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      add_header X-Request-Id req_$request_id always;
      if ($good = 0) {
        add_header X-Request-Id req_$request_id always;
        add_header Cache-Control no-store always;
        add_header WWW-Authenticate '${challenge}' always;
        return 401 '${refusalText('req_$request_id', '$time_iso8601')}';
      }
      add_header X-RateLimit-Limit ${limit} always;
      limit_req zone=keys burst=100000 nodelay;
      proxy_http_version 1.1;
      proxy_buffer_size 8k;
      proxy_buffers 16 8k;
      proxy_set_header Connection "";
      proxy_set_header X-Request-Id req_$request_id;
      proxy_pass http://service;
    }
    location /v1/events {
      add_header X-Request-Id req_$request_id always;
      if ($good = 0) { return 401; }
      add_header X-RateLimit-Limit ${limit} always;
      limit_req zone=keys burst=100000 nodelay;
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Connection "";
      proxy_set_header X-Request-Id req_$request_id;
      proxy_pass http://service;
    }
  }
}
`,
}
