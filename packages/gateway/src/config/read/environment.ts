/** `${NAME}` and `${NAME:-default}` in the strings of a configuration; `$${` stands for a literal `${`. */
import type { ConfigProblem, Path } from './config-problem.ts'

export interface Environment {
  readonly [name: string]: string | undefined
}

/** A copy of plain data with every placeholder filled in, and a problem for each variable that is not set. Keys are left alone. */
export function fillPlaceholders(data: unknown, environment: Environment): { readonly data: unknown; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = []
  const fill = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return fillText(value, environment, (message) => problems.push({ path, message }))
    if (Array.isArray(value)) return value.map((item, at) => fill(item, [...path, at]))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, [...path, name])]))
  }
  return { data: fill(data, []), problems }
}

function fillText(text: string, environment: Environment, report: (message: string) => void): string {
  return text.replaceAll(/\$\$\{|\$\{([^}]*)\}?/g, (placeholder, inside: string | undefined) => {
    if (inside === undefined) return '${'
    const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? []
    if (name === undefined || !placeholder.endsWith('}')) {
      report(`${placeholder} is not a placeholder; write \${NAME} or \${NAME:-default}, or $\${ for a literal \${`)
      return placeholder
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    // As in a shell, `:-` also covers a variable that is set to nothing.
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
    if (value !== undefined) return value
    report(`the environment variable ${name} is not set; set it, or write a default: \${${name}:-…}`)
    return ''
  })
}
