/**
 * What kind of file an upload is. What it declares to be and what its bytes say must agree; text has no signature, so it must be declared, and be
 * text throughout.
 */
import { fileTypeFromBuffer } from 'file-type'

export const fileFormats = ['image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'audio/wav', 'text/plain', 'text/csv'] as const

export type FileFormat = (typeof fileFormats)[number]

export type Sniffed = { readonly ok: true; readonly format: FileFormat } | { readonly ok: false; readonly issue: string }

/** Other names of the same formats. */
const aliases: ReadonlyMap<string, FileFormat> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['audio/x-wav', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/vnd.wave', 'audio/wav'],
  ['application/csv', 'text/csv'],
])

/** What senders say who do not know: it claims nothing. */
const UNDECLARED = 'application/octet-stream'

export async function sniffFormat(bytes: Buffer, declaredType: string): Promise<Sniffed> {
  const declared = toFormat(declaredType)
  if (declared === undefined && declaredType !== UNDECLARED) return { ok: false, issue: `must be one of ${fileFormats.join(', ')}, not ${shown(declaredType)}` }
  // Whatever the bytes make the sniffer do, they are no file of ours then.
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined)
  const sniffed = found === undefined ? undefined : toFormat(found.mime)
  if (sniffed === undefined) {
    if (declared === 'text/plain' || declared === 'text/csv') return isText(bytes) ? { ok: true, format: declared } : { ok: false, issue: `is declared as ${declared}, but is not text in UTF-8` }
    return { ok: false, issue: declared === undefined ? `must be one of ${fileFormats.join(', ')}` : `is declared as ${declared}, but is not` }
  }
  return declared === undefined || declared === sniffed ? { ok: true, format: sniffed } : { ok: false, issue: `is declared as ${declared}, but is ${sniffed}` }
}

function toFormat(type: string): FileFormat | undefined {
  return fileFormats.find((format) => format === type) ?? aliases.get(type)
}

/** UTF-8 without control characters, save those that make lines and columns. */
function isText(bytes: Buffer): boolean {
  try {
    // oxlint-disable-next-line no-control-regex
    return !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return false
  }
}

/** A sender's own word, kept short. */
function shown(type: string): string {
  return type.length <= 60 ? type : `${type.slice(0, 60)}…`
}
