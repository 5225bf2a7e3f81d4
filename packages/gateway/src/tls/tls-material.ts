/**
 * A certificate and its key, read from their files and held against each other. What is wrong is said with the setting, the file and the mend: OpenSSL's
 * own words name none of them.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { compact } from 'tollgate/contract'
import { readText, type Files } from '../config/read/files.ts'
import type { ConfigProblem, Outcome, Path } from '../config/read/config-problem.ts'
import { protocolOptions, type TlsVersion } from './tls-protocol.ts'

export interface TlsSettings {
  readonly certificate: string
  readonly key: string
  readonly passphrase?: string | undefined
  readonly minVersion: TlsVersion
}

export interface TlsMaterial {
  /** With absolute paths. */
  readonly settings: TlsSettings
  /** PEM: the listener's own certificate, then those that lead from it to its authority. */
  readonly certificate: string
  /** PEM. A secret. */
  readonly key: string
  readonly validFromMs: number
  readonly expiresAtMs: number
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g

/** `path`: of the `tls` group in the configuration. */
export function readTlsMaterial(settings: TlsSettings, path: Path, files: Pick<Files, 'pathOf'>): Outcome<TlsMaterial> {
  const certificate = readPem([...path, 'certificate'], settings.certificate, files)
  const key = readPem([...path, 'key'], settings.key, files)
  const certificates = certificate.ok ? parseCertificates([...path, 'certificate'], settings.certificate, certificate.value) : certificate
  const privateKey = key.ok ? parseKey(path, settings, key.value) : key
  if (!certificates.ok || !privateKey.ok || !certificate.ok || !key.ok) return failed(...problemsOf(certificates), ...problemsOf(privateKey))
  const [own, ...chain] = certificates.value
  const unmatched = faultOfPair(own, chain, privateKey.value, settings)
  if (unmatched !== undefined) return failed({ path: [...path, 'key'], message: unmatched })
  const placed = { ...settings, certificate: files.pathOf(settings.certificate), key: files.pathOf(settings.key) }
  const material = { settings: placed, certificate: certificate.value, key: key.value, validFromMs: Date.parse(own.validFrom), expiresAtMs: Date.parse(own.validTo) }
  try {
    createSecureContext(secretsOf(material))
  } catch (error) {
    return failed({ path, message: `${settings.certificate} and ${settings.key} cannot be used: ${error instanceof Error ? error.message : String(error)}` })
  }
  return { ok: true, value: material }
}

/** Certificates to trust, in one file: PEM, as Node's TLS takes it. */
export function readAuthorities(path: Path, file: string, files: Pick<Files, 'pathOf'>): Outcome<string> {
  const pem = readPem(path, file, files)
  const certificates = pem.ok ? parseCertificates(path, file, pem.value) : pem
  return certificates.ok ? pem : certificates
}

/** As Node's TLS takes them. */
export function secretsOf({ certificate, key, settings }: TlsMaterial) {
  return compact({ cert: certificate, key, passphrase: settings.passphrase, ...protocolOptions(settings.minVersion) })
}

export function isSameMaterial(one: TlsMaterial, other: TlsMaterial): boolean {
  return one.certificate === other.certificate && one.key === other.key && one.settings.minVersion === other.settings.minVersion
}

function readPem(path: Path, file: string, files: Pick<Files, 'pathOf'>): Outcome<string> {
  const read = readText(files.pathOf(file))
  return read.ok ? { ok: true, value: read.text } : failed({ path, message: `cannot read ${file}: ${read.message}` })
}

function parseCertificates(path: Path, file: string, pem: string): Outcome<readonly [X509Certificate, ...X509Certificate[]]> {
  const blocks = blocksOf(pem)
  const certificates = blocks.filter(({ label }) => label.endsWith('CERTIFICATE') && !label.includes('REQUEST'))
  if (certificates.length === 0) return failed({ path, message: `${file} ${faultOfBlocks(blocks, 'certificate')}` })
  try {
    const [own, ...chain] = certificates.map(({ text }) => new X509Certificate(text))
    if (own !== undefined) return { ok: true, value: [own, ...chain] }
  } catch {
    // Said below.
  }
  return failed({ path, message: `${file} holds a certificate that cannot be read: it is damaged or cut off` })
}

function parseKey(path: Path, { key: file, passphrase }: TlsSettings, pem: string): Outcome<KeyObject> {
  const blocks = blocksOf(pem)
  const isKey = blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))
  if (!isKey) return failed({ path: [...path, 'key'], message: `${file} ${faultOfBlocks(blocks, 'private key')}` })
  try {
    return { ok: true, value: createPrivateKey(compact({ key: pem, passphrase })) }
  } catch {
    const isEncrypted = blocks.some(({ label, text }) => label.startsWith('ENCRYPTED') || text.includes('Proc-Type: 4,ENCRYPTED'))
    if (!isEncrypted) return failed({ path: [...path, 'key'], message: `${file} holds a private key that cannot be read: it is damaged or cut off` })
    if (passphrase === undefined) return failed({ path: [...path, 'key'], message: `${file} is encrypted; give its passphrase: passphrase: "\${TLS_PASSPHRASE}"` })
    return failed({ path: [...path, 'passphrase'], message: `is not the passphrase of ${file}` })
  }
}

/** Undefined if the key belongs to the first certificate of the file, which is the one that callers are shown. */
function faultOfPair(own: X509Certificate, chain: readonly X509Certificate[], key: KeyObject, { certificate, key: keyFile }: TlsSettings): string | undefined {
  if (own.checkPrivateKey(key)) return undefined
  const owner = chain.find((each) => each.checkPrivateKey(key))
  if (owner !== undefined) return `${keyFile} is the key of a later certificate in ${certificate} (${nameOf(owner)}); the listener's own must come first, then those that lead to its authority`
  return `${keyFile} is not the key of the certificate in ${certificate} (${nameOf(own)}); give the key with which that certificate was requested`
}

function nameOf({ subject, serialNumber }: X509Certificate): string {
  return subject === undefined || subject === '' ? `serial number ${serialNumber}` : subject.replaceAll('\n', ', ')
}

interface Block {
  readonly label: string
  readonly text: string
}

function blocksOf(pem: string): readonly Block[] {
  return [...pem.matchAll(PEM_BLOCK)].map(([text, label = '']) => ({ label, text }))
}

function faultOfBlocks(blocks: readonly Block[], wanted: 'certificate' | 'private key'): string {
  const found = blocks[0]?.label.toLowerCase()
  const begins = wanted === 'certificate' ? '-----BEGIN CERTIFICATE-----' : '-----BEGIN PRIVATE KEY-----'
  if (found === undefined) return `holds no ${wanted} in PEM form (${begins})`
  const isSwapped = wanted === 'certificate' ? found.endsWith('private key') : found.endsWith('certificate')
  return `holds no ${wanted} but a ${found}${isSwapped ? '; are certificate and key the wrong way round?' : ''}`
}

function problemsOf(outcome: Outcome<unknown>): readonly ConfigProblem[] {
  return outcome.ok ? [] : outcome.problems
}

function failed(...problems: readonly ConfigProblem[]): { readonly ok: false; readonly problems: readonly ConfigProblem[] } {
  return { ok: false, problems }
}
