/** In which header a call carries its key, as far as the challenge of the contract tells. */
import type { DescribedContract } from '../model/described-contract.ts'

export interface CredentialHeader {
  readonly name: string
  /** In front of the key: `Bearer`. */
  readonly scheme: string | undefined
}

export function credentialHeader({ declaration: { authenticate } }: Pick<DescribedContract, 'declaration'>): CredentialHeader | undefined {
  if (authenticate === undefined) return undefined
  return /^bearer\b/i.test(authenticate) ? { name: 'Authorization', scheme: 'Bearer' } : { name: 'X-API-Key', scheme: undefined }
}

/** For command lines: `-H "Authorization: Bearer $API_KEY"`. */
export function credentialFlag(contract: Pick<DescribedContract, 'declaration'>): string {
  const header = credentialHeader(contract)
  return header === undefined ? '' : ` -H "${header.name}: ${header.scheme === undefined ? '' : `${header.scheme} `}$API_KEY"`
}
