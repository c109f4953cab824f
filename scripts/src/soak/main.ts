import { randomInt } from 'node:crypto'
import { Command, CommanderError } from 'commander'
import {
  ExitCode,
  formatDuration,
  formatTable,
  parseListOption,
  parsePositiveInteger,
  runCli,
  type CliContext,
} from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'
import { repetition, runStory } from './run-story.ts'
import { SOAK_STORIES, type SoakStory } from './stories.ts'

interface Options {
  readonly only?: readonly string[]
  readonly seed?: number
  readonly list: boolean
}

await runCli('soak', async (context) => {
  const options = parse(context)
  if (options === null) return ExitCode.done
  const stories = choose(options.only)
  if (options.list) {
    context.stdout.write(formatTable(stories.map(({ name, what, file }) => ({ name, what, file }))))
    return ExitCode.done
  }
  const results = []
  for (const story of stories) {
    if (context.signal.aborted) break
    results.push(await tell(story, options.seed ?? randomInt(1, 1_000_000), context))
  }
  context.stdout.write(`\n${formatTable(results)}`)
  return results.every(({ result }) => result === 'held') ? ExitCode.done : ExitCode.failed
})

async function tell(story: SoakStory, seed: number, { env, signal, stdout }: CliContext) {
  const repeat = repetition(story, seed)
  stdout.write(`\n${story.name}: ${story.what}\n${repeat}\n`)
  const started = performance.now()
  const hasHeld = await runStory(story, { seed, env, signal })
  const took = formatDuration(performance.now() - started)
  return { story: story.name, result: hasHeld ? 'held' : 'FAILED', took, repeat }
}

function parse({ argv, stdout }: CliContext): Options | null {
  const command = new Command('soak')
    .description('The long forms of the seeded fault tests, one after the other; takes hours.')
    .option('--only <names>', 'only these, comma-separated', parseListOption)
    .option('--seed <n>', 'the seed of each (default: a new one)', parsePositiveInteger)
    .option('--list', 'list them and run none', false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => undefined })
  try {
    return command.parse([...argv], { from: 'user' }).opts<Options>()
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return null
    throw new UsageError(thrown.message.replace(/^error: /, ''), { cause: thrown })
  }
}

function choose(names: readonly string[] | undefined): readonly SoakStory[] {
  const known = SOAK_STORIES.map(({ name }) => name)
  const unknown = names?.filter((name) => !known.includes(name)) ?? []
  if (unknown.length > 0) {
    throw new UsageError(`--only ${unknown.join(',')}: there are ${known.join(', ')}`)
  }
  return SOAK_STORIES.filter(({ name }) => names?.includes(name) ?? true)
}
