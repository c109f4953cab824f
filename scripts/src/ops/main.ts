import { Command, CommanderError } from 'commander'
import { ExitCode, runCli, type CliContext } from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'
import type { OpsCommand } from './ops-command.ts'

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: OpsCommand }>>> = {
  migrate: () => import('./migrate.ts'),
  sessions: () => import('./sessions.ts'),
  env: () => import('./env.ts'),
  'last-runs': () => import('./last-runs.ts'),
  'add-symbols': () => import('./add-symbols.ts'),
  'seed-demo': () => import('./seed-demo.ts'),
  'create-admin': () => import('./create-admin.ts'),
  'clear-derived': () => import('./clear-derived.ts'),
  'catch-up': () => import('./catch-up.ts'),
  verify: () => import('./verify.ts'),
  doctor: () => import('./doctor.ts'),
  'diagnose-equity-cash': () => import('./diagnose-equity-cash.ts'),
  'verify-demo-portfolios': () => import('./verify-demo-portfolios.ts'),
  sql: () => import('./sql.ts'),
  schema: () => import('./schema.ts'),
  postgres: () => import('./postgres.ts'),
  monitor: () => import('./monitor.ts'),
  'fake-market': () => import('./fake-market.ts'),
}

await runCli('ops', async (context) => {
  const program = new Command('ops')
    .description("The operator's commands of SigmaSight.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => undefined })
  let exitCode: number = ExitCode.done
  for (const load of loadersFor(context.argv)) {
    const { command } = await load()
    register(program, command, context, (code) => (exitCode = code))
  }
  try {
    await program.parseAsync([...context.argv], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return ExitCode.done
    throw new UsageError(`${thrown.message.replace(/^error: /, '')} (--help lists the commands)`, {
      cause: thrown,
    })
  }
  return exitCode
})

function register(
  program: Command,
  command: OpsCommand,
  context: CliContext,
  ended: (code: number) => void,
): void {
  const registered = program.command(command.usage).description(command.description).exitOverride()
  command.configure(registered)
  registered.action(async () => {
    ended(await command.run(registered, context))
  })
}

/** The command that is asked for alone, which spares loading what the others need; all of them for --help. */
function loadersFor([asked = '']: readonly string[]) {
  const load = Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined
  return load === undefined ? Object.values(COMMANDS) : [load]
}
