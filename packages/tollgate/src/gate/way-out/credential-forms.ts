/** What is a credential by its form alone, wherever it stands: in what a service says, in the text of a stranger's error. */

const forms: readonly (readonly [form: RegExp, before: string, after: string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, '', ''],
  [/\b(Bearer|Basic|Digest)\s+[^\s"',;<>]{6,}/gi, '$1 ', ''],
  // Three parts of base64, or what is left of them. Bounded, so that a body full of beginnings is searched in no long time.
  [/\beyJ[\w-]{6,2000}(?:\.[\w-]*){1,4}/g, '', ''],
  // What stands before the host of a URL.
  [/(\w:\/\/)[^\s/@"']+@/g, '$1', '@'],
]

/**
 * The text with `shown` in place of each. What is secret only by its name or its length is for the caller to know.
 *
 * @example
 * withoutCredentialForms('redis://user:hunter2@cache:6379', '…') // => 'redis://…@cache:6379'
 */
export function withoutCredentialForms(text: string, shown: string): string {
  return forms.reduce((before, [form, start, end]) => before.replace(form, `${start}${shown}${end}`), text)
}
