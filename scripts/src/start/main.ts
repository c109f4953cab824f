import { Command, CommanderError } from 'commander'
import { ExitCode, runCli } from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'

await runCli('start', async (context) => {
  const command = new Command('start')
    .description(
      'From a bare machine to a running API with portfolios, their P&L and risk, on a synthetic market.',
    )
    .option('--once', 'end after the jobs instead of serving the API', false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => undefined })
  try {
    command.parse([...context.argv], { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return ExitCode.done
    throw new UsageError(thrown.message.replace(/^error: /, ''), { cause: thrown })
  }
  const { runDemo } = await import('./run-demo.ts')
  return runDemo(context, command.opts<{ once: boolean }>())
})
