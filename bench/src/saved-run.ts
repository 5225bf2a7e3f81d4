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
  readonly findings: readonly { readonly title: string; readonly value: number | null; readonly unit: string; readonly better: 'more' | 'less'; readonly goal?: { readonly floor: number; readonly stretch: number } }[]
  readonly contenders: readonly { readonly name: string; readonly measures: { readonly [name: string]: number | null } }[]
}
