/**
 * In which formats a contract writes and reads bodies. Each escapes the values that go into it; a media type whose format is not here is refused, for there
 * a value could break out: `<script>` in a page, a separator in a table. A new format is a word here, and its parser of templates, writer and reader.
 */

/** `text`: no structure that a value could break. */
export type BodyFormat = 'json' | 'text' | 'xml' | 'form'

/**
 * Undefined: no media type, or a format that is not written here.
 *
 * @example
 * bodyFormatOf('application/problem+json; charset=utf-8') // => 'json'
 * bodyFormatOf('text/html') // => undefined
 */
export function bodyFormatOf(contentType = 'application/json'): BodyFormat | undefined {
  const [, type = '', subtype = ''] = MEDIA_TYPE.exec(contentType.toLowerCase()) ?? []
  if (type === 'text' && subtype === 'plain') return 'text'
  if (subtype === 'x-www-form-urlencoded') return 'form'
  if (/(?:^|[+.-])xml$/.test(subtype)) return 'xml'
  return JSON_NAME.test(subtype) ? 'json' : undefined
}

/** `problem+json`, `vnd.shop-json`, and with a version behind it `x-amz-json-1.1`. */
const JSON_NAME = /(?:^|[+.-])json(?:-\d[\d.]*)?$/
const MEDIA_TYPE = /^([\w!#$&^.+-]+)\/([\w!#$&^.+-]+)\s*(?:;.*)?$/

const mend = 'write application/json, application/problem+json, application/xml, application/x-www-form-urlencoded, or for text text/plain'

/** What is wrong with a declared type, and how to mend it; undefined where nothing is. */
export function contentTypeFault(contentType: string): { readonly problem: string; readonly mend: string } | undefined {
  const [, , subtype] = MEDIA_TYPE.exec(contentType.toLowerCase()) ?? []
  if (subtype === undefined) return { problem: 'is not a media type', mend }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1]?.toLowerCase()
  if (bodyFormatOf(contentType) !== undefined) return charset === undefined || charset === 'utf-8' ? undefined : { problem: 'names another charset than bodies have', mend: 'leave the charset out: bodies are UTF-8' }
  if (subtype === 'html') return { problem: 'is HTML, in which no contract can escape its values', mend: 'write text/plain for the bare sentence, or application/json' }
  return { problem: 'is neither JSON, XML, a form nor plain text, so that no value in it could be escaped', mend }
}

/** With a text type the body is not JSON, and each template is one string. */
export function isTextType(contentType: string | undefined): boolean {
  return bodyFormatOf(contentType) === 'text'
}
