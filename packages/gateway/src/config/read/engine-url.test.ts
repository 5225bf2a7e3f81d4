import { describe, expect, it, test } from 'vitest'
import { readEngineUrl } from './engine-url.ts'

const read = (engine: 'postgres' | 'valkey', text: string) => {
  const outcome = readEngineUrl(engine, text)
  return outcome.ok ? outcome.value : outcome.fault
}

describe('the address of an engine', () => {
  it('is read whole, with what is percent-encoded in it', () => {
    expect(read('postgres', 'postgres://toll%40gate:p%23ss%2Fw%3Frd@db.internal:6432/app')).toEqual({ server: { host: 'db.internal', port: 6432, user: 'toll@gate', password: 'p#ss/w?rd' }, path: 'app', tls: undefined })
    expect(read('valkey', 'rediss://:secret@[::1]/3')).toEqual({ server: { host: '::1', port: 6379, user: undefined, password: 'secret' }, path: '3', tls: 'full' })
    expect(read('postgres', 'postgresql://localhost')).toEqual({ server: { host: 'localhost', port: 5432, user: undefined, password: undefined }, path: undefined, tls: undefined })
  })

  it('may be a socket in a directory', () => {
    expect(read('postgres', 'postgres://me@localhost/app?host=/run/postgresql')).toMatchObject({ server: { host: '/run/postgresql' } })
    expect(read('postgres', 'postgres://me@%2Frun%2Fpostgresql/app')).toMatchObject({ server: { host: '/run/postgresql' } })
  })

  it.each([
    ['disable', undefined],
    ['prefer', undefined],
    ['require', 'none'],
    ['verify-ca', 'authority'],
    ['verify-full', 'full'],
  ])('sslmode=%s means what it means to Postgres', (mode, tls) => {
    expect(read('postgres', `postgres://db/app?sslmode=${mode}`)).toMatchObject({ tls })
  })
})

test.each([
  ['postgres', 'mysql://db/app', 'must be a URL such as postgres://tollgate@127.0.0.1:5432/tollgate'],
  ['postgres', 'db:5432/app', 'must be a URL such as postgres://tollgate@127.0.0.1:5432/tollgate'],
  ['postgres', 'postgres://u:12?hunter2@db/app', 'has a parameter that is not known here; there are sslmode and host, and settings beside the URL (a ? in a password is written %3F)'],
  ['postgres', 'postgres://u:1#hunter2@db/app', 'must not have a fragment: a # in a password is written %23'],
  ['postgres', 'postgres://u:50%@db/app', 'has a % that stands for nothing: a plain one is written %25'],
  ['postgres', 'postgres://db/app?sslmode=constructor', 'has an sslmode that there is not; it is one of disable, allow, prefer, require, verify-ca, verify-full'],
  ['postgres', 'postgres:///app', 'names no host; write one, as in postgres://tollgate@127.0.0.1:5432/tollgate'],
  ['valkey', 'redis://db/zero', 'must name its database by number: /0'],
  ['valkey', 'http://db', 'must be a URL such as redis://127.0.0.1:6379/0'],
] as const)('%s: %s', (engine, text, fault) => {
  expect(read(engine, text)).toBe(fault)
  expect(fault).not.toContain('hunter2')
})
