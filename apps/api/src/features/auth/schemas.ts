import { z } from 'zod'
import type { User } from '@sigmasight/core/auth'
import { text } from '../../http/schemas.ts'

/** RFC 5321 allows no longer address. */
const EMAIL_LENGTH = 254
const PASSWORD = { min: 12, max: 200 }

const email = z.string().trim().max(EMAIL_LENGTH).pipe(z.email())

export const registration = z.strictObject({
  email,
  // Every character counts, so that nothing is trimmed.
  password: z.string().min(PASSWORD.min).max(PASSWORD.max),
  full_name: text(200),
})

/** Loose on purpose: what no account can have is a wrong log-in, not a bad request. */
export const credentials = z.strictObject({
  email: z.string().max(1_000),
  password: z.string().max(1_000),
})

export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  full_name: z.string(),
  is_admin: z.boolean(),
})

export const tokenSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.int().meta({ description: 'Seconds.' }),
})

export function toUserBody({ id, email: address, fullName, isAdmin }: User) {
  return { id, email: address, full_name: fullName, is_admin: isAdmin }
}
