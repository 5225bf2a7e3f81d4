export interface Product {
  readonly name: string
  readonly category: string
  /** Where it is sold; null while there is no offer. */
  readonly link: string | null
  /** The line that is shown with it. */
  readonly message: string
  /** Lower-case words or phrases that call for it, the most telling first. */
  readonly keywords: readonly string[]
}
