/** What came back, by API, status and code. */

export interface Tally {
  /** An answer; without a code where it has none. */
  count(api: string, status: number, code: string | number | undefined): void
  /** No answer came. */
  fail(api: string): void
  readonly answers: number
  readonly failures: number
  /** `41 × 200, 3 × 401` */
  statusLine(): string
  /** The whole, one line for each API, status and code. */
  summary(): string
}

interface Line {
  readonly api: string
  /** 0: no answer. */
  readonly status: number
  readonly code: string
  count: number
}

export function createTally(): Tally {
  const lines = new Map<string, Line>()
  const add = (api: string, status: number, code: string) => {
    const key = JSON.stringify([api, status, code])
    const line = lines.get(key) ?? { api, status, code, count: 0 }
    line.count += 1
    lines.set(key, line)
  }
  const total = (wanted: (line: Line) => boolean) => [...lines.values()].filter(wanted).reduce((sum, { count }) => sum + count, 0)

  return {
    count: (api, status, code) => add(api, status, code === undefined ? '' : String(code)),
    fail: (api) => add(api, 0, 'no answer'),
    get answers() {
      return total(({ status }) => status !== 0)
    },
    get failures() {
      return total(({ status }) => status === 0)
    },
    statusLine() {
      const statuses = [...new Set([...lines.values()].map(({ status }) => status))].toSorted((a, b) => a - b)
      return statuses.map((status) => `${total((line) => line.status === status)} × ${status === 0 ? 'no answer' : status}`).join(', ')
    },
    summary: () => formatLines([...lines.values()].toSorted((one, other) => one.api.localeCompare(other.api) || one.status - other.status || other.count - one.count)),
  }
}

function formatLines(lines: readonly Line[]): string {
  const width = Math.max(5, ...lines.map(({ count }) => String(count).length))
  return lines
    .map(({ api, status, code, count }, index) => {
      const head = lines[index - 1]?.api === api ? '' : `${index === 0 ? '' : '\n'}  ${api}\n`
      return `${head}  ${String(count).padStart(width)}  ${status === 0 ? '   ' : status}  ${code}`.trimEnd()
    })
    .join('\n')
}
