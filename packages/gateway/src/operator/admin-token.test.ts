import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { randomBytes } from '../platform/secrets.ts'
import { openAdminTokens, readToken } from './admin-token.ts'

test('a reload that takes the last configured token out leaves a kept one to get in by', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const tokenFile = join(folder, 'tollgate.admin-token')
  const config = { port: 0, host: '127.0.0.1', hostnames: [], tokens: { admin: 'a-configured-token' }, may: {}, tokenFile, tls: undefined }
  const tokens = openAdminTokens(config, randomBytes)
  expect(tokens.ownerOf('a-configured-token', config)).toBe('admin')
  expect(readToken(tokenFile)).toBeUndefined()

  const reloaded = { ...config, tokens: {} }
  expect(tokens.ownerOf('a-configured-token', reloaded)).toBeUndefined()
  const kept = readToken(tokenFile)
  expect(kept).toMatch(/^tga_/)
  expect(tokens.ownerOf(String(kept), reloaded)).toBe('admin')
})
