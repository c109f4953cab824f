import { useState } from 'preact/hooks'
import { useSession } from '../session/session-context.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTitle } from '../ui/use-title.ts'
import { RegisterForm } from './register-form.tsx'
import { SignInForm } from './sign-in-form.tsx'

export function SignInPage() {
  const { notice } = useSession()
  const [isNew, setNew] = useState(false)
  useTitle(isNew ? 'Create an account' : 'Sign in')
  return (
    <div class="welcome">
      <div class="pitch">
        <h1>What your long/short book is worth, gained, and is exposed to.</h1>
        <p>
          Upload a CSV of positions and see value, P&amp;L, factor exposures with their error bars,
          stress tests and correlations. They are computed again every night after the close.
        </p>
        <ul>
          <li>Every figure says which session’s prices it rests on.</li>
          <li>What cannot be computed says why, and is never shown as zero.</li>
          <li>
            Start from the <a href="/api/v1/onboarding/csv-template">CSV template</a>.
          </li>
        </ul>
      </div>
      <section class="card" aria-labelledby="door">
        {notice !== null && <Notice tone="info" title={notice} />}
        <h2 id="door">{isNew ? 'Create an account' : 'Sign in'}</h2>
        {isNew ? <RegisterForm /> : <SignInForm />}
        <p class="other-door">
          {isNew ? 'You have an account?' : 'New here?'}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              setNew(!isNew)
            }}
          >
            {isNew ? 'Sign in' : 'Create an account'}
          </button>
        </p>
      </section>
    </div>
  )
}
