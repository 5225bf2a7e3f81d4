/** What a service answered, for the operator who asks why: its beginning, on one line, and nothing that looks like a credential. */
import { codingsOf } from './content-coding.ts'
import { withoutCredentialForms } from './credential-forms.ts'
import { mediaType } from '../headers.ts'

const EXCERPT_CHARS_MAX = 500

/** `read`: as it came; undefined: too long, or it broke off. `body`: the same without its codings, where that could be. `prefix`: what the keys of the API begin with. */
export function excerptOf(headers: readonly string[], read: Uint8Array | undefined, body: Uint8Array | undefined, prefix: string): string | undefined {
  const type = mediaType(headers) || 'no media type'
  if (read === undefined) return `${type}, longer than is read, or broken off`
  if (read.length === 0) return undefined
  if (body === undefined) return `${type}, ${read.length} bytes, ${codingsOf(headers).join(', ').slice(0, 40)}`
  const text = withoutCredentials(new TextDecoder().decode(body), prefix).replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()
  return `${type}, ${body.length} bytes: ${text.length <= EXCERPT_CHARS_MAX ? text : `${text.slice(0, EXCERPT_CHARS_MAX).replace(/[\uD800-\uDBFF]$/, '')}…`}`
}

const SECRET = '(secret)'
/** Marks an id, not a key: it is what one looks for. */
const idPrefix = /^(?:req|request|trace|span|corr|correlation)[-_]/i

/** What stands where secrets stand, or looks as they do. A guess on the safe side: those of our own upstreams have been taken out before. */
function withoutCredentials(text: string, prefix: string): string {
  const masked = withoutCredentialForms(text, SECRET)
    .replaceAll(/\b(Token|ApiKey)\s+[^\s"',;<>]{6,}/gi, `$1 ${SECRET}`)
    .replaceAll(/((?:api[-_ ]?key|access[-_ ]?key|authorization|passw(?:or)?d|passphrase|secret|token|cookie|credentials?)[\w-]{0,20}\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)(?!\d[\d.]*[\s"',;&<>}\]])[^\s"'\\,;&<>]{4,}/gi, `$1${SECRET}`)
    .replaceAll(/\b[A-Za-z]{2,12}[-_](?=[A-Za-z_-]{0,200}\d)[A-Za-z0-9_-]{16,}/g, (found) => (idPrefix.test(found) ? found : SECRET))
  return prefix === '' ? masked : masked.replaceAll(new RegExp(`${prefix}[\\w-]{4,}`, 'g'), SECRET)
}
