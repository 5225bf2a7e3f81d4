import type { DescribedContract } from '../../model/described-contract.ts'
import { bodyAccess } from './body-access.ts'

/** Head and body of an answer, and the code alone. */
export function curlHandling(described: DescribedContract, apiUrl: string): string {
  const { isJson, parent, code } = bodyAccess(described)
  const whole = `# Head and body.\ncurl -i ${apiUrl}/things`
  if (!isJson || code === undefined) return `${whole}\n\n# The status alone.\ncurl -sS -o /dev/null -w '%{http_code}\\n' ${apiUrl}/things`
  const path = [...parent, code].map((step, at) => (typeof step === 'number' ? `[${step}]` : /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `${at === 0 ? '.' : ''}[${JSON.stringify(step)}]`)).join('')
  return `${whole}\n\n# Status and code.\ncurl -sS -w '%{stderr}%{http_code}\\n' ${apiUrl}/things | jq -r '${path}'`
}
