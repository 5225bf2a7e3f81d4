/** Caddy as its distribution builds it: without a limit, which it has only as an extension. */
import type { ForeignServer } from './foreign-server.ts'
import { authorization, challenge, limit, refusalText } from './task.ts'

const id = 'req_{http.request.uuid}'

export const caddy: ForeignServer = {
  name: 'Caddy',
  command: 'caddy',
  versionArgs: ['version'],
  configFile: 'Caddyfile',
  args: ({ directory }) => ['run', '--config', `${directory}/Caddyfile`, '--adapter', 'caddyfile'],
  environment: { GOMAXPROCS: '1' },
  configuration: ({ port, upstreamPort }) => `
{
	admin off
	auto_https off
	log {
		level ERROR
	}
}
http://127.0.0.1:${port} {
	bind 127.0.0.1
	header X-Request-Id ${id}
	@good header Authorization "${authorization}"
	handle @good {
		header X-RateLimit-Limit ${limit}
		reverse_proxy 127.0.0.1:${upstreamPort} {
			flush_interval -1
			header_up X-Request-Id ${id}
		}
	}
	handle {
		header Content-Type application/json
		header Cache-Control no-store
		header WWW-Authenticate \`${challenge}\`
		respond \`${refusalText('ID', 'TIME').replace(/[{}]/g, '\\$&').replace('ID', id).replace('TIME', '{time.now}')}\` 401
	}
}
`,
}
