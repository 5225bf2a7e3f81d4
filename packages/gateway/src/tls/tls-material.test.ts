import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFiles } from '../config/read/files.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { encryptKey, makeCertificate, makeSignedCertificate } from './fixtures/certificates.ts'
import { readTlsMaterial, type TlsSettings } from './tls-material.ts'
import { tlsNotice } from './tls-notice.ts'

const DAY_MS = 86_400_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-tls-'))
  makeCertificate(folder, 'one')
  makeCertificate(folder, 'other')
  const { authority, certificate } = makeSignedCertificate(folder, 'signed')
  writeFileSync(join(folder, 'chain.pem'), readFileSync(certificate, 'utf8') + readFileSync(authority, 'utf8'))
  writeFileSync(join(folder, 'reversed.pem'), readFileSync(authority, 'utf8') + readFileSync(certificate, 'utf8'))
  encryptKey(folder, { certificate: '', key: join(folder, 'one.key') }, 'open sesame')
  writeFileSync(join(folder, 'cut.pem'), readFileSync(join(folder, 'one.pem'), 'utf8').replace(/.{40}\n-----END/s, '\n-----END'))
  writeFileSync(join(folder, 'empty.pem'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (certificate: string, key: string, more: Partial<TlsSettings> = {}) => readTlsMaterial({ certificate, key, minVersion: '1.2', ...more }, ['listen', 'tls'], createFiles(folder))
const said = (...args: Parameters<typeof read>): readonly string[] => {
  const outcome = read(...args)
  return outcome.ok ? [] : outcome.problems.map(formatProblem)
}

it('a certificate with its key, alone, with its chain, and with an encrypted key', () => {
  expect(said('one.pem', 'one.key')).toEqual([])
  expect(said('chain.pem', 'signed.key')).toEqual([])
  expect(said('one.pem', 'encrypted.key', { passphrase: 'open sesame' })).toEqual([])
})

it.each<[string, Parameters<typeof read>, readonly (string | RegExp)[]]>([
  ['the key of another certificate', ['one.pem', 'other.key'], ['listen.tls.key: other.key is not the key of the certificate in one.pem (CN=one); give the key with which that certificate was requested']],
  [
    'a chain the wrong way round',
    ['reversed.pem', 'signed.key'],
    ["listen.tls.key: signed.key is the key of a later certificate in reversed.pem (CN=signed); the listener's own must come first, then those that lead to its authority"],
  ],
  ['files that are not there', ['none.pem', 'none.key'], ['listen.tls.certificate: cannot read none.pem: there is no such file', 'listen.tls.key: cannot read none.key: there is no such file']],
  [
    'key and certificate exchanged',
    ['one.key', 'one.pem'],
    ['listen.tls.certificate: one.key holds no certificate but a private key; are certificate and key the wrong way round?', 'listen.tls.key: one.pem holds no private key but a certificate; are certificate and key the wrong way round?'],
  ],
  ['a request in place of a certificate', ['signed.csr', 'signed.key'], ['listen.tls.certificate: signed.csr holds no certificate but a certificate request']],
  ['an empty file', ['empty.pem', 'one.key'], ['listen.tls.certificate: empty.pem holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)']],
  ['a certificate that was cut off', ['cut.pem', 'one.key'], ['listen.tls.certificate: cut.pem holds a certificate that cannot be read: it is damaged or cut off']],
  ['an encrypted key', ['one.pem', 'encrypted.key'], ['listen.tls.key: encrypted.key is encrypted; give its passphrase: passphrase: "${TLS_PASSPHRASE}"']],
  ['a wrong passphrase', ['one.pem', 'encrypted.key', { passphrase: 'guess' }], ['listen.tls.passphrase: is not the passphrase of encrypted.key']],
])('%s: is said with setting, file and mend', (_, args, message) => {
  expect(said(...args)).toEqual(message)
})

it('a certificate that is over, is not valid yet or will be over soon is served, and said', () => {
  const outcome = read('one.pem', 'one.key')
  if (!outcome.ok) throw new Error('it cannot be read')
  const { expiresAtMs, validFromMs } = outcome.value
  expect(tlsNotice(outcome.value, expiresAtMs - 15 * DAY_MS)).toBeUndefined()
  expect(tlsNotice(outcome.value, expiresAtMs - 13 * DAY_MS)).toMatchObject({ kind: 'expires_soon' })
  expect(tlsNotice(outcome.value, expiresAtMs)).toEqual({ kind: 'expired', message: `the certificate in ${join(folder, 'one.pem')} expired at ${new Date(expiresAtMs).toISOString()}; callers refuse it: renew it` })
  expect(tlsNotice(outcome.value, validFromMs - 1)).toMatchObject({ kind: 'not_yet_valid' })
})
