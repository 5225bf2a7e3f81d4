/** The contenders of `npm run bench:valkey`, as far as they answer what is asked here: each process is a gateway. */
import { contenders } from '../../valkey/contenders.ts'
import type { Contender } from './contender.ts'

const names = new Map([
  ['createValkeyCounters', 'tollgate'],
  ['rate-limiter-flexible × 4', 'rate-limiter-flexible × 4'],
  ['rate-limiter-flexible × 4, all at once', 'rate-limiter-flexible × 4, all at once'],
  ['INCR × 4', 'INCR × 4'],
  ['INCR × 4, all at once', 'INCR × 4, all at once'],
])

export const valkeyContenders: readonly Contender[] = contenders.flatMap(({ name, start }): readonly Contender[] => {
  const shown = names.get(name)
  if (shown === undefined) return []
  return [
    {
      name: shown,
      engine: 'valkey',
      async start({ urls: { valkey = '' } }) {
        const running = await start(valkey, 1)
        return {
          async admit(account) {
            if (!(await running.admit(account, 0))) throw new Error('refused')
          },
          async stop() {
            running.stop()
          },
        }
      },
    },
  ]
})
