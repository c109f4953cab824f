import { Command, CommanderError } from 'commander'
import { ExitCode, runCli, type CliContext } from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'
import type { OpsCommand } from './ops-command.ts'

const COMMANDS = [
  () => import('./migrate.ts'),
  () => import('./sessions.ts'),
  () => import('./env.ts'),
  () => import('./last-runs.ts'),
  () => import('./add-symbols.ts'),
  () => import('./sql.ts'),
  () => import('./schema.ts'),
  () => import('./postgres.ts'),
]

await runCli('ops', async (context) => {
  const program = new Command('ops')
    .description("The operator's commands of SigmaSight.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => undefined })
  let exitCode: number = ExitCode.done
  for (const load of COMMANDS) {
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
