import { enableCompileCache } from 'node:module'

// As in symbol-batch: what is loaded after this line is compiled once, and --help loads little.
enableCompileCache()
const { runCli } = await import('@sigmasight/core/cli')
const { parseArgs } = await import('./args.ts')

await runCli('portfolio-refresh', async (context) => {
  const args = parseArgs(context.argv, (text) => context.stdout.write(text))
  if (args === null) return 0
  const { runProgram } = await import('./program.ts')
  return runProgram(args, context)
})
