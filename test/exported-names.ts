/** The names that the public entries of the packages export, with what stands above each declaration: read from the text, entry by entry. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')

export interface ExportedName {
  readonly name: string
  readonly kind: 'function' | 'const' | 'interface' | 'type' | 'class'
  readonly file: string
  /** Empty: none. Without the frame of the comment. */
  readonly docstring: string
}

const declared = /((?:^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)^export (?:async )?(function|const|interface|type|class)\*? (\w+)/gm
const listed = /^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?/gm
const whole = /^export (?:type )?\* from '([^']+)'/gm

/** By what is written after `from`: `tollgate/contract`. */
export const publicEntries: ReadonlyMap<string, readonly ExportedName[]> = new Map(
  ['packages/tollgate', 'packages/gateway'].flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name: string; exports: { [path: string]: string | { 'tollgate-source': string } } }
    return Object.entries(exports).flatMap(([path, target]) => (typeof target === 'string' ? [] : [[name + path.slice(1), namesOf(join(root, folder, target['tollgate-source']))] as const]))
  }),
)

function namesOf(file: string): readonly ExportedName[] {
  const text = readFileSync(file, 'utf8')
  const from = (path: string): readonly ExportedName[] => namesOf(join(dirname(file), path))
  const own = [...text.matchAll(declared)].map(([, docstring = '', kind = '', name = '']): ExportedName => ({ name, kind: kind as ExportedName['kind'], file, docstring: withoutFrame(docstring) }))
  const lists = [...text.matchAll(listed)].flatMap(([, names = '', path]) =>
    names.split(',').map((each) => each.trim().replace(/^type /, '')).filter((each) => each !== '').map((each): ExportedName => {
      const [local = '', name = local] = each.split(' as ')
      const imported = new RegExp(`^import (?:type )?\\{[^}]*\\b${local}\\b[^}]*\\} from '([^']+)'`, 'm').exec(text)?.[1]
      const place = path ?? imported
      const found = (place === undefined ? own : from(place)).find((candidate) => candidate.name === local)
      if (found === undefined) throw new Error(`${file} exports ${local}, which was found nowhere`)
      return { ...found, name }
    }),
  )
  return [...own, ...lists, ...[...text.matchAll(whole)].flatMap(([, path = '']) => from(path))]
}

function withoutFrame(comment: string): string {
  return comment
    .replace(/^\/\*\*\s?|\s*\*\/\n$/g, '')
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .join('\n')
}

/** What stands below `@example`. */
export function exampleOf({ docstring }: ExportedName): string | undefined {
  return /^@example\n([\s\S]+)$/m.exec(docstring)?.[1]
}
