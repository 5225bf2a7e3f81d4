/** A run as it is kept: figures, with the machine and the versions that they belong to. */

export interface SavedRun {
  readonly atMs: number
  readonly machine: string
  readonly versions: { readonly [name: string]: string }
  readonly secondsEach: number
  readonly cases: readonly SavedCase[]
}

export interface SavedCase {
  readonly name: string
  readonly title: string
  readonly left: readonly string[]
  readonly findings: readonly SavedFinding[]
  readonly contenders: readonly { readonly name: string; readonly measures: { readonly [name: string]: number | null } }[]
}

export interface SavedFinding {
  readonly title: string
  /** JSON has no NaN: null where it could not be computed. */
  readonly value: number | null
  readonly unit: string
  readonly better: 'more' | 'less'
  readonly goal?: { readonly floor: number; readonly stretch: number }
}
