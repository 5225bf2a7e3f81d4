import { expect, it } from 'vitest'
import { createJsonLog } from './log.ts'

function written() {
  const lines: string[] = []
  const log = createJsonLog((line) => void lines.push(line), () => new Date(0))
  return { log, lines, objects: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

it('each line is one JSON object with time, level and message', () => {
  const { log, lines, objects } = written()
  log.info('started', { url: 'http://127.0.0.1:8080' })
  log.error('two\nlines')
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true)
  expect(objects()).toEqual([
    { level: 'info', time: '1970-01-01T00:00:00.000Z', url: 'http://127.0.0.1:8080', message: 'started' },
    { level: 'error', time: '1970-01-01T00:00:00.000Z', message: 'two\nlines' },
  ])
})

it('the level holds for what the program says, not for the lines about requests', () => {
  const { log, objects } = written()
  log.configure({ level: 'error', format: 'json' })
  log.info('a')
  log.warn('b')
  log.error('c')
  log.access({ status: 200 })
  expect(objects().map(({ message }) => message)).toEqual(['c', 'request'])
})

it('as text it is a line for eyes', () => {
  const { log, lines } = written()
  log.configure({ level: 'info', format: 'text' })
  log.warn('a certificate\nis old', { listener: 'listen', why: 'it was not "renewed"' })
  expect(lines).toEqual(['1970-01-01T00:00:00.000Z warn  a certificate is old listener=listen why="it was not \\"renewed\\""\n'])
})

it.each([
  ['a field with a telling name', 'x', { authorization: 'abc', headers: { cookie: 'sid=1' } }, ['abc', 'sid=1']],
  ['a bearer in a text', 'upstream said Bearer sk-live-123456', {}, ['sk-live-123456']],
  ['a user in a URL', 'x', { error: 'connect to https://anna:hunter2@db.internal:5432 failed' }, ['hunter2', 'anna']],
  ['a query', 'x', { target: '/v1/a?api_key=topsecret&page=2' }, ['topsecret']],
  ['a key as this gateway makes them', 'no account for ak_16neLKgzF5dvNK8q3W8Txnp7zQNaEh921dEEhZ', {}, ['16neLKgzF5dvNK8q3W8Txnp7zQNaEh921dEEhZ']],
  ['a token', 'x', { problems: ['bad eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'] }, ['eyJzdWIiOiJhIn0']],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----', {}, ['MIGHAgEA']],
])('%s is taken out', (_, message, fields, secrets) => {
  const { log, lines } = written()
  log.error(message, fields)
  log.configure({ level: 'info', format: 'text' })
  log.error(message, fields)
  for (const secret of secrets) expect(lines.join('')).not.toContain(secret)
  expect(lines.every((line) => line.includes('[redacted]'))).toBe(true)
})

it('what is no secret stays: ids, addresses, files', () => {
  const { log, objects } = written()
  const fields = { requestId: '3f9c2a9e-1c5b-4a86-9d5c-0b6b8f1d2e77', where: 'req_019cd79e4600195ebd2bb4907c885c34', keyId: 'key_95caaf40a3bf998d3f', adminTokenFile: '/srv/data/tollgate.admin-token', url: 'https://[::1]:8080', path: '/v1/rooms' }
  log.info('started', fields)
  expect(objects()[0]).toMatchObject(fields)
})
