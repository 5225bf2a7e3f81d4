/**
 * Where the admin API is and which token opens it: flags, then the environment, then what the configuration at hand says. That is read
 * leniently: the shell of a command seldom has all the variables of the service.
 */
import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { valueAt } from 'tollgate/contract'
import { readToken } from '../operator/admin-token.ts'
import { readServerUrl, urlWithoutSecrets } from '../platform/server-url.ts'
import { fillPlaceholders, type Environment } from '../config/read/environment.ts'
import type { StoreConfig } from '../config/engine-config.ts'
import { createFiles, readText, shownPath } from '../config/read/files.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { tokenFile } from '../config/build/token-file.ts'
import { parseYamlSource } from '../config/read/yaml-source.ts'
import { CliFailure, NotUpYet, type CliIo } from './cli-io.ts'
import { startIt, type DownAdvice } from './connection-fault.ts'
import type { AdminTrust } from './trusting-fetch.ts'

export interface LocationOptions {
  readonly admin?: string
  readonly token?: string
  readonly config?: string
  readonly ca?: string
}

export interface AdminLocation {
  readonly url: string
  readonly token: string
  /** Whom to trust besides the public authorities. */
  readonly trust?: AdminTrust | undefined
}

export const DEFAULT_CONFIG = 'tollgate.yaml'

/** The configuration that is meant. Fails with a sentence where none is named and none is at hand. */
export function configFileOf(config: string | undefined, command: string, { env, cwd }: Pick<CliIo, 'env' | 'cwd'>): string {
  const named = config ?? env['TOLLGATE_CONFIG']
  const file = resolve(cwd, named ?? DEFAULT_CONFIG)
  if (named !== undefined || existsSync(file)) return file
  throw new CliFailure(2, `there is no ${DEFAULT_CONFIG} here: name another file (tollgate ${command} FILE), or write one; docs/configuration.md begins with a small one`)
}

/** Fails with a sentence when no token can be found. */
export function locateAdmin(options: LocationOptions, io: Pick<CliIo, 'env' | 'cwd'>, { neverStarted }: Pick<DownAdvice, 'neverStarted'> = startIt): AdminLocation {
  const { env, cwd } = io
  const named = options.config ?? env['TOLLGATE_CONFIG']
  const configFile = resolve(cwd, named ?? DEFAULT_CONFIG)
  const said = readAdminSettings(configFile, env)
  const url = options.admin ?? env['TOLLGATE_ADMIN'] ?? said.url
  const read = readServerUrl(url, { example: 'http://127.0.0.1:9090' })
  const from = options.admin !== undefined ? '--admin' : env['TOLLGATE_ADMIN'] !== undefined ? 'TOLLGATE_ADMIN' : `admin of ${shownPath(configFile)}`
  if (!read.ok) throw new CliFailure(2, `${from}: "${urlWithoutSecrets(url)}" ${read.fault}`)
  const token = options.token ?? env['TOLLGATE_ADMIN_TOKEN'] ?? said.token
  const isUrlSaid = options.admin !== undefined || env['TOLLGATE_ADMIN'] !== undefined
  if (said.fault !== undefined && (token === undefined || !isUrlSaid)) throw new CliFailure(2, `${said.fault}; mend it, or say where the gateway is with --admin URL and --token`)
  // Without a configuration at hand there may be a gateway all the same; one that was named is missed.
  if (said.unread !== undefined && named !== undefined && token === undefined) throw new CliFailure(2, `${named}: cannot be read: ${said.unread}`)
  if (token === undefined || token === '') {
    // The first start will make one.
    if (said.isStartable) throw new NotUpYet(new CliFailure(2, `no gateway has been started with ${shownPath(configFile)} yet, so that there is no admin token: ${neverStarted}`))
    throw new CliFailure(2, 'no admin token: run this beside the tollgate.yaml of a gateway that has been started (or give --config), set TOLLGATE_ADMIN_TOKEN, or give --token')
  }
  if (!/^[\x21-\x7e]+$/.test(token)) throw new CliFailure(2, 'the admin token has characters that no token has')
  return { url: url.replace(/\/+$/, ''), token, trust: read.url.protocol === 'https:' ? trustOf(options.ca ?? env['TOLLGATE_ADMIN_CA'], said.certificate, cwd) : undefined }
}

