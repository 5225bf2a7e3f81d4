/** What `npm start` prints: one ready line for each code. Colours only where they are asked for. */
import type { DescribedApi, DescribedRecipe, Description } from './description.ts'

export interface TerminalOptions {
  readonly colours: boolean
  /** Shown here and nowhere else: the page may be read by others. */
  readonly adminToken: string
}

type Paint = (text: string) => string

export function formatPlayground(description: Description, { colours, adminToken }: TerminalOptions): string {
  const paint = (code: number): Paint => (colours ? (text) => `\u001B[${code}m${text}\u001B[0m` : (text) => text)
  const bold = paint(1)
  const dim = paint(2)
  const { url, adminUrl, apis } = description

  const places = [
    ['Page', `${url}/`],
    ['As JSON', `${url}/playground`],
    ['Admin API', `${adminUrl}   ${dim(`Authorization: Bearer ${adminToken}`)}`],
  ].map(([name = '', where = '']) => `  ${name.padEnd(10)} ${where}`)
  return ['', `  ${bold('Tollgate playground')}`, '', ...places, '', ...apis.flatMap((api) => apiLines(api, paint)), `  ${dim('Ctrl-C stops it and forgets everything.')}`, '', ''].join('\n')
}

function apiLines(api: DescribedApi, paint: (code: number) => Paint): readonly string[] {
  const firsts = firstOfEachCode(api.recipes)
  const width = Math.max(...firsts.map((recipe) => nameOf(recipe).length))
  const more = api.recipes.length - firsts.length
  const dim = paint(2)
  return [
    `  ${paint(1)(api.title)}  ${dim(api.about)}`,
    '',
    ...firsts.flatMap((recipe) => [
      `  ${paint(colourOf(recipe.expect.status))(String(recipe.expect.status))}  ${nameOf(recipe).padEnd(width)}  ${dim(recipe.title)}`,
      `       ${recipe.curl}`,
    ]),
    ...(more > 0 ? ['', `  ${dim(`${more} more ways to these codes are on the page.`)}`] : []),
    '',
  ]
}

function firstOfEachCode(recipes: readonly DescribedRecipe[]): readonly DescribedRecipe[] {
  return recipes.filter((recipe, index) => recipes.findIndex((other) => nameOf(other) === nameOf(recipe)) === index)
}

function nameOf({ expect }: DescribedRecipe): string {
  return expect.outcome === 'success' ? 'success' : String(expect.code)
}

function colourOf(status: number): number {
  if (status === 429) return 35
  if (status < 400) return 32
  return status < 500 ? 33 : 31
}
