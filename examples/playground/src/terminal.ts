/** What `npm start` prints: one ready line for each API, and where the rest is. Colours only where they are asked for. */
import type { DescribedApi, Description } from './description.ts'

export interface TerminalOptions {
  readonly colours: boolean
  /** Shown here and nowhere else: the page may be read by others. */
  readonly adminToken: string
}

/** Where the traffic goes by itself. */
const DEFAULT_URL = 'http://localhost:8080'

type Paint = (text: string) => string

export function formatPlayground(description: Description, { colours, adminToken }: TerminalOptions): string {
  const paint = (code: number): Paint => (colours ? (text) => `\u001B[${code}m${text}\u001B[0m` : (text) => text)
  const bold = paint(1)
  const dim = paint(2)
  const { url, adminUrl, apis } = description

  const places = [
    ['Admin API', `${adminUrl}   ${dim(`Authorization: Bearer ${adminToken}`)}`],
    ['Commands', `npx tollgate status --admin ${adminUrl} --token ${adminToken}`],
    ['As JSON', `${url}/playground`],
    ['Traffic', `npm run traffic${url === DEFAULT_URL ? '' : ` -- --url ${url}`}   ${dim('sends a mix of calls, in another terminal')}`],
  ].map(([name = '', where = '']) => `  ${name.padEnd(10)} ${where}`)
  const codes = apis.reduce((sum, api) => sum + api.codes.length, 0)
  return [
    '',
    `  ${bold('Tollgate playground')}`,
    '',
    ...apis.flatMap((api) => apiLines(api, paint)),
    `  ${bold(`${codes} codes at ${url}/`)}`,
    '',
    ...places,
    '',
    `  ${dim('Ctrl-C stops it and forgets everything.')}`,
    '',
    '',
  ].join('\n')
}

/** The API, and the first call that succeeds: a line to begin with. The page has the others. */
function apiLines({ title, about, codes, counts, recipes }: DescribedApi, paint: (code: number) => Paint): readonly string[] {
  const first = recipes.find((recipe) => recipe.expect.outcome === 'success' && !recipe.curl.includes('\n')) ?? recipes[0]
  const dim = paint(2)
  return [`  ${paint(1)(title)}  ${dim(`${codes.length} ${counts}. ${about}`)}`, ...(first === undefined ? [] : [`  ${first.curl}`]), '']
}
