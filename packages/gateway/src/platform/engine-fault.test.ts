import { expect, test } from 'vitest'
import { engineFault, type EngineAddress } from './engine-fault.ts'

const about: EngineAddress = { name: 'postgres db:5432/app', user: 'tollgate', password: 'hunter2', database: 'app' }
const coded = (code: string, message = 'hunter2'): Error => Object.assign(new Error(message), { code })

test.each([
  [coded('ECONNREFUSED'), 'nothing listens at this address; start the server, or mend the address'],
  [coded('28P01'), 'the password of tollgate is wrong'],
  [coded('3D000'), 'there is no database app; create it (createdb), or mend the address'],
  [new Error('WRONGPASS invalid username-password pair or user is disabled.'), 'the password of tollgate is wrong, or there is no such user'],
  [new Error('The server does not support SSL connections'), 'it does not speak TLS; take tls (or sslmode) away, or switch it on there'],
  [new Error('timeout expired'), 'it does not answer; is the address right, and does a firewall let this machine through?'],
  [new AggregateError([coded('ECONNREFUSED')]), 'nothing listens at this address; start the server, or mend the address'],
])('%s is said as what it means', (error, words) => {
  expect(engineFault(error, about)).toBe(`postgres db:5432/app: ${words}`)
})

test('what is not known is said without the password', () => {
  expect(engineFault(new Error('cannot use postgres://tollgate:hunter2@db:5432/app: hunter2'), about)).toBe('postgres db:5432/app: cannot use postgres://[redacted]@db:5432/app: [redacted]')
  expect(engineFault('constructor', about)).toBe('postgres db:5432/app: constructor')
})
