/** How a program in Python takes a refusal, with its standard library alone. */
import type { DescribedContract, DescribedEntry } from '../model/described-contract.ts'
import { credentialHeader } from './credential-header.ts'
import type { PageContext } from './page-context.ts'

export function handleInPython(contract: DescribedContract, entry: DescribedEntry, { apiUrl }: PageContext): string {
  const { rule } = entry.retry
  const attempts = rule === 'never' ? 1 : rule === 'refresh' ? 2 : 4
  const known = knownBy(contract, entry)
  const imports = ['json', 'os', ...(rule === 'backoff' || rule === 'wait' ? ['random', 'time'] : []), 'urllib.error', 'urllib.request'].filter((name) => name !== 'json' || known.isJson)
  return [
    ...imports.map((name) => `import ${name}`),
    '',
    `API_URL = os.environ.get("API_URL", "${apiUrl}")`,
    '',
    ...(rule === 'refresh' ? ['', 'def new_token():', '    return os.environ.get("NEW_API_KEY", "")', ''] : []),
    '',
    'def call(path):',
    ...credentialLines(contract),
    `    for attempt in range(${attempts}):`,
    `        request = urllib.request.Request(API_URL + path${credentialHeader(contract) === undefined ? '' : ', headers=headers'})`,
    '        try:',
    '            with urllib.request.urlopen(request, timeout=60) as answer:',
    ...(entry.sentAs >= 400 ? ['                return answer.read()'] : ['                status, head, body = answer.status, answer.headers, answer.read()']),
    '        except urllib.error.HTTPError as refused:',
    '            status, head, body = refused.code, refused.headers, refused.read()',
    ...known.lines.map((line) => `        ${line}`),
    `        if not is_it:`,
    `            ${entry.sentAs >= 400 ? 'raise RuntimeError(f"another refusal: {status} {body!r}")' : 'return body'}`,
    ...ruleLines(contract, entry, attempts).map((line) => `        ${line}`),
    '',
    '',
    'print(call("/things"))',
    '',
  ].join('\n')
}

function credentialLines(contract: DescribedContract): readonly string[] {
  const header = credentialHeader(contract)
  return header === undefined ? [] : [`    headers = {"${header.name}": ${header.scheme === undefined ? '' : `"${header.scheme} " + `}os.environ.get("API_KEY", "")}`]
}

/** By its code where the body is JSON that has one, otherwise by its status. */
function knownBy({ members, families, declaration }: DescribedContract, { id, code, sentAs }: DescribedEntry): { readonly lines: readonly string[]; readonly isJson: boolean } {
  const { entries, envelope } = declaration
  const family = entries[id]?.family
  const place = (family === undefined ? members : families[family] ?? []).find(({ slot }) => slot === 'code')?.place
  const isJson = envelope.contentType === undefined || /\bjson\b/.test(envelope.contentType)
  if (!isJson || place === undefined || code === '' || /^$/.test(place)) return { lines: [`is_it = status == ${sentAs}`], isJson: false }
  const path = place.split(/[.]|(?=\[)/).map((step) => (step === '[]' ? '[0]' : step.startsWith('[') ? step : `["${step}"]`)).join('')
  // Others have the code with another status.
  const shares = Object.values(entries).some((other) => other.code === code && (other.sentAs ?? other.status) !== sentAs)
  return {
    lines: ['try:', `    is_it = json.loads(body)${path} == ${JSON.stringify(code)}${shares ? ` and status == ${sentAs}` : ''}`, 'except (ValueError, LookupError, TypeError):', '    is_it = False'],
    isJson: true,
  }
}

function ruleLines(contract: DescribedContract, { retry, action }: DescribedEntry, attempts: number): readonly string[] {
  const header = credentialHeader(contract)
  const giveUp = `raise RuntimeError(f"refused for good: {body!r}, request {head['${contract.requestId.header}']}")`
  switch (retry.rule) {
    case 'never':
      return [`# ${action.words} The same request would get the same answer.`, giveUp]
    case 'refresh':
      return ['if attempt == 1:', `    ${giveUp}`, ...(header === undefined ? [] : [`headers["${header.name}"] = ${header.scheme === undefined ? '' : `"${header.scheme} " + `}new_token()`])]
    case 'wait':
      return [`if attempt == ${attempts - 1}:`, `    ${giveUp}`, '# Never less than it says, and not all callers in the same instant.', 'time.sleep(int(head["Retry-After"] or 60) * (1 + random.random() / 10))']
    case 'backoff':
      return [`if attempt == ${attempts - 1}:`, `    ${giveUp}`, '# A part of 1 s, 2 s, 4 s by chance, and not before Retry-After where it is sent.', 'time.sleep(max(int(head["Retry-After"] or 0), random.random() * 2**attempt))']
  }
}