/** Undefined where the public authorities are enough. */
function trustOf(caFile: string | undefined, listener: string | undefined, cwd: string): AdminTrust | undefined {
  if (caFile === undefined || caFile === '') return listener === undefined ? undefined : { listener }
  const read = readText(resolve(cwd, caFile))
  if (!read.ok) throw new CliFailure(2, `--ca: cannot read ${caFile}: ${read.message}`)
  if (!read.text.includes('-----BEGIN CERTIFICATE-----')) throw new CliFailure(2, `--ca: ${caFile} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)`)
  return { authorities: read.text }
}

interface AdminSettings {
  readonly url: string
  readonly token: string | undefined
  /** There is a configuration, whose token is in a file that its gateway makes. */
  readonly isStartable: boolean
  /** Why the configuration says nothing: it is no YAML. */
  readonly fault?: string | undefined
  /** Why it could not be read. */
  readonly unread?: string | undefined
  /** PEM, of a listener that speaks TLS; undefined too where we may not read it. */
  readonly certificate?: string | undefined
}

function readAdminSettings(configFile: string, environment: Environment): AdminSettings {
  const read = readText(configFile)
  const parsed = read.ok ? parseYamlSource(read.text) : undefined
  const data = parsed?.ok === true ? parsed.value.data : undefined
  const fault = parsed?.ok === false ? parsed.problems.map((problem) => formatProblem({ ...problem, file: shownPath(configFile) })).join('\n') : undefined
  const settings = fillPlaceholders({ admin: valueAt(data, ['admin']), store: valueAt(data, ['store']) }, environment).data
  const host = textAt(settings, ['admin', 'host']) ?? '127.0.0.1'
  const port = textAt(settings, ['admin', 'port']) ?? '9090'
  const tlsFile = textAt(settings, ['admin', 'tls', 'certificate'])
  const pem = tlsFile === undefined ? undefined : readText(createFiles(dirname(configFile)).pathOf(tlsFile))
  const certificate = pem?.ok === true && isCertificate(pem.text) ? pem.text : undefined
  const url = `${tlsFile === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const configured = textAt(settings, ['admin', 'token'])
  if (configured !== undefined && configured !== '') return { url, token: configured, isStartable: false, certificate }
  const file = read.ok ? tokenFile(storeOf(settings, configFile), configFile) : undefined
  return { url, token: file === undefined ? undefined : tryReadToken(file), isStartable: file !== undefined, certificate, fault, unread: read.ok ? undefined : read.message }
}

/** How many processes it asks for; whether it may, the start says. */
export async function workersOf(configFile: string, environment: Environment): Promise<number> {
  // A pipe can be read but once, and that is for the start. Not `statSync`: what it finds of a pipe Node's loader takes for that of the next package, and does not follow its link.
  const found = await stat(configFile).catch(() => undefined)
  if (found?.isFile() !== true) return 1
  const read = readText(configFile)
  const parsed = read.ok ? parseYamlSource(read.text) : undefined
  const settings = fillPlaceholders({ workers: valueAt(parsed?.ok === true ? parsed.value.data : undefined, ['workers']) }, environment).data
  return Number(textAt(settings, ['workers']) ?? 1)
}

/** Where a gateway in the background writes: beside its database, as its token lies. */
export function logFileOf(configFile: string, environment: Environment): string {
  const read = readText(configFile)
  const parsed = read.ok ? parseYamlSource(read.text) : undefined
  const settings = fillPlaceholders({ store: valueAt(parsed?.ok === true ? parsed.value.data : undefined, ['store']) }, environment).data
  return (tokenFile(storeOf(settings, configFile), configFile) ?? 'tollgate.admin-token').replace(/\.admin-token$/, '.log')
}

function storeOf(settings: unknown, configFile: string): StoreConfig {
  const sqlite = textAt(settings, ['store', 'sqlite'])
  return sqlite === undefined ? { kind: 'memory' } : { kind: 'sqlite', file: createFiles(dirname(configFile)).pathOf(sqlite) }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).fingerprint256 !== ''
  } catch {
    return false
  }
}

function tryReadToken(file: string): string | undefined {
  try {
    return readToken(file)
  } catch (error) {
    throw new CliFailure(1, `cannot read the admin token in ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function textAt(data: unknown, path: readonly string[]): string | undefined {
  const value = valueAt(data, path)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
