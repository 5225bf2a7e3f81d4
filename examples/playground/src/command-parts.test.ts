import { expect, test } from 'vitest'
import { apis } from './apis.ts'
import { commandParts, linesOf } from './command-parts.ts'
import { describePlayground } from './description.ts'

test('a command is cut at its words, an option with its value', () => {
  expect(commandParts(`curl -i -X POST http://a/b -H 'x-key: it'\\''s me' -d '{"a": "b c"}'`).filter((part) => part !== ' ')).toEqual([
    'curl', '-i', '-X POST', 'http://a/b', `-H 'x-key: it'\\''s me'`, `-d '{"a": "b c"}'`,
  ])
})

const commands = describePlayground('http://localhost:8080', '', Object.values(apis)).apis.flatMap(({ recipes }) => recipes.map(({ curl }) => curl))

test.each([...commands, '', "it's open", ' \n\n x', '-d'])('nothing is added to %j, nor lost', (command) => {
  expect(linesOf(commandParts(command)).flat().join('')).toBe(command)
})
