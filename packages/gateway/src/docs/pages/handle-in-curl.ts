/** How a command line takes a refusal: what curl may repeat by itself, and what it must not. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { credentialFlag } from './credential-header.ts'
import type { PageContext } from './page-context.ts'

/** The statuses that `curl --retry` repeats, whatever their code. */
const REPEATED_BY_CURL: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

export function handleInCurl(contract: DescribedContract, { retry, sentAs }: DescribedEntry, { apiUrl }: PageContext): string {
  const url = `"\${API_URL:-${apiUrl}}/things"`
  const key = credentialFlag(contract)
  const repeats = REPEATED_BY_CURL.has(sentAs)
  switch (retry.rule) {
    case 'never':
      return `${repeats ? `# No --retry: curl would repeat any ${sentAs}, whatever its code.\n` : ''}curl -i ${url}${key}\n`
    case 'refresh':
      return `curl -i ${url}${key}\n# Refused: get a new token, then ask once more.\nAPI_KEY="$NEW_API_KEY"\ncurl -i ${url}${key}\n`
    case 'wait':
      return repeats ? `# It waits as long as Retry-After says.\ncurl -i --retry 3 --retry-max-time 120 ${url}${key}\n` : `# curl repeats no ${sentAs}: wait as long as Retry-After says.\ncurl -i ${url}${key}\n`
    case 'backoff':
      return repeats ? `# It waits 1 s, 2 s, 4 s, or as long as Retry-After says. Only for what may be done twice.\ncurl -i --retry 3 --retry-max-time 60 ${url}${key}\n` : `# curl repeats no ${sentAs}.\ncurl -i ${url}${key}\n`
  }
}
