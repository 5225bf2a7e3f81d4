import { expect, test } from 'vitest'
import { apis } from './apis.ts'
import { codesOf, describePlayground } from './description.ts'
import { formatPlayground } from './terminal.ts'

const list = Object.values(apis)
const description = describePlayground('http://localhost:8080', 'http://127.0.0.1:9090', list)
const plain = formatPlayground(description, { colours: false, adminToken: 'token-of-the-admin' })

test('the terminal shows one line to begin with for each API, which succeeds', () => {
  const lines = plain.split('\n').filter((line) => line.startsWith('  curl '))
  const first = description.apis.map(({ recipes }) => recipes.find(({ expect: { outcome } }) => outcome === 'success')?.curl)
  expect(lines).toEqual(first.map((curl) => `  ${curl}`))
})

test('the terminal says how many codes there are and where', () => {
  expect(plain).toContain(`${list.flatMap(codesOf).length} codes at http://localhost:8080/`)
})

test('the terminal tells where JSON and admin API are, and the admin token', () => {
  for (const place of ['http://localhost:8080/playground', 'http://127.0.0.1:9090', 'token-of-the-admin']) expect(plain).toContain(place)
})

test('the terminal has a command that asks this playground, and no other gateway', () => {
  expect(plain).toContain('npx tollgate status --admin http://127.0.0.1:9090 --token token-of-the-admin')
})

test('with five APIs the terminal still fits on a screen', () => {
  const five = { ...description, apis: Array.from({ length: 5 }, () => description.apis).flat().slice(0, 5) }
  expect(formatPlayground(five, { colours: false, adminToken: 'token' }).split('\n').length).toBeLessThanOrEqual(30)
})

test('without colours there is not one escape character, and with them the text is the same', () => {
  expect(plain).not.toContain('\u001B')
  const coloured = formatPlayground(description, { colours: true, adminToken: 'token-of-the-admin' })
  const [head, ...rest] = coloured.split('\u001B[')
  expect(head + rest.map((part) => part.replace(/^\d+m/, '')).join('')).toBe(plain)
  expect(coloured).not.toBe(plain)
})
