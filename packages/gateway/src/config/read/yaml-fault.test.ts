import { expect, it } from 'vitest'
import { parseYamlSource } from './yaml-source.ts'

const faultOf = (text: string) => {
  const parsed = parseYamlSource(text)
  if (parsed.ok) throw new Error('it is valid')
  const [{ line, message } = { line: 0, message: '' }] = parsed.problems
  return `${line}: ${message}`
}

it.each([
  ['an unquoted colon', 'apis:\n  a:\n    title: Wait: soon\n', '3: not valid YAML: the value of "title" has a colon followed by a space, which would begin a setting within it; put the value in quotes'],
  ['one in a list', 'a:\n  - name: x: y\n', '2: not valid YAML: the value of "name" has a colon followed by a space, which would begin a setting within it; put the value in quotes'],
  ['a line too deep', 'upstreams:\n  a: http://x\n   b: http://y\n', '2: not valid YAML: line 3 is indented by 3 spaces, deeper than line 2, which has a value already; give settings of one group the same indentation (2 spaces)'],
  ['a line between two levels', 'listen:\n  port: 1\n host: x\n', '3: not valid YAML: the line is indented by 1 space, where 0 or 2 would belong to something above; give settings of one group the same indentation'],
  ['a line beside a list', 'routes:\n  - on: GET /x\n    steps: []\n   name: y\n', '4: not valid YAML: the line is indented by 3 spaces, where 0, 2 or 4 would belong to something above; give settings of one group the same indentation'],
  ['a tab', 'apis:\n\ta: 1\n', '2: not valid YAML: the line begins with a tab; indent with spaces'],
  ['a bracket', 'a: [1, 2\nb: 1\n', '2: not valid YAML: a "[" that was opened above is not closed by "]"'],
  ['a brace', 'a: { b: 1\nc: 1\n', '2: not valid YAML: a "{" that was opened above is not closed by "}"'],
  ['a colon without a space', 'a:\n  contract:problem\n  mount: /\n', '2: not valid YAML: a setting is written "name: value", with a space after the colon'],
  ['a word without a colon', 'a:\n  contract\n  mount: /\n', '2: not valid YAML: the line is no setting; a setting is written "name: value"'],
  ['a colon in braces', 'a: { b: c: d }\n', '1: not valid YAML: a value has a colon followed by a space, which would begin a setting within it; put the value in quotes'],
  ['a colon before a brace', 'a: { prefix: th_: }\n', '1: not valid YAML: a value has a colon followed by a space, which would begin a setting within it; put the value in quotes'],
  ['a quote', 'a: 1\nb: "x\nc: 1\nd: 2\n', '2: not valid YAML: a " that was opened here is not closed'],
  ["a single quote", "a: 1\nb: { c: 'x }\nd: 2\n", "2: not valid YAML: a ' that was opened here is not closed"],
  ['a path with a parameter in braces', '- { on: GET /things/{id}, public: true }\n', '1: not valid YAML: a value with "{" in it must stand in quotes here'],
  ['one in brackets', 'a: [GET /things/{id}]\n', '1: not valid YAML: a comma is missing, or a value with "{" in it must stand in quotes here'],
  ['a placeholder in braces', 'a: { b: ${B} }\n', '1: not valid YAML: a value with "{" in it must stand in quotes here; within braces a placeholder must be quoted: "${NAME}"'],
  ['text after a quote', 'a: "x" y\n', '1: not valid YAML: something follows the closing quote; put the whole value in quotes'],
  ['an apostrophe', "a: 'it's'\n", '1: not valid YAML: something follows the closing quote; put the whole value in quotes'],
  ['a reserved beginning', 'a: @x\n', '1: not valid YAML: a value that begins with this character must stand in quotes'],
  ['a brace too many', '{ a: 1 }}\n', '1: not valid YAML: "}" closes nothing that was opened'],
  ['nothing', '', '1: the file is empty'],
  ['nothing but remarks', '# apis:\n', '1: the file is empty'],
  ['a program', '\u0000\u0001ELF\n\u0002\n', '1: not valid YAML: the file is no text'],
])('%s is said so that it can be mended', (_, text, expected) => expect(faultOf(text)).toBe(expected))

it('never quotes a value, which may be a secret', () => {
  expect(faultOf('admin:\n  token: hush: hush\n')).not.toContain('hush')
})
