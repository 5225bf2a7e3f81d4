/**
 * The program joined into few files. It has some seven hundred, and to find and open them is half of its start, which tests that type commands do a hundred times.
 * By `npm run prove` it is the program as it is built, and so it is in `npm test` where it is packed (`gateway-package.test.ts`), and where npx starts it (`guide.test.ts`).
 */
import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { isProving } from './runs.ts'

const root = join(import.meta.dirname, '..')
const gateway = join(root, 'packages/gateway')
const home = join(root, 'node_modules/.tollgate')

/** A folder for `PATH`, which has `tollgate`. */
export const programs = isProving ? join(root, 'node_modules/.bin') : join(home, 'bin')
/** What is given to Node, with the arguments of `tollgate`. */
export const program = join(programs, 'tollgate')

/** From what is built, unless it is there. */
export async function joinProgram(): Promise<void> {
  const files = join(home, 'joined/files')
  if (isProving || (statSync(join(programs, 'tollgate'), { throwIfNoEntry: false })?.mtimeMs ?? 0) > newestMs()) return
  rmSync(home, { recursive: true, force: true })
  const bundle = await rolldown({
    // Threads are entries, too: each is found beside what starts it.
    input: {
      tollgate: join(gateway, 'bin/tollgate.js'),
      'config-reader': join(gateway, 'dist/config/config-reader.js'),
      'sqlite-thread': join(gateway, 'dist/platform/sqlite-thread.js'),
      'docs-thread': join(gateway, 'dist/docs/serve/docs-thread.js'),
    },
    platform: 'node',
    external: ['libsql', 'pg-native'],
  })
  await bundle.write({ dir: files, entryFileNames: '[name].js' })
  // Two folders above its files, as it is two above `dist/platform/version.js`.
  copyFileSync(join(gateway, 'package.json'), join(home, 'package.json'))
  chmodSync(join(files, 'tollgate.js'), 0o755)
  mkdirSync(programs)
  symlinkSync(join(files, 'tollgate.js'), program)
}

const newestMs = (): number => Math.max(...['tollgate', 'gateway'].map((name) => statSync(join(root, 'packages', name, 'dist/.tsbuildinfo')).mtimeMs))
