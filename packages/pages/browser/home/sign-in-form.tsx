import { useSession } from '../session/session-context.tsx'
import { Field } from '../ui/field.tsx'
import { formValues } from '../ui/form-values.ts'
import { ProblemNotice } from '../ui/notice.tsx'
import { useAction } from '../ui/use-action.ts'
import { signInWith } from './sign-in.ts'

export function SignInForm() {
  const { client, signIn } = useSession()
  const { run, isBusy, problem } = useAction(async (form: HTMLFormElement) => {
    const { email = '', password = '' } = formValues(form)
    signIn(await signInWith(client, { email, password }))
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        run(event.currentTarget)
      }}
    >
      {problem !== null && <ProblemNotice title="You are not signed in" problem={problem} />}
      <Field label="E-mail">
        {(wiring) => (
          <input {...wiring} name="email" type="email" autocomplete="username" required />
        )}
      </Field>
      <Field label="Password">
        {(wiring) => (
          <input
            {...wiring}
            name="password"
            type="password"
            autocomplete="current-password"
            required
          />
        )}
      </Field>
      <button type="submit" class="primary" disabled={isBusy}>
        {isBusy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  )
}
