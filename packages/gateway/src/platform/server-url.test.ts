import { expect, it } from 'vitest'
import { readServerUrl, urlWithoutSecrets } from './server-url.ts'

const faultOf = (text: string, mayHaveQuery = false): string | undefined => {
  const read = readServerUrl(text, { mayHaveQuery })
  return read.ok ? undefined : read.fault
}

it.each(['http://127.0.0.1:9101', 'https://api.example.com/v2/', 'HTTP://[::1]:80', 'http://h/?', 'http://h/#'])('takes %s', (text) => {
  expect(faultOf(text)).toBeUndefined()
})

it.each(['', 'h:9101', '127.0.0.1:9101', '/v2', 'ftp://h', 'file:///etc/passwd', 'javascript:alert(1)', 'http://', 'http://h:99999', 'http://a b'])('is no address of a server: "%s"', (text) => {
  expect(faultOf(text)).toBe('must be a URL such as http://127.0.0.1:9101')
  expect(faultOf(text, true)).toBe('must be a URL such as http://127.0.0.1:9101')
})

it.each(['http://u@h', 'http://u:p@h', 'http://:p@h'])('holds a secret that would come back in messages: %s', (text) => {
  expect(faultOf(text)).toBe('must not hold a user and password')
})

it('has a query only where it is asked for as it stands', () => {
  for (const text of ['http://h/?a=1', 'http://h/#a']) expect([faultOf(text), faultOf(text, true)]).toEqual(['must not have a query or fragment', undefined])
})

it.each([
  ['http://u:PW@h', 'http://(secret)@h'],
  ['http://u:P/W@h/path', 'http://(secret)@h/path'],
  ['http://${USER}:${PW}@h', 'http://${USER}:${PW}@h'],
  ['u:PW@h', '(secret)@h'],
  ['http://h/?key=PW', 'http://h/?(secret)'],
  ['http://h/#PW', 'http://h/#(secret)'],
  ['', ''],
])('is quoted without what may be secret: %s', (text, shown) => {
  expect(urlWithoutSecrets(text)).toBe(shown)
})
