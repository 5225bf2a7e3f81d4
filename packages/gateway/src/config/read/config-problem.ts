/** What is wrong with a configuration: where, which value, and how to mend it. */
import type { StartProblem } from '../../platform/start-error.ts'

export type Path = readonly (string | number)[]

/** One thing that is wrong with a configuration: where, and how to mend it. */
export type ConfigProblem = StartProblem

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/**
 * `tollgate.yaml:12:9 apis.chatads.routes[0].steps[1].take[0]: no meter is called "dayly"; did you mean "daily"?`
 *
 * @example
 * formatProblem({ path: ['apis', 'reports', 'mount'], message: '"reports" must begin with a slash' }) // => 'apis.reports.mount: "reports" must begin with a slash'
 */
export function formatProblem(problem: ConfigProblem): string {
  const { file, line, column, path, message } = problem
  const place = file === undefined ? '' : line === undefined ? file : `${file}:${line}:${column ?? 1}`
  const subject = [place, formatPath(path)].filter((part) => part !== '').join(' ')
  return subject === '' ? message : `${subject}: ${message}`
}

/** `apis.chatads.routes[0].on`; names with odd characters are quoted: `apis["my api"]`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z_$][\w$-]*$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
  }
  return text
}

/** A value as a message quotes it: JSON, cut short. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
