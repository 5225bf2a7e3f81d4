/** A package of this repository as a stranger gets it: packed, and installed into an empty folder. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isProving } from './runs.ts'

const root = join(import.meta.dirname, '..')
export const run = (command: string, args: readonly string[], cwd: string): string => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

export interface Packed {
  readonly name: string
  /** The archive. */
  readonly file: string
  /** What is in it. */
  readonly paths: readonly string[]
}

export function pack(folder: string, into: string): Packed {
  const said = run('npm', ['pack', '--json', '--pack-destination', into], join(root, 'packages', folder))
  const [{ name, filename, files }] = JSON.parse(said.slice(said.indexOf('['))) as [{ name: string; filename: string; files: readonly { readonly path: string }[] }]
  return { name, file: join(into, filename), paths: files.map(({ path }) => path) }
}

/** By `npm run prove` as npm does it. Otherwise as npm would, without it and its registry: what the package says that it needs comes from this repository. */
export function install(place: string, ...all: readonly Packed[]): void {
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{"private":true,"type":"module"}')
  // What comes from a registry comes from npm's cache where it is there.
  if (isProving) run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...all.map(({ file }) => file)], place)
  else for (const packed of all) unpack(packed, join(place, 'node_modules'))
}

interface Manifest {
  readonly bin?: { readonly [program: string]: string }
  readonly dependencies?: { readonly [name: string]: string }
  readonly bundleDependencies?: readonly string[]
}

function unpack({ name, file }: Packed, modules: string): void {
  const home = join(modules, name)
  mkdirSync(home, { recursive: true })
  run('tar', ['-xzf', file, '--strip-components=1'], home)
  const { bin = {}, dependencies = {}, bundleDependencies = [] } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest
  // What was packed, too, comes before what this repository has.
  const needs = Object.keys(dependencies).filter((each) => !bundleDependencies.includes(each) && !existsSync(join(modules, each)))
  for (const needed of needs) link(join(root, 'node_modules', needed), join(modules, needed))
  for (const [program, path] of Object.entries(bin)) {
    chmodSync(join(home, path), 0o755)
    link(join(home, path), join(modules, '.bin', program))
  }
}

function link(to: string, at: string): void {
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(to, at)
}
