import type { Rule } from '../lint/rule.ts'

/**
 * The page of a rule, in Markdown. `toYaml` writes its examples, as contracts are written.
 *
 * @example
 * lintRules.map((rule) => formatRulePage(rule, (declaration) => JSON.stringify(declaration)))[0]?.startsWith('# ') // => true
 */
export function formatRulePage({ id, severity, topic, title, why, source, fix, bad, good }: Rule, toYaml: (declaration: unknown) => string): string {
  return [
    `# ${title}`,
    `\`${id}\` · ${severity} · ${topicWords[topic]}`,
    why,
    `**Mend.** ${fix}`,
    `**Source.** ${source}`,
    '## Found',
    `\`\`\`yaml\n${toYaml(bad.declaration)}\`\`\``,
    `At ${(bad.paths ?? []).map((path) => `\`${path}\``).join(', ')}.`,
    '## Not found',
    `\`\`\`yaml\n${toYaml(good.declaration)}\`\`\``,
    '[All rules](../lint.md#the-rules)',
  ].join('\n\n') + '\n'
}

const topicWords: { readonly [topic in Rule['topic']]: string } = {
  valid: 'whether it is a contract',
  contradiction: 'what contradicts itself',
  http: 'what HTTP asks for',
  caller: 'what callers need',
  style: 'how it reads',
}
