import { Client } from '../api/client.ts'
import type { Token, User } from '../api/contracts.ts'
import type { Session } from '../session/stored-session.ts'

/** Logs in and finds out who that is. Throws Problem. */
export async function signInWith(
  client: Client,
  credentials: { readonly email: string; readonly password: string },
): Promise<Session> {
  const { access_token: token } = await client.post<Token>('/auth/login', credentials)
  const own = new Client({ token, onUnauthorized: () => undefined })
  return { token, user: await own.get<User>('/auth/me') }
}
