import { Problem } from '../api/problem.ts'
import { useSession } from '../session/session-context.tsx'
import { Field } from '../ui/field.tsx'
import { formValues } from '../ui/form-values.ts'
import { ProblemNotice } from '../ui/notice.tsx'
import { useAction } from '../ui/use-action.ts'
import { signInWith } from './sign-in.ts'

const PASSWORD_LENGTH = 12

export function RegisterForm() {
  const { client, signIn } = useSession()
  const { run, isBusy, problem } = useAction(async (form: HTMLFormElement) => {
    const { full_name = '', email = '', password = '' } = formValues(form)
    await client.post('/auth/register', { full_name, email, password })
    signIn(await signInWith(client, { email, password }))
  })
  const errorsOf = (field: string) =>
    problem?.rows.filter((row) => row.field === `body.${field}`) ?? []
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        run(event.currentTarget)
      }}
    >
      {problem !== null && (
        <ProblemNotice title="The account was not created" problem={withoutRows(problem)} />
      )}
      <Field label="Name" errors={errorsOf('full_name')}>
        {(wiring) => (
          <input {...wiring} name="full_name" autocomplete="name" maxLength={200} required />
        )}
      </Field>
      <Field label="E-mail" errors={errorsOf('email')}>
        {(wiring) => (
          <input {...wiring} name="email" type="email" autocomplete="username" required />
        )}
      </Field>
      <Field label="Password" hint="At least 12 characters." errors={errorsOf('password')}>
        {(wiring) => (
          <input
            {...wiring}
            name="password"
            type="password"
            autocomplete="new-password"
            minLength={PASSWORD_LENGTH}
            required
          />
        )}
      </Field>
      <button type="submit" class="primary" disabled={isBusy}>
        {isBusy ? 'Creating…' : 'Create the account'}
      </button>
    </form>
  )
}

/** The rows stand at their fields. */
function withoutRows({ status, code, message, requestId }: Problem): Problem {
  return new Problem({ status, code, detail: message, requestId })
}
