import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { chatadsRecipes } from './chatads-recipes.ts'
import { quoteWord, toCurl } from './curl.ts'

/** What a shell makes of a line: the arguments that each `curl` in it would get. */
function argumentsOf(line: string): string[][] {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\n\\0'; }\n${line}`
  const out = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
  return out.split('\n\0').slice(0, -1).map((call) => call.split('\0').slice(0, -1))
}

test.each(["it's", '$HOME `id` "x" \\', 'two words', '', 'a\nb', '-n', '*'])('a shell takes %j quoted for exactly that', (text) => {
  expect(argumentsOf(`curl ${quoteWord(text)}`)).toEqual([[text]])
})

test.each(chatadsRecipes.recipes)('the line of "$title" sends exactly the request of the recipe', (recipe) => {
  const { method, path, headers, body } = recipe.request
  const sent = [
    '-i',
    ...(method === (body === undefined ? 'GET' : 'POST') ? [] : ['-X', method]),
    `http://localhost:8080${path}`,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(body === undefined ? [] : ['-d', body]),
  ]
  expect(argumentsOf(toCurl('http://localhost:8080', recipe))).toEqual(Array.from({ length: recipe.repeat ?? 1 }, () => sent))
})
