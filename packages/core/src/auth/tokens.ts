import { errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../clock/index.ts'

/** Seconds for which a token is good. */
export const TOKEN_SECONDS = 3600

/** Tokens whose signature is remembered to be good, at most. */
const MOST_KNOWN = 10_000
const ALGORITHM = 'HS256'
const ISSUER = 'sigmasight'

/** Whose token it is, or why it is none. */
export type TokenCheck =
  | { readonly ok: true; readonly userId: string }
  | { readonly ok: false; readonly reason: 'expired' | 'invalid' }

/** Issues tokens that say who somebody is, and reads them. They carry an id alone: what the user may do is looked up. */
export interface Tokens {
  issue(userId: string): Promise<string>
  verify(token: string): Promise<TokenCheck>
}

/**
 * JWTs (RFC 7519) signed by HMAC-SHA256.
 *
 * @param secret at least 32 bytes
 */
export function createTokens(secret: string, clock: Clock): Tokens {
  const key = new TextEncoder().encode(secret)
  // To check a signature costs as much as the rest of a request that is answered from memory.
  const known = new Map<string, { readonly userId: string; readonly expiresAt: number }>()
  return {
    async issue(userId) {
      const now = Math.floor(clock.now().toSeconds())
      return new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setSubject(userId)
        .setIssuedAt(now)
        .setExpirationTime(now + TOKEN_SECONDS)
        .sign(key)
    },
    async verify(token) {
      const before = known.get(token)
      if (before !== undefined) {
        const isExpired = before.expiresAt <= Math.floor(clock.now().toSeconds())
        return isExpired ? { ok: false, reason: 'expired' } : { ok: true, userId: before.userId }
      }
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          requiredClaims: ['sub', 'exp'],
          currentDate: clock.now().toJSDate(),
        })
        const { sub: userId = '', exp: expiresAt = 0 } = payload
        if (known.size >= MOST_KNOWN) known.clear()
        known.set(token, { userId, expiresAt })
        return { ok: true, userId }
      } catch (thrown) {
        if (thrown instanceof errors.JWTExpired) return { ok: false, reason: 'expired' }
        if (thrown instanceof errors.JOSEError) return { ok: false, reason: 'invalid' }
        throw thrown
      }
    },
  }
}
