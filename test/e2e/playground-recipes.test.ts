/** Each recipe of each API gets what its contract says: as the page's Run button sends it, and as its curl lines do in a plain shell. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { apis, codeOf, createPlayground, isAsDocumented, runRecipe, testNameOf } from '@tollgate/example-playground'
import type { DescribedRecipe, Playground } from '@tollgate/example-playground'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let playground: Playground
/** One for all, one recipe after the other, as "Run all" does. In real time, as for whoever presses Run: streams and tasks take theirs. */
function inOnePlayground(): void {
  beforeAll(async () => {
    playground = await createPlayground({ port: 0 })
  })
  afterAll(() => playground.close())
}

const recipes = Object.values(apis).flatMap((api) => api.recipes.map((recipe) => ({ api: api.contract.name, id: recipe.id, title: testNameOf(api, recipe) })))

/** As the running playground describes it, with what happened before its start. */
function described(api: string, id: string): DescribedRecipe {
  const found = playground.description.apis.find(({ name }) => name === api)?.recipes.find((recipe) => recipe.id === id)
  if (found === undefined) throw new Error(`${api} shows no recipe ${id}`)
  return found
}

describe('as the page runs it', () => {
  inOnePlayground()
  test.each(recipes)('$title', async ({ api, id }) => {
    const recipe = described(api, id)
    const { meant } = await runRecipe(recipe, { send: (path, init) => fetch(playground.url + path, init) })
    expect([meant.status, recipe.expect.codeAt && codeOf(meant, recipe.expect.codeAt)]).toEqual([recipe.expect.status, recipe.expect.code])
  })
})

describe('as its curl lines run in a shell', () => {
  inOnePlayground()
  test.each(recipes)('$title', async ({ api, id }) => {
    const { curl, expect: expected } = described(api, id)
    const { stdout } = await promisify(execFile)('sh', ['-c', curl])
    expect(answersIn(stdout).filter((answer) => isAsDocumented(answer, expected))).not.toEqual([])
  })
})

/** What `curl -i` printed, answer by answer. */
function answersIn(output: string): { readonly status: number; readonly text: string }[] {
  return output
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part !== '' && !part.startsWith('HTTP/1.1 100 '))
    .map((part) => ({ status: Number(part.slice(9, 12)), text: part.slice(part.indexOf('\r\n\r\n') + 4) }))
}
