/** The tokens of the admin API: those of the configuration, otherwise one that is made at the first start and kept in a file that only its owner can read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from '../platform/error-code.ts'
import { fileFault } from '../config/read/files.ts'
import type { AdminConfig } from '../config/gateway-config.ts'
import { equalSecrets } from '../platform/secrets.ts'

const TOKEN_BYTES = 32

export interface AdminTokens {
  /** One that the starter of the gateway may use. */
  readonly first: string
  /** Where it is kept, if it was made. */
  readonly file: string | undefined
  /** Whose token this is; undefined if nobody's. */
  ownerOf(secret: string, config: AdminConfig): string | undefined
}

/** Throws when the file can be neither read nor written. */
export function openAdminTokens(config: AdminConfig, randomBytes: (count: number) => Uint8Array): AdminTokens {
  const [configured] = Object.values(config.tokens)
  let made = configured === undefined ? keptToken(config.tokenFile, randomBytes) : undefined
  return {
    first: configured ?? made ?? '',
    file: made === undefined ? undefined : config.tokenFile,
    ownerOf(secret, { tokens }) {
      // Also after a reload that took the last configured one out: somebody must be able to get in.
      const all = Object.keys(tokens).length === 0 ? { admin: (made ??= keptToken(config.tokenFile, randomBytes)) } : tokens
      let owner: string | undefined
      // Every token is compared, so that the time tells nothing about which one was near.
      for (const [name, token] of Object.entries(all)) if (equalSecrets(token, secret)) owner = name
      return owner
    },
  }
}

function keptToken(file: string | undefined, randomBytes: (count: number) => Uint8Array): string {
  const kept = file === undefined ? undefined : readToken(file)
  if (kept !== undefined) return kept
  const token = `tga_${Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url')}`
  if (file === undefined) return token
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Another worker was faster.
    const theirs = codeOf(error) === 'EEXIST' ? readToken(file) : undefined
    if (theirs !== undefined) return theirs
    throw new Error(`the admin token cannot be kept in ${file}: ${fileFault(error)}`, { cause: error })
  }
  return token
}

/** Undefined where there is no such file, or nothing in it. */
export function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
