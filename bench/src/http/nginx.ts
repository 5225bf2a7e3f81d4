/** nginx, where it is installed: one worker, the same job as far as its configuration can say it (it cannot tell what remains of a limit). */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pin } from '../machine.ts'
import { probe } from './probe.ts'
import { listening, type Serving } from './serving.ts'
import { authorization, challenge, limit } from './task.ts'

export interface Nginx extends Serving {
  /** CPU time since its start. */
  cpuMicros(): number
}

/** Undefined where it is not installed. Linux only: its CPU time is read from `/proc`. */
export async function startNginx(upstreamPort: number): Promise<Nginx | undefined> {
  if (process.platform !== 'linux' || spawnSync('nginx', ['-v']).error !== undefined) return undefined
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-nginx-'))
  const port = await freePort()
  writeFileSync(join(directory, 'nginx.conf'), configuration(port, upstreamPort, directory))
  const child = spawn('nginx', ['-p', directory, '-c', 'nginx.conf', '-e', join(directory, 'error.log')], { stdio: 'ignore' })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await exited
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    if (child.pid !== undefined) pin(child.pid, 0)
    await untilAnswers(port)
  } catch (error) {
    await close()
    throw error
  }
  return { port, close, cpuMicros: () => cpuMicrosOf(child.pid) }
}

async function untilAnswers(port: number): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await probe(port, {})
      return
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function freePort(): Promise<number> {
  const { port, close } = await listening(createServer())
  await close()
  return port
}

/** Fields 14 and 15 of proc(5) `stat`: user and system time in hundredths of a second. The name in field 2 may hold spaces. */
function cpuMicrosOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

function configuration(port: number, upstreamPort: number, directory: string): string {
  const envelope = JSON.stringify({
    success: false,
    error: { code: 'MISSING_API_KEY', message: 'API key is required', details: { header: 'authorization' } },
    meta: { request_id: 'req_$request_id', timestamp: '$time_iso8601' },
  })
  return `
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log error.log crit;
events { worker_connections 1024; }
http {
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
  limit_req_zone $http_authorization zone=keys:1m rate=1000000r/s;
  map $http_authorization $good { default 0; "${authorization}" 1; }
  upstream service { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      add_header X-Request-Id req_$request_id always;
      if ($good = 0) {
        add_header X-Request-Id req_$request_id always;
        add_header Cache-Control no-store always;
        add_header WWW-Authenticate '${challenge}' always;
        return 401 '${envelope}';
      }
      add_header X-RateLimit-Limit ${limit} always;
      limit_req zone=keys burst=100000 nodelay;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Request-Id req_$request_id;
      proxy_pass http://service;
    }
  }
}
`
}
