/** What a step that validates asks of a request; made by whoever carries the gate, since the library knows no JSON Schema. */

/** What is wrong with a request, in the order in which the schema names its fields. */
export type Issue = {
  /** Dotted path; absent when the whole request is at fault. */
  readonly field?: string
  /** Where the field stands: `body`, `path`, `query`, `header` or `cookie`. */
  readonly in?: string
  /** `required`, `type`, `maxLength`, … (the JSON Schema keyword). */
  readonly rule: string
  /** Says what is wrong: `must be at most 5000 characters`. */
  readonly issue: string
}

/** Returns the issues of a parsed JSON body, most important first; empty when it is fine. `source` is its text. Must not throw. */
export type BodyCheck = (body: unknown, source?: string) => readonly Issue[]

/** What an operation asks of a request, in its body and beside it. */
export interface RequestCheck {
  /** Of path, query, headers and cookies, most important first. Must not throw. */
  parameters(request: CheckedRequest): readonly Issue[]
  /** Absent: the body is not looked at. */
  readonly body?: {
    readonly isRequired: boolean
    /** By the media type without parameters, empty where there is none. `unchecked`: one that is allowed and not JSON. Undefined: not allowed. */
    checkFor(mediaType: string): BodyCheck | FormCheck | 'unchecked' | undefined
  } | undefined
}

/** How a body is read that is a form, and what it must be. Must not throw. */
export interface FormCheck {
  /** `contentType`: with its parameters. Undefined: it is no whole form. */
  read(bytes: Uint8Array, contentType: string): Promise<object | undefined>
  /** Of what was read, most important first. */
  check(form: object): readonly Issue[]
}

/** What is looked at beside a body. */
export interface CheckedRequest {
  /** Path parameters of the route. */
  readonly params: { readonly [name: string]: string }
  /** As it came, without the question mark. */
  readonly query: string
  readonly headers: readonly string[]
}
