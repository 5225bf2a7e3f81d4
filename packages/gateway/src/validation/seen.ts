/** Which properties and items some keyword has looked at, for `unevaluatedProperties` and `unevaluatedItems` (JSON Schema 2020-12, section 11). */
export class Seen {
  private readonly names = new Set<string>()
  private readonly items = new Set<number>()
  private firstItems = 0

  addName(name: string): void {
    this.names.add(name)
  }

  addItem(at: number): void {
    this.items.add(at)
  }

  /** All items before this one. */
  addItemsBefore(count: number): void {
    this.firstItems = Math.max(this.firstItems, count)
  }

  hasName(name: string): boolean {
    return this.names.has(name)
  }

  hasItem(at: number): boolean {
    return at < this.firstItems || this.items.has(at)
  }

  add(other: Seen): void {
    for (const name of other.names) this.names.add(name)
    for (const at of other.items) this.items.add(at)
    this.addItemsBefore(other.firstItems)
  }
}
