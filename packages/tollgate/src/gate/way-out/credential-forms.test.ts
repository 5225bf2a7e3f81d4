import { expect, it } from 'vitest'
import { withoutCredentialForms } from './credential-forms.ts'

it.each([
  ['Authorization: Bearer sk-live-123456, sent', 'Authorization: Bearer ***, sent'],
  ['basic dXNlcjpwYXNz', 'basic ***'],
  ['bad eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln', 'bad ***'],
  ['postgres://anna:hunter2@db:5432/x and redis://token@cache', 'postgres://***@db:5432/x and redis://***@cache'],
  ['-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----.', '***.'],
  ['cut off: -----BEGIN PRIVATE KEY-----\nMIGH', 'cut off: ***'],
])('%j is %j', (text, shown) => {
  expect(withoutCredentialForms(text, '***')).toBe(shown)
})

it.each(['the bearer of good news', 'https://id.example.com/keys?page=2', 'mail anna@example.com', 'eyJust so', '-----BEGIN CERTIFICATE-----'])('%j stays', (text) => {
  expect(withoutCredentialForms(text, '***')).toBe(text)
})
