import type { Rule } from '../rule.ts'

export const secretInWords: Rule = {
  id: 'secret-in-words',
  severity: 'error',
  topic: 'caller',
  title: 'Secrets or inner workings in what callers read',
  why: 'A message goes to everybody, also to who attacks: keys, addresses of machines, names of databases and exceptions tell them what there is and where.',
  source: 'RFC 9457 section 5: vet every detail, no stack dumps; OWASP API8:2023',
  fix: 'Say what the caller can do. The cause belongs to the log, under the request id.',
  find: ({ entries }) =>
    entries.flatMap(({ path, sentences, declared }) =>
      [...sentences.map((text) => ({ at: `${path}.message`, text })), ...(declared.remedy === undefined ? [] : [{ at: `${path}.remedy`, text: declared.remedy }])].flatMap(({ at, text }) => {
        const word = secrets.map((pattern) => pattern.exec(text)?.[0]).find((found) => found !== undefined)
        return word === undefined ? [] : [{ path: at, value: `${word.slice(0, 12)}${word.length > 12 ? '…' : ''}`, problem: 'is a secret, or an inner part that is nobody\'s business', mend: 'say what the caller can do' }]
      }),
    ),
  bad: { declaration: { entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', message: 'NullPointerException at redis-01.internal:6379' } } }, paths: ['entries.failed.message'] },
  good: { declaration: { entries: { failed: { code: 'FAILED', status: 500, reason: 'internal', message: 'Something failed on our side.', remedy: 'Write to us with the request id.' } } } },
}

const secrets: readonly RegExp[] = [
  /\b(?:sk|pk|rk|ghp|xox[abp])[-_](?:live|test)?_?[A-Za-z0-9]{16,}/,
  /\bAKIA[A-Z0-9]{12,}/,
  /\beyJ[\w-]{10,}\.[\w-]{5,}/,
  /-----BEGIN [A-Z ]+-----/,
  /\b(?:10|127)(?:\.\d{1,3}){3}\b|\b192\.168(?:\.\d{1,3}){2}\b/,
  /\b[\w-]+\.(?:internal|local|svc\.cluster\.local)\b/,
  /\blocalhost\b/i,
  /\b\w*(?:Exception|Traceback)\b|\bstack ?trace\b|\bsegfault\b|\bnull pointer\b/i,
  /\b(?:ECONN\w+|ETIMEDOUT|ENOTFOUND)\b/,
  /\b(?:postgres(?:ql)?|mysql|redis|mongo(?:db)?|kafka|memcached|nginx|kubernetes)\b/i,
  /\bSELECT .+ FROM\b|\bsyntax error at or near\b/i,
  /(?:^|\s)\/(?:usr|var|home|etc|opt|srv)\/\w+/,
]
