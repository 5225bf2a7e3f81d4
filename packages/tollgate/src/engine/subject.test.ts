import { assert, constantFrom, oneof, property, record, string, type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { formatSubject, parseSubject, type Subject } from './subject.ts'

const id = oneof(string(), string({ unit: constantFrom(':', '%', '3', 'A', 'a', '2', '5') }))
const of = <K extends Subject['of']>(name: K): Arbitrary<K> => constantFrom(name)
const subject: Arbitrary<Subject> = oneof(
  record({ of: of('account'), id }),
  record({ of: of('key'), id }),
  record({ of: of('user'), account: id, id }),
  record({ of: of('ip'), api: id, id }),
  record({ of: of('resource'), api: id, table: id, id }),
  record({ of: of('lease'), api: id, id }),
)

test('subjects as they stand in every database', () => {
  expect([
    formatSubject({ of: 'account', id: 'team_1' }),
    formatSubject({ of: 'user', account: 'team_1', id: 'ada' }),
    formatSubject({ of: 'key', id: 'key_9' }),
    formatSubject({ of: 'ip', api: 'ads', id: '2001:db8:1:2::/64' }),
    formatSubject({ of: 'resource', api: 'videos', table: 'models', id: 'a:b' }),
    formatSubject({ of: 'lease', api: 'streams', id: 'ses_1' }),
  ]).toEqual(['account:team_1', 'user:team_1:ada', 'key:key_9', 'ip:ads:2001:db8:1:2::/64', 'resource:videos:models:a:b', 'lease:streams:ses_1'])
})

test('what is formatted is read back as it was, whatever the ids: so no two subjects are one', () => {
  assert(
    property(subject, (one) => {
      expect(parseSubject(formatSubject(one))).toEqual(one)
    }),
  )
})

test('a user of one account is none of another, though their ids join to the same', () => {
  expect(formatSubject({ of: 'user', account: 'a:b', id: 'c' })).not.toBe(formatSubject({ of: 'user', account: 'a', id: 'b:c' }))
})

test('any other text is no subject', () => {
  expect(['', 'account', 'user:a', 'ip:a', 'lease:a', 'resource:a:b', 'planet:mars', 'constructor:x'].map(parseSubject)).toEqual(Array(8).fill(undefined))
})
