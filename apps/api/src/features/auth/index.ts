import { hashPassword, insertUser, logIn, TOKEN_SECONDS } from '@sigmasight/core/auth'
import { ApiError } from '../../http/api-error.ts'
import { endpoint } from '../../http/endpoint.ts'
import { credentials, registration, tokenSchema, toUserBody, userSchema } from './schemas.ts'

const register = endpoint({
  method: 'POST',
  path: '/auth/register',
  auth: 'none',
  rateLimit: 'credentials',
  summary: 'Open an account',
  body: registration,
  responses: { 201: userSchema },
  problems: { 409: 'Somebody has this e-mail: EMAIL_TAKEN.' },
  async handler({ body, database }) {
    const passwordHash = await hashPassword(body.password)
    const { email, full_name: fullName } = body
    const user = await insertUser(database.db, { email, passwordHash, fullName, isAdmin: false })
    if (user === null)
      throw new ApiError(409, 'EMAIL_TAKEN', 'There is an account with this e-mail.')
    return { status: 201, body: toUserBody(user) }
  },
})

const login = endpoint({
  method: 'POST',
  path: '/auth/login',
  auth: 'none',
  rateLimit: 'credentials',
  summary: 'Log in: a token for an hour',
  body: credentials,
  responses: { 200: tokenSchema },
  problems: { 401: 'The e-mail or the password is wrong: LOGIN_FAILED.' },
  async handler({ body, database, services }) {
    const userId = await logIn(database.db, { ...body, email: body.email.trim() })
    if (userId === null) throw new ApiError(401, 'LOGIN_FAILED', 'E-mail or password is wrong.')
    const access_token = await services.tokens.issue(userId)
    return { status: 200, body: { access_token, token_type: 'bearer', expires_in: TOKEN_SECONDS } }
  },
})

const me = endpoint({
  method: 'GET',
  path: '/auth/me',
  auth: 'user',
  summary: 'Who is logged in',
  responses: { 200: userSchema },
  handler: ({ user }) => ({ status: 200, body: toUserBody(user) }),
})

export const authEndpoints = [register, login, me]
