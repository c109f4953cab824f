import type { User } from '../api/contracts.ts'

export interface Session {
  readonly token: string
  readonly user: User
}

const KEY = 'sigmasight.session'

/** The session that this tab had before it was reloaded. */
export function recallSession(): Session | null {
  try {
    const stored = sessionStorage.getItem(KEY)
    return stored === null ? null : (JSON.parse(stored) as Session)
  } catch {
    // No storage here, or not what we wrote: signed out.
    return null
  }
}

export function rememberSession(session: Session): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(session))
  } catch {
    // Without storage it lasts as long as the page.
    return
  }
}

export function forgetSession(): void {
  try {
    sessionStorage.removeItem(KEY)
  } catch {
    return
  }
}
