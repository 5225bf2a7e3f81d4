/**
 * Takes what must not be seen out of what an upstream says: an API that refuses a key likes to repeat it. Found as it is, and as JSON and URLs write it; what
 * is compressed or encoded otherwise is not.
 */

/** Shorter ones would be found where they are not meant. */
export const SECRET_CHARS_MIN = 8

export class SecretMask {
  /** Every form of every secret, as bytes in Latin-1, the longest first: one may hold another. */
  readonly #forms: readonly string[]

  constructor(secrets: readonly string[]) {
    this.#forms = [...new Set(secrets.flatMap(formsOf))].map((form) => Buffer.from(form).toString('latin1')).toSorted((one, other) => other.length - one.length)
  }

  get isEmpty(): boolean {
    return this.#forms.length === 0
  }

  headers(headers: readonly string[]): readonly string[] {
    return this.isEmpty ? headers : headers.map((part, at) => (at % 2 === 0 ? part : this.#masked(part, () => '***')))
  }

  body(body: Uint8Array): Uint8Array {
    return this.isEmpty ? body : Buffer.from(this.#masked(Buffer.from(body).toString('latin1'), () => '***'), 'latin1')
  }

  /** For a body that goes through: of the same length, since its length has been said already. Undefined where there is nothing to look for. */
  filter(): SecretFilter | undefined {
    return this.isEmpty ? undefined : new SecretFilter((text) => this.#masked(text, (form) => '*'.repeat(form.length)), this.#forms)
  }

  #masked(text: string, mask: (form: string) => string): string {
    let masked = text
    for (const form of this.#forms) if (masked.includes(form)) masked = masked.replaceAll(form, () => mask(form))
    return masked
  }
}

/** Chunks end anywhere: the beginning of a secret at the end of one waits for the next. */
export class SecretFilter {
  readonly #mask: (text: string) => string
  readonly #forms: readonly string[]
  #waiting = ''

  constructor(mask: (text: string) => string, forms: readonly string[]) {
    this.#mask = mask
    this.#forms = forms
  }

  push(chunk: Buffer): Buffer {
    const text = this.#mask(this.#waiting + chunk.toString('latin1'))
    const keeps = Math.max(...this.#forms.map((form) => beginningAtEnd(text, form)))
    this.#waiting = text.slice(text.length - keeps)
    return Buffer.from(text.slice(0, text.length - keeps), 'latin1')
  }

  /** What still waits, when nothing more comes. */
  end(): Buffer {
    const rest = this.#waiting
    this.#waiting = ''
    return Buffer.from(rest, 'latin1')
  }
}

/** How many characters at the end of `text` are a beginning of `form`. */
function beginningAtEnd(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length > 0; length -= 1) if (text.endsWith(form.slice(0, length))) return length
  return 0
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < SECRET_CHARS_MIN) return []
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), secret.replaceAll('/', String.raw`\/`)]
}
