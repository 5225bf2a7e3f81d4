/** `npm run bench:size`: the same work on databases of a thousand accounts and of many more. Keeps what it found in `bench/results/size.json` and `docs/size.svg`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine, versions } from '../machine.ts'
import { fillDatabase } from './fill.ts'
import { measureHeap, measureSize, type HeapResult, type SizeResult } from './measure.ts'
import { sizeSvg } from './size-svg.ts'

const HELP = `Usage: npm run bench:size -- [--largest N] [--rows N]

Fills databases of 1,000 accounts, ten times as many, and so on, each with as many done calls with idempotency keys and ten times as many rows of the request
log, measures calls, look-ups, start and reload on each, and keeps the figures.

  --largest N   accounts of the largest; default 1000000
  --rows N      rows of the request log at most; ten times as many as accounts below. Default 10000000
  --help
`
/** Rows of the request log beside each account. */
const ROWS_EACH = 10
const root = fileURLToPath(new URL('../../..', import.meta.url))

const { values } = parseArgs({ options: { largest: { type: 'string' }, rows: { type: 'string' }, help: { type: 'boolean' } } })
const largest = Number(values.largest ?? 1_000_000)
const rowsMax = Number(values.rows ?? 10_000_000)
if (values.help === true) process.stdout.write(HELP)
else if (!(largest >= 1_000 && largest <= 10_000_000) || !(rowsMax >= 1_000 && rowsMax <= 100_000_000)) {
  process.stderr.write('bench: --largest must be a number from 1000 to 10000000, --rows one from 1000 to 100000000\n')
  process.exitCode = 2
} else await run()

async function run(): Promise<void> {
  const results: SizeResult[] = []
  for (let accounts = 1_000; accounts <= largest; accounts *= 10) {
    const directory = mkdtempSync(join(tmpdir(), 'tollgate-size-'))
    try {
      const file = join(directory, 'tollgate.db')
      const size = { accounts, keys: accounts, rows: Math.min(ROWS_EACH * accounts, rowsMax) }
      fillDatabase(file, size)
      results.push(await measureSize(file, size))
      process.stdout.write(`${JSON.stringify(results.at(-1), (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))}\n`)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
    keep(results, undefined)
  }
  const heap = await measureHeap()
  process.stdout.write(`${JSON.stringify(heap)}\n`)
  keep(results, heap)
}

function keep(results: readonly SizeResult[], heap: HeapResult | undefined): void {
  const atMs = Date.now()
  mkdirSync(join(root, 'bench/results'), { recursive: true })
  writeFileSync(join(root, 'bench/results/size.json'), `${JSON.stringify({ atMs, machine: describeMachine(), versions: versions(), results, heap }, undefined, 2)}\n`)
  writeFileSync(join(root, 'docs/size.svg'), sizeSvg(results, describeMachine(), atMs))
}
