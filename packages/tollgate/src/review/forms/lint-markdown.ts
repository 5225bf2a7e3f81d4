import { countFindings, countsInWords, placedFindings, type LintedFile } from './linted-file.ts'

/**
 * For the comment of a pull request: a table for each contract, and what is ignored folded away.
 *
 * @example
 * formatLintMarkdown([{ name: 'a.yaml', isFile: true, report: { findings: [], ignored: [] } }]) // => '### Contract `a.yaml`: nothing found\n'
 */
export function formatLintMarkdown(files: readonly LintedFile[]): string {
  return files
    .map((file) => {
      const { findings, ignored } = file.report
      const rows = placedFindings(file, findings).map(({ severity, rule, path, value, problem, mend, line }) => `| ${severity} | \`${rule}\` | ${code(path)}${line === undefined ? '' : ` (line ${line})`} | ${value === undefined ? '' : `${code(shown(value))} `}${cell(problem)} | ${cell(mend)} |\n`)
      const table = rows.length === 0 ? '' : `\n| | Rule | Where | What | Mend |\n|---|---|---|---|---|\n${rows.join('')}`
      const hidden = ignored.length === 0 ? '' : `\n<details><summary>${ignored.length} ignored</summary>\n\n| Rule | Where | Why |\n|---|---|---|\n${ignored.map(({ rule, path, because }) => `| \`${rule}\` | ${code(path)} | ${cell(because)} |\n`).join('')}\n</details>\n`
      return `### Contract ${code(file.name)}: ${countsInWords(countFindings([file]))}\n${table}${hidden}`
    })
    .join('\n')
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/** In a cell of a table; what an author wrote is no markup there. */
export function cell(text: string): string {
  return text.replaceAll(/[\\|<>*_[\]`]/g, String.raw`\$&`).replaceAll(/\r?\n/g, ' ')
}

/** In code, whatever backticks it has. */
export function code(text: string): string {
  const line = text.replaceAll(/\r?\n/g, ' ').replaceAll('|', String.raw`\|`)
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``
}
