import { expect, it } from 'vitest'
import { isLoopback } from './addresses.ts'

it.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '[::1]', '0:0::1', '::ffff:127.0.0.1'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

it.each(['127.evil.example', '127.0.0.1.example', '128.0.0.1', '::', '0.0.0.0', 'localhost.example', ''])('"%s" may be another', (host) => {
  expect(isLoopback(host)).toBe(false)
})
