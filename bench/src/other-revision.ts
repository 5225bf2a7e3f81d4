/** Another revision of this repository, built beside this one, so that both are measured in one run: its packages, under the benchmarks of this revision. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { versus, type BenchCase } from './bench-case.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface OtherRevision {
  /** As it was asked for. */
  readonly name: string
  readonly childFile: string
}

/** Rejects with a sentence where it cannot be built. A build is kept under `node_modules/.cache`, by its commit. */
export function buildOther(name: string, progress: (line: string) => void): OtherRevision {
  const commit = run('git', ['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`], root, `there is no revision "${name}"`).trim()
  const directory = join(root, 'node_modules/.cache/tollgate-bench', commit)
  if (!existsSync(join(directory, 'node_modules'))) {
    progress(`${name}: installing ${commit.slice(0, 12)}`)
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory, { recursive: true })
    run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', commit, directory], root, `${name} cannot be unpacked`)
    run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], directory, `${name} cannot be installed`)
  }
  progress(`${name}: building`)
  rmSync(join(directory, 'bench/src'), { recursive: true, force: true })
  cpSync(join(root, 'bench/src'), join(directory, 'bench/src'), { recursive: true })
  // A benchmark that asks for what that revision lacks does not compile; the others run.
  spawnSync('npx', ['tsc', '-b', 'bench'], { cwd: directory, stdio: 'ignore' })
  const childFile = join(directory, 'bench/dist/child.js')
  if (!existsSync(childFile)) throw new Error(`${name} cannot be built (look into ${directory})`)
  return { name, childFile }
}

function run(command: string, args: readonly string[], cwd: string, problem: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${problem}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`)
  return stdout
}

/** The case with our contenders twice, and nothing else: as they are, and as they were. */
export function besideOther({ name, title, contenders }: BenchCase, other: OtherRevision): BenchCase {
  const ours = contenders.filter(({ isOurs }) => isOurs)
  const then = (contender: string): string => `${contender} @ ${other.name}`
  return {
    name,
    title,
    contenders: ours.flatMap((contender) => [contender, { ...contender, name: then(contender.name), start: (stage) => contender.start({ ...stage, childFile: other.childFile }) }]),
    findings: ours.map((contender) => versus(contender.name, then(contender.name))),
  }
}
