/** `tollgate doctor`: whether the database holds together, and what the gateway has been crying about. */
import type { Command } from 'commander'
import { addAdminCommand, openSession, type Session } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { printable } from './colours.ts'

export function addDoctorCommand(program: Command, io: CliIo): void {
  addAdminCommand(program, 'doctor', {
    description: 'read the whole database and say what is damaged, and which alerts there are; exits with 1 if anything is damaged',
    examples: ['tollgate doctor', 'tollgate doctor --json'],
  }).action(async (_, command: Command) => {
    const session = openSession(command, io)
    const damage = await damageOfStore(session)
    const { alerts } = await session.call('gateway.status', {})
    session.show({ ok: damage.length === 0, damage, alerts }, ({ green, red }) => {
      const told = alerts.map(({ at, kind, message }) => `  ${red(kind)} at ${at}: ${printable(message)}\n`).join('')
      const database = damage.length === 0 ? `${green('The database holds together')}; whether the money adds up, "tollgate credits check" says.\n` : damage.map((fault) => `${red('damaged')} ${printable(fault)}\n`).join('')
      return `${database}${told === '' ? 'No alerts.\n' : `Alerts:\n${told}`}`
    })
    if (damage.length > 0) throw new CliFailure(1, 'the database is damaged; stop, keep the file, and restore a backup')
  })
}

export async function damageOfStore(session: Pick<Session, 'call'>): Promise<readonly string[]> {
  return (await session.call('store.check', {})).damage
}
