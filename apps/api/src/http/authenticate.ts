import { selectUser, type Tokens, type User } from '@sigmasight/core/auth'
import type { Database } from '@sigmasight/core/database'
import { ApiError } from './api-error.ts'
import type { Auth } from './endpoint.ts'

/** For so long a user who was read is believed to be as he was: rights that are taken away end then. */
const BELIEVED_MS = 5_000
/** Users remembered at most. */
const MOST_USERS = 10_000
const BEARER = /^Bearer +([\w.~+/=-]{1,2000})$/i

export interface AuthenticatorParts {
  readonly database: Database
  readonly tokens: Tokens
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
}

/** Finds out who calls, and whether he may. */
export class Authenticator {
  readonly #parts: AuthenticatorParts
  readonly #known = new Map<string, { readonly user: User; readonly until: number }>()

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts
  }

  /**
   * The user whose token the `Authorization` header carries; null where nobody needs to be known.
   *
   * @throws ApiError 401 without a good token, 403 without the right
   */
  async identify(auth: Auth, authorization: string | undefined): Promise<User | null> {
    if (auth === 'none') return null
    const token = BEARER.exec(authorization ?? '')?.[1]
    if (token === undefined) {
      throw unauthenticated('UNAUTHENTICATED', 'Log in and send Authorization: Bearer <token>.', '')
    }
    const checked = await this.#parts.tokens.verify(token)
    if (!checked.ok) {
      throw checked.reason === 'expired'
        ? unauthenticated('TOKEN_EXPIRED', 'The token is over an hour old: log in again.', INVALID)
        : unauthenticated('TOKEN_INVALID', 'The token is none of ours: log in again.', INVALID)
    }
    const user = await this.#userOf(checked.userId)
    if (user === null) {
      throw unauthenticated('TOKEN_INVALID', 'The token is none of ours: log in again.', INVALID)
    }
    if (auth === 'admin' && !user.isAdmin) {
      throw new ApiError(403, 'FORBIDDEN', 'This is for administrators.')
    }
    return user
  }

  async #userOf(id: string): Promise<User | null> {
    const now = this.#parts.now()
    const known = this.#known.get(id)
    if (known !== undefined && known.until > now) return known.user
    const user = await selectUser(this.#parts.database.db, id)
    this.#known.delete(id)
    if (user === null) return null
    if (this.#known.size >= MOST_USERS) this.#known.clear()
    this.#known.set(id, { user, until: now + BELIEVED_MS })
    return user
  }
}

const INVALID = ', error="invalid_token"'

function unauthenticated(code: string, detail: string, challenge: string): ApiError {
  const headers = { 'www-authenticate': `Bearer realm="sigmasight"${challenge}` }
  return new ApiError(401, code, detail, { headers })
}
