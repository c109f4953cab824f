import { createContext, type ComponentChildren } from 'preact'
import { useContext, useMemo, useState } from 'preact/hooks'
import { Client } from '../api/client.ts'
import type { User } from '../api/contracts.ts'
import { forgetSession, recallSession, rememberSession, type Session } from './stored-session.ts'

interface SessionState {
  readonly user: User | null
  readonly client: Client
  /** Why somebody has to sign in again. */
  readonly notice: string | null
  readonly signIn: (session: Session) => void
  readonly signOut: () => void
}

const SessionContext = createContext<SessionState | null>(null)

/** Who is signed in, in this tab until it is closed. */
export function SessionProvider({ children }: { readonly children: ComponentChildren }) {
  const [session, setSession] = useState<Session | null>(recallSession)
  const [notice, setNotice] = useState<string | null>(null)
  const state = useMemo((): SessionState => {
    const leave = (why: string | null) => {
      forgetSession()
      setSession(null)
      setNotice(why)
    }
    return {
      user: session?.user ?? null,
      notice,
      client: new Client({
        token: session?.token ?? null,
        onUnauthorized: () => {
          leave('Your session has ended. Sign in to go on where you were.')
        },
      }),
      signIn(opened) {
        rememberSession(opened)
        setNotice(null)
        setSession(opened)
      },
      signOut() {
        leave(null)
      },
    }
  }, [session, notice])
  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>
}

export function useSession(): SessionState {
  const state = useContext(SessionContext)
  if (state === null) throw new Error('useSession is called outside of SessionProvider')
  return state
}

export function useClient(): Client {
  return useSession().client
}
