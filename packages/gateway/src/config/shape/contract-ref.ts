/** What the published JSON Schema can say of where a contract is named. */
import { catalog } from 'tollgate/catalog'

/** A shipped contract, or a file. One that is only read cannot answer for an API. */
const contractRefOf = (names: readonly string[]): string => String.raw`^(?:${names.join('|')})$|[/\\]|\.(?:[yY][aA]?[mM][lL]|[jJ][sS][oO][nN])$`
export const spokenRef = contractRefOf(Object.keys(catalog))
export const contractRef = contractRefOf(Object.keys(catalog).filter((name) => catalog[name]?.declaration.decodeOnly !== true))
