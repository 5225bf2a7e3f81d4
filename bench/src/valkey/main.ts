/**
 * Counters on Valkey or Redis beside others: `npm run bench:valkey`. A server of its own on 127.0.0.1; everybody asks it in turns, so that whatever else the
 * machine does meets all alike. What counts is the ratio within a round; its median is reported. It ends by itself, after some minutes.
 */
import { startValkey, valkeyPrograms } from '@tollgate/example-servers/valkey'
import { describeMachine } from '../machine.ts'
import { contenders, type Contender } from './contenders.ts'
import { formatCase, type Measured } from './format-case.ts'
import { measureOnce, type Situation } from './measure-once.ts'

const rounds = Number(process.env['ROUNDS'] ?? 7)
/** Of each caller; so many, and not for so long, since a program that has just begun is slow, and on a busy machine it would stay so. */
const admissionsOf = ({ callers, gateways }: Situation): number => (callers === 1 ? 5_000 : 10_000 * gateways)

/** Who asks: how many at once, of how many accounts, through how many gateways. */
const situations: readonly Situation[] = [
  { name: 'one caller, one account', callers: 1, accounts: 1, gateways: 1 },
  { name: 'one caller, 10,000 accounts', callers: 1, accounts: 10_000, gateways: 1 },
  { name: '64 callers, one account', callers: 64, accounts: 1, gateways: 1 },
  { name: '64 callers, 10,000 accounts', callers: 64, accounts: 10_000, gateways: 1 },
  { name: '64 callers of each of 4 gateways, one account', callers: 64, accounts: 1, gateways: 4 },
  { name: '64 callers of each of 4 gateways, 10,000 accounts', callers: 64, accounts: 10_000, gateways: 4 },
]

if (valkeyPrograms.length === 0) {
  process.stderr.write('There is neither valkey-server nor redis-server on PATH\n')
  process.exit(1)
}
// The server ends with this process, also where somebody ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const server = await startValkey()
try {
  process.stdout.write(`${JSON.stringify(describeMachine())}\n\n`)
  for (const situation of situations) process.stdout.write(`${formatCase(situation.name, await measureAll(situation))}\n`)
} finally {
  await server.stop()
}

async function measureAll(situation: Situation): Promise<readonly Measured[]> {
  const running = new Map<Contender['name'], Awaited<ReturnType<Contender['start']>>>()
  for (const { name, start } of contenders) running.set(name, await start(server.url, situation.gateways))
  const measured = contenders.map(({ name }): Measured => ({ name, rounds: [] }))
  for (const [, contender] of running) await measureOnce(contender, situation, 2 * admissionsOf(situation), server.url)
  for (let round = 0; round < rounds; round += 1) {
    const turns = [...measured.slice(round % measured.length), ...measured.slice(0, round % measured.length)]
    for (const each of turns) {
      const contender = running.get(each.name)
      if (contender !== undefined) each.rounds[round] = await measureOnce(contender, situation, admissionsOf(situation), server.url)
    }
  }
  for (const [, { stop }] of running) stop()
  return measured
}
