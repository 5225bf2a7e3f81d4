/** An object of YAML or JSON, as it was written: nothing in it has been checked. */
export interface Group {
  readonly [name: string]: unknown
}

export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
