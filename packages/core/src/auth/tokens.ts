import { errors, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../clock/index.ts'

/** Seconds for which a token is good. */
export const TOKEN_SECONDS = 3600

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
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          requiredClaims: ['sub', 'exp'],
          currentDate: clock.now().toJSDate(),
        })
        return { ok: true, userId: payload.sub ?? '' }
      } catch (thrown) {
        if (thrown instanceof errors.JWTExpired) return { ok: false, reason: 'expired' }
        if (thrown instanceof errors.JOSEError) return { ok: false, reason: 'invalid' }
        throw thrown
      }
    },
  }
}
