import { expect, test } from 'vitest'
import { describePlayground } from './description.ts'
import { recipeBooks } from './recipes.ts'
import { formatPlayground } from './terminal.ts'

const description = describePlayground('http://localhost:8080', 'http://127.0.0.1:9090', recipeBooks)
const plain = formatPlayground(description, { colours: false, adminToken: 'token-of-the-admin' })

test('the terminal shows each code of each API once, with a line that provokes it', () => {
  const codes = recipeBooks.flatMap(({ contract }) => [...new Set([...contract.entries.values()].map(({ code }) => String(code)))])
  const shown = codes.filter((code) => plain.match(new RegExp(String.raw`^  \d{3}  ${code} .*\n       (?:for |curl )`, 'gm'))?.length === 1)
  expect(shown).toEqual(codes)
})

test('the terminal tells where page, JSON and admin API are, and the admin token', () => {
  for (const place of ['http://localhost:8080/', 'http://localhost:8080/playground', 'http://127.0.0.1:9090', 'token-of-the-admin']) expect(plain).toContain(place)
})

test('without colours there is not one escape character, and with them the text is the same', () => {
  expect(plain).not.toContain('\u001B')
  const coloured = formatPlayground(description, { colours: true, adminToken: 'token-of-the-admin' })
  const [head, ...rest] = coloured.split('\u001B[')
  expect(head + rest.map((part) => part.replace(/^\d+m/, '')).join('')).toBe(plain)
  expect(coloured).not.toBe(plain)
})
