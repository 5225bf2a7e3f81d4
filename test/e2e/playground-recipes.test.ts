/** Each recipe of each API gets what its contract says: as the page's Run button sends it, and as its curl lines do in a plain shell. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { apis, codeOf, createPlayground, isAsDocumented, runRecipe, testNameOf } from '@tollgate/example-playground'
import type { DescribedRecipe, Playground } from '@tollgate/example-playground'
import { beforeAll, describe, expect, test } from 'vitest'
import { isProving } from '../runs.ts'

/** What a recipe gets, its API's own test says of each; `npm test` types every fourth line that says so to a shell. */
const recipes = Object.values(apis).flatMap((api) => api.recipes.filter((_, at) => isProving || at % 4 === 0).map((recipe) => ({ api: api.contract.name, id: recipe.id, title: testNameOf(api, recipe) })))
const isTried = (api: string, id: string): boolean => recipes.some((recipe) => recipe.api === api && recipe.id === id)

/**
 * One playground for all of them. Of one API one recipe after the other, as "Run all" does, and the APIs beside each other: in real time, as for whoever presses Run,
 * streams and tasks take theirs. Each test waits for the outcome of its own.
 */
function inOnePlayground<T>(run: (playground: Playground, recipe: DescribedRecipe) => Promise<T>): { readonly begin: () => void; readonly outcomeOf: (api: string, id: string) => Promise<T> } {
  let playground: Playground
  const outcomes = new Map<string, Promise<T>>()
  const begin = (): void => beforeAll(async () => {
    playground = await createPlayground({ port: 0 })
    for (const api of playground.description.apis) {
      let before: Promise<unknown> = Promise.resolve(undefined)
      for (const recipe of api.recipes.filter(({ id }) => isTried(api.name, id))) {
        const outcome = before.then(() => run(playground, recipe))
        outcomes.set(`${api.name}/${recipe.id}`, outcome)
        // What fails is for its test to say, and those after it run all the same.
        before = outcome.catch(() => undefined)
      }
    }
    return () => playground.close()
  })
  return { begin, outcomeOf: (api, id) => outcomes.get(`${api}/${id}`) ?? Promise.reject(new Error(`${api} shows no recipe ${id}`)) }
}

const asThePage = inOnePlayground(async (playground, recipe) => {
  const { meant } = await runRecipe(recipe, { send: (path, init) => fetch(playground.url + path, init) })
  const { status, code, codeAt } = recipe.expect
  return { told: [meant.status, codeAt && codeOf(meant, codeAt)], documented: [status, code] }
})

const inAShell = inOnePlayground(async (_, { curl, expect: documented }) => {
  const { stdout } = await promisify(execFile)('sh', ['-c', curl])
  return answersIn(stdout).filter((answer) => isAsDocumented(answer, documented))
})

// In a world whose time stands, each API's own test runs them too.
describe.runIf(isProving)('as the page runs it', () => {
  asThePage.begin()
  test.each(recipes)('$title', async ({ api, id }) => {
    const { told, documented } = await asThePage.outcomeOf(api, id)
    expect(told).toEqual(documented)
  })
})

describe('as its curl lines run in a shell', () => {
  inAShell.begin()
  test.each(recipes)('$title', async ({ api, id }) => {
    expect(await inAShell.outcomeOf(api, id)).not.toEqual([])
  })
})

/** What `curl -i` printed, answer by answer. */
function answersIn(output: string): { readonly status: number; readonly text: string }[] {
  return output
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part !== '' && !part.startsWith('HTTP/1.1 100 '))
    .map((part) => ({ status: Number(part.slice(9, 12)), text: part.slice(part.indexOf('\r\n\r\n') + 4) }))
}
