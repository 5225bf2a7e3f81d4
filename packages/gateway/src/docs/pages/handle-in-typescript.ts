/** How a program in TypeScript takes a refusal, with the client of this library: it does by itself what the rule allows, and hands on the rest. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { credentialHeader } from './credential-header.ts'
import type { PageContext } from './page-context.ts'

export function handleInTypescript(contract: DescribedContract, entry: DescribedEntry, { apiUrl }: PageContext): string {
  const header = credentialHeader(contract)
  return [
    "import { readFile } from 'node:fs/promises'",
    "import { createClient } from 'tollgate/client'",
    "import { parseContract } from 'tollgate/contract'",
    '',
    "const parsed = parseContract(JSON.parse(await readFile('contract.json', 'utf8')))",
    "if (!parsed.ok) throw new Error('contract.json is not whole')",
    '',
    'const api = createClient({',
    `  baseUrl: process.env.API_URL ?? '${apiUrl}',`,
    '  contract: parsed.contract,',
    ...(header === undefined ? [] : credentialLines(header, entry)),
    '})',
    "const { data, error } = await api.result('/things')",
    `if (error?.entry === '${entry.id}') {`,
    ...bodyLines(entry).map((line) => `  ${line}`),
    '} else if (error !== undefined) {',
    '  throw error',
    '} else {',
    '  console.log(data)',
    '}',
    '',
  ].join('\n')
}

function credentialLines({ name }: NonNullable<ReturnType<typeof credentialHeader>>, { retry }: DescribedEntry): readonly string[] {
  const token = "process.env.API_KEY ?? ''"
  const where = name === 'Authorization' ? '' : `header: '${name}', `
  if (retry.rule !== 'refresh') return [`  credentials: { ${where}token: ${token} },`]
  return ['  credentials: {', ...(where === '' ? [] : [`    ${where.trimEnd()}`]), `    token: ${token},`, '    // Called once for all calls that wait for it; each of them is then repeated once.', "    refresh: async () => process.env.NEW_API_KEY ?? '',", '  },']
}

function bodyLines({ retry, action, facts }: DescribedEntry): readonly string[] {
  const told = facts.filter(({ constant }) => constant === undefined).slice(0, 3).map(({ wireName }) => wireName)
  const figures = told.length === 0 ? 'error.message' : `error.message, error.details`
  const person = `console.error(${figures}, 'request', error.requestId)`
  switch (retry.rule) {
    case 'never':
      return ['// It was asked once: the same request would get the same answer.', `// ${action.words}`, person]
    case 'wait':
      return ['// It has waited as long as it was told, and asked again, three times in all.', '// A wait of more than a minute (waitMaxMs) is yours: this is when to come again.', "console.error(error.message, 'again at', error.retryAt)"]
    case 'backoff':
      return ['// It has asked again with growing pauses, three times in all, where a repeat can do no harm.', person]
    case 'refresh':
      return ['// It has got a new token and asked once more, and that was refused as well.', person]
  }
}
