/** What a program tells the one who started it. */
export const ExitCode = {
  /** Also with warnings, with nothing to do, or because another run is at it. */
  done: 0,
  failed: 1,
  /** The command line, the environment, the database's address or its schema. */
  badUsage: 2,
  /** A gate timed out or a guard found a breach. */
  aborted: 3,
  /** Stopped cleanly by SIGINT. */
  interrupted: 130,
  /** Stopped cleanly by SIGTERM. */
  terminated: 143,
} as const
